import type { Json, JsonObject } from "../json";
import { readStack } from "../stack/load-stack";

const ENDPOINTS = { apiUrl: "http://127.0.0.1:3000", awsUrl: "http://127.0.0.1:4566" };
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

type Part = Readonly<Record<string, Json>>;

const ORIGIN: Part = {
  origin_id: "pictures",
  domain_name: "${aws_s3_bucket.b.bucket_regional_domain_name}",
  origin_access_control_id: "${aws_cloudfront_origin_access_control.o.id}",
};
const BEHAVIOR: Part = {
  target_origin_id: "pictures",
  viewer_protocol_policy: "redirect-to-https",
  allowed_methods: ["GET", "HEAD"],
  cached_methods: ["GET", "HEAD"],
  cache_policy_id: CACHING_OPTIMIZED,
  response_headers_policy_id: "${aws_cloudfront_response_headers_policy.h.id}",
  compress: true,
};
const CONTROL: Part = {
  name: "pictures",
  origin_access_control_origin_type: "s3",
  signing_behavior: "always",
  signing_protocol: "sigv4",
};
const HEADERS: Part = { name: "pictures", security_headers_config: { content_type_options: { override: true } } };
const CORS: Part = {
  access_control_allow_credentials: false,
  access_control_allow_headers: { items: ["*"] },
  access_control_allow_methods: { items: ["GET"] },
  access_control_allow_origins: { items: ["*"] },
  origin_override: true,
};
const OBJECT: Part = { bucket: "${aws_s3_bucket.b.id}", key: "404.txt", content: "Not found" };

interface Changes {
  readonly distribution?: Part;
  readonly origin?: Part;
  readonly behavior?: Part;
  readonly control?: Part;
  readonly headers?: Part;
  readonly object?: Part;
  readonly error?: Part;
}

/** A stack with one distribution, in which some arguments are others; null takes one away. */
function read({ distribution, origin, behavior, control, headers, object, error }: Changes = {}) {
  const stack: JsonObject = {
    "//": { metadata: { stackName: "a-stack" } },
    provider: { aws: [{ region: "eu-central-1", allowed_account_ids: ["111111111111"] }] },
    resource: {
      aws_s3_bucket: { b: { bucket: "pictures" } },
      aws_s3_object: { n: { ...OBJECT, ...object } },
      aws_cloudfront_origin_access_control: { o: { ...CONTROL, ...control } },
      aws_cloudfront_response_headers_policy: { h: { ...HEADERS, ...headers } },
      aws_cloudfront_distribution: {
        d: {
          enabled: true,
          origin: [{ ...ORIGIN, ...origin }],
          default_cache_behavior: { ...BEHAVIOR, ...behavior },
          restrictions: { geo_restriction: { restriction_type: "none" } },
          viewer_certificate: { cloudfront_default_certificate: true },
          ...(error && { custom_error_response: [error] }),
          ...distribution,
        },
      },
    },
  };
  return readStack(stack, "/stack", ENDPOINTS);
}

const D = "aws_cloudfront_distribution.d";
const H = "aws_cloudfront_response_headers_policy.h";

