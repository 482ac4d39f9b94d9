import type { Environment } from "../../../environments/environment";
import { NOT_FOUND_KEY } from "../../../environments/names";
import { only, synthesized } from "../../support/synthesized";

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
const OWN_NAME = { domainName: "pictures.example.com", certificateArn: CERTIFICATE };

const delivered = (delivery: Environment["delivery"] = {}) => synthesized({ delivery });
const distribution = (delivery?: Environment["delivery"]) => only(delivered(delivery), "aws_cloudfront_distribution");
const headers = (delivery?: Environment["delivery"]) =>
  only(delivered(delivery), "aws_cloudfront_response_headers_policy");

describe("Delivery", () => {
  it("is not made where an environment asks for none", () => {
    const { resource, output } = synthesized({ delivery: "none" });
    expect(Object.keys(resource).filter((type) => /cloudfront|s3_object/.test(type))).toEqual([]);
    expect(output.delivery_url).toBeUndefined();
    expect(JSON.stringify(resource)).not.toContain("cloudfront");
  });

  it("reads the bucket of the renditions, signed, at its own region", () => {
    expect(distribution().origin).toEqual([
      {
        domain_name: expect.stringMatching(/^\$\{aws_s3_bucket\.resized_bucket_\w+\.bucket_regional_domain_name\}$/),
        origin_access_control_id: expect.stringMatching(/^\$\{aws_cloudfront_origin_access_control\.\w+\.id\}$/),
        origin_id: "resized",
      },
    ]);
    expect(only(delivered(), "aws_cloudfront_origin_access_control")).toMatchObject({
      origin_access_control_origin_type: "s3",
      signing_behavior: "always",
      signing_protocol: "sigv4",
    });
  });

  it("is let in by the bucket of the renditions, by the ARN of the distribution, and by no other bucket", () => {
    const policies = Object.entries(delivered().resource.aws_s3_bucket_policy ?? {}).map(
      ([name, { policy }]) => [name, JSON.parse(String(policy)).Statement] as const,
    );
    const allows = policies.flatMap(([name, statements]) =>
      statements
        .filter(({ Effect }: { Effect: string }) => Effect === "Allow")
        .map((statement: unknown) => [name.replace(/_[0-9A-F]{8}$/, ""), statement]),
    );
    expect(allows).toEqual([
      [
        "resized_policy",
        {
          Sid: "ReadByTheDistribution",
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: "s3:GetObject",
          Resource: expect.stringMatching(/^\$\{aws_s3_bucket\.resized_bucket_\w+\.arn\}\/\*$/),
          Condition: {
            StringEquals: {
              "aws:SourceArn": expect.stringMatching(/^\$\{aws_cloudfront_distribution\.delivery_\w+\.arn\}$/),
            },
          },
        },
      ],
    ]);
    // What the bucket denied before it denies still.
    expect(policies.map(([, statements]) => statements.length).sort()).toEqual([2, 3]);
  });

  it("reads and nothing else, over HTTPS, HTTP/3 and IPv6 too, as long as an object's own Cache-Control says", () => {
    expect(distribution()).toMatchObject({
      enabled: true,
      http_version: "http2and3",
      is_ipv6_enabled: true,
      default_cache_behavior: {
        allowed_methods: ["GET", "HEAD"],
        cached_methods: ["GET", "HEAD"],
        cache_policy_id: "658327ea-f89d-4fab-a63d-7e88639e58f6",
        viewer_protocol_policy: "redirect-to-https",
      },
    });
  });

  it("answers 404 to what is not there, and forgets it in seconds, in browsers as well", () => {
    const { custom_error_response } = distribution();
    expect(custom_error_response).toEqual([
      {
        error_caching_min_ttl: 2,
        error_code: 403,
        response_code: 404,
        response_page_path: expect.stringMatching(/^\/\$\{aws_s3_object\.delivery_not-found_\w+\.key\}$/),
      },
    ]);
    expect(only(delivered(), "aws_s3_object")).toMatchObject({
      bucket: expect.stringMatching(/^\$\{aws_s3_bucket\.resized_bucket_\w+\.id\}$/),
      key: NOT_FOUND_KEY,
      cache_control: "public, max-age=2",
    });
  });

  it("writes that page when objects have versions and are encrypted as the bucket says", () => {
    expect(only(delivered(), "aws_s3_object").depends_on).toEqual([
      expect.stringMatching(/^aws_s3_bucket_server_side_encryption_configuration\.resized_encryption_\w+$/),
      expect.stringMatching(/^aws_s3_bucket_versioning\.resized_versioning_\w+$/),
    ]);
  });

  it("keeps the page of what is not there under a key that no rendition has", () => {
    expect(NOT_FOUND_KEY).not.toContain("-");
  });

  it("lists nothing: neither the bucket nor a page in its place", () => {
    expect(JSON.stringify(delivered().resource.aws_s3_bucket_policy)).not.toContain("ListBucket");
    expect(distribution()).not.toHaveProperty("default_root_object");
  });

  it("lets browsers guess no type and ask for it without HTTPS no second time", () => {
    expect(headers().security_headers_config).toEqual({
      content_type_options: { override: true },
      strict_transport_security: { access_control_max_age_sec: 31_536_000, override: true },
    });
  });

  it.each([
    [{}, undefined],
    [
      { cors: { allowOrigins: ["https://shop.example"] } },
      {
        access_control_allow_credentials: false,
        access_control_allow_headers: { items: ["*"] },
        access_control_expose_headers: {
          items: ["ETag", "x-amz-meta-source-color", "x-amz-meta-source-placeholder"],
        },
        access_control_allow_methods: { items: ["GET", "HEAD"] },
        access_control_allow_origins: { items: ["https://shop.example"] },
        origin_override: true,
      },
    ],
  ])("lets scripts of other origins read as %j says", (delivery, expected) => {
    expect(headers(delivery).cors_config).toEqual(expected);
  });

  it("has CloudFront's name without one of its own", () => {
    expect(distribution().viewer_certificate).toEqual({ cloudfront_default_certificate: true });
    expect(distribution()).not.toHaveProperty("aliases");
    expect(delivered().output.delivery_url?.value).toMatch(
      /^https:\/\/\$\{aws_cloudfront_distribution\.\w+\.domain_name\}$/,
    );
    expect(delivered().output.delivery_domain_name).toBeUndefined();
  });

  it("has its own name with a certificate, and then no TLS older than 1.2", () => {
    expect(distribution(OWN_NAME)).toMatchObject({
      aliases: ["pictures.example.com"],
      viewer_certificate: {
        acm_certificate_arn: CERTIFICATE,
        minimum_protocol_version: "TLSv1.2_2021",
        ssl_support_method: "sni-only",
      },
    });
    expect(delivered(OWN_NAME).output.delivery_url?.value).toBe("https://pictures.example.com");
    expect(delivered(OWN_NAME).output.delivery_domain_name?.value).toMatch(
      /^\$\{aws_cloudfront_distribution\.\w+\.domain_name\}$/,
    );
  });

  it("needs no second provider", () => {
    expect(Object.keys(delivered(OWN_NAME).provider)).toEqual(["aws"]);
    expect(delivered(OWN_NAME).provider.aws).toHaveLength(1);
  });
});