describe("the distribution of a stack", () => {
  it("reads its bucket, as the ARN that its id makes", () => {
    expect(read().distributions).toEqual([
      {
        address: D,
        arn: expect.stringMatching(/^arn:aws:cloudfront::111111111111:distribution\/E[0-9A-Z]{10}$/),
        hosts: [expect.stringMatching(/^e[0-9a-z]{10}\.cloudfront\.net$/)],
        bucketName: "pictures",
        methods: ["GET", "HEAD"],
        headers: { always: { "x-content-type-options": "nosniff" }, cors: undefined },
        errors: [],
      },
    ]);
  });

  it("has names of its own beside CloudFront's", () => {
    const [distribution] = read({ distribution: { aliases: ["pictures.example.com"] } }).distributions;
    expect(distribution?.hosts).toEqual([expect.stringMatching(/cloudfront/), "pictures.example.com"]);
  });

  it.each([
    [{ error_code: 403, error_caching_min_ttl: 2 }, { errorCode: 403 }],
    [
      { error_code: 403, response_code: 404, response_page_path: "/404.txt" },
      { errorCode: 403, page: { status: 404, path: "/404.txt" } },
    ],
  ])("says in the place of errors what %j says", (error, expected) => {
    expect(read({ error }).distributions[0]?.errors).toEqual([expected]);
  });

  it.each([
    [{}, undefined],
    [{ cors_config: CORS }, { allowOrigins: ["*"], exposeHeaders: [], allowCredentials: false }],
    [
      { cors_config: { ...CORS, access_control_expose_headers: { items: ["ETag"] } } },
      { allowOrigins: ["*"], exposeHeaders: ["ETag"], allowCredentials: false },
    ],
  ])("has CORS as %j says", (headers, expected) => {
    expect(read({ headers }).distributions[0]?.headers.cors).toEqual(expected);
  });

  it.each([
    [{ access_control_max_age_sec: 9, override: true }, "max-age=9"],
    [
      { access_control_max_age_sec: 9, include_subdomains: true, preload: true, override: true },
      "max-age=9; includeSubDomains; preload",
    ],
  ])("has strict transport security as %j says", (strict, expected) => {
    const headers = { security_headers_config: { strict_transport_security: strict } };
    expect(read({ headers }).distributions[0]?.headers.always).toEqual({ "strict-transport-security": expected });
  });

  it("may have no policy of headers", () => {
    const [distribution] = read({ behavior: { response_headers_policy_id: null } }).distributions;
    expect(distribution?.headers).toEqual({ always: {}, cors: undefined });
  });

  it("comes with the objects of the stack", () => {
    expect(read({ object: { cache_control: "max-age=2", content_type: "text/plain" } }).objects).toEqual([
      {
        address: "aws_s3_object.n",
        bucketName: "pictures",
        key: "404.txt",
        content: "Not found",
        headers: { "content-type": "text/plain", "cache-control": "max-age=2" },
      },
    ]);
  });

  it.each<readonly [string, Changes, string]>([
    ["one that is off", { distribution: { enabled: false } }, `${D}: expected enabled = true`],
    [
      "a second origin",
      { distribution: { origin: [{ ...ORIGIN }, { ...ORIGIN }] } },
      `${D}: expected at most one origin block`,
    ],
    [
      "an origin that is no bucket of the stack",
      { origin: { domain_name: "example.com" } },
      `${D}.origin: expected the regional domain name of a bucket but received "example.com"`,
    ],
    [
      "an origin that is asked without a signature",
      { origin: { origin_access_control_id: null } },
      `${D}.origin: expected a string for origin_access_control_id but received nothing`,
    ],
    [
      "another stack's origin access control",
      { origin: { origin_access_control_id: "E2" } },
      `${D}.origin: expected an origin access control of the stack but received "E2"`,
    ],
    [
      "an origin's path",
      { origin: { origin_path: "/a" } },
      `${D}.origin: the local runner does not understand the argument "origin_path"`,
    ],
    [
      "a signature now and then",
      { control: { signing_behavior: "no-override" } },
      'aws_cloudfront_origin_access_control.o: expected always for signing_behavior but received "no-override"',
    ],
    [
      "a behaviour of another origin",
      { behavior: { target_origin_id: "other" } },
      `${D}.default_cache_behavior: expected the origin "pictures" but received "other"`,
    ],
    [
      "writing",
      { behavior: { allowed_methods: ["GET", "HEAD", "PUT"] } },
      `${D}.default_cache_behavior: expected GET and HEAD alone but received PUT in allowed_methods`,
    ],
    [
      "another cache policy",
      { behavior: { cache_policy_id: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" } },
      `${D}.default_cache_behavior: expected ${CACHING_OPTIMIZED} for cache_policy_id`,
    ],
    [
      "signed addresses",
      { behavior: { trusted_key_groups: ["k"] } },
      `${D}.default_cache_behavior: the local runner does not understand the argument "trusted_key_groups"`,
    ],
    [
      "functions at the edge",
      { behavior: { function_association: [{}] } },
      `${D}.default_cache_behavior: the local runner does not understand the argument "function_association"`,
    ],
    [
      "another stack's policy of headers",
      { behavior: { response_headers_policy_id: "p" } },
      `${D}: expected a response headers policy of the stack but received "p"`,
    ],
    [
      "other paths",
      { distribution: { ordered_cache_behavior: [{}] } },
      `${D}: the local runner does not understand the argument "ordered_cache_behavior"`,
    ],
    [
      "a root object",
      { distribution: { default_root_object: "index.html" } },
      `${D}: the local runner does not understand the argument "default_root_object"`,
    ],
    [
      "some countries",
      { distribution: { restrictions: { geo_restriction: { restriction_type: "whitelist", locations: ["DE"] } } } },
      `${D}.restrictions.geo_restriction: expected none for restriction_type but received "whitelist"`,
    ],
    [
      "a code without a page, as CloudFront does",
      { error: { error_code: 403, response_code: 404 } },
      `${D}.custom_error_response: expected both response_code and response_page_path, or neither of them`,
    ],
    [
      "a page without a slash, as CloudFront does",
      { error: { error_code: 403, response_code: 404, response_page_path: "404.txt" } },
      `${D}.custom_error_response: expected response_page_path to begin with / but received "404.txt"`,
    ],
    [
      "headers it does not know",
      { headers: { custom_headers_config: { items: [] } } },
      `${H}: the local runner does not understand the argument "custom_headers_config"`,
    ],
    [
      "security headers it does not know",
      { headers: { security_headers_config: { frame_options: { frame_option: "DENY", override: true } } } },
      `${H}.security_headers_config: the local runner does not understand the argument "frame_options"`,
    ],
    [
      "CORS that S3 may contradict",
      { headers: { cors_config: { ...CORS, origin_override: false } } },
      `${H}.cors_config: expected origin_override = true`,
    ],
    [
      "an object of another bucket",
      { object: { bucket: "other" } },
      'aws_s3_object.n: expected a bucket of the stack but received "other"',
    ],
    [
      "an object from a file",
      { object: { content: null, source: "a.txt" } },
      "aws_s3_object.n: expected a string for content but received nothing",
    ],
    [
      "an object with an ACL",
      { object: { acl: "public-read" } },
      'aws_s3_object.n: the local runner does not understand the argument "acl"',
    ],
  ])("is refused with its address: %s", (_what, changes, message) => {
    expect(() => read(changes)).toThrow(message);
  });
});
