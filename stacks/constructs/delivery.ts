import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control";
import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { Construct } from "constructs";
import type { Environment } from "../../environments/environment";
import { NOT_FOUND_KEY } from "../../environments/names";
import type { PrivateBucket } from "./private-bucket";

export interface DeliveryProps {
  /** Of the origin access control and of the policy of headers, each of which an account has once under a name. */
  readonly name: string;
  readonly delivery: Exclude<Environment["delivery"], "none">;
  readonly resized: PrivateBucket;
}

const ORIGIN_ID = "resized";

// The managed policy CachingOptimized: an object's own Cache-Control counts, and neither query, header nor cookie makes another object.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

// A rendition comes a second or two after its source: what is not there must not be missing for longer than that because
// someone looked too early. Not 0, so that a page that many look at asks S3 once in that time and not for each of them.
const NOT_FOUND_SECONDS = 2;

// One year, as browsers' own lists ask for it. Of this name alone, for what else is below the domain is not known here.
const STRICT_TRANSPORT_SECONDS = 31_536_000;

// What to show until a picture is there, and which it is.
const EXPOSED_HEADERS = ["ETag", "x-amz-meta-source-color", "x-amz-meta-source-placeholder"];

const READING = ["GET", "HEAD"];

/** Delivers a bucket's objects to browsers over HTTPS, from near to them; nothing else may read the bucket for it. */
export class Delivery extends Construct {
  /** Where the objects are, without a slash at the end. */
  readonly url: string;
  /** The distribution's own name, which DNS has at once; undefined where `url` has it. */
  readonly distributionDomainName: string | undefined;

  constructor(scope: Construct, id: string, { name, delivery, resized }: DeliveryProps) {
    super(scope, id);
    const { bucket } = resized;

    const access = new CloudfrontOriginAccessControl(this, "access", {
      name,
      description: "Signs what CloudFront asks of the bucket",
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });

    const headers = new CloudfrontResponseHeadersPolicy(this, "headers", {
      name,
      securityHeadersConfig: {
        contentTypeOptions: { override: true },
        strictTransportSecurity: { accessControlMaxAgeSec: STRICT_TRANSPORT_SECONDS, override: true },
      },
      ...(delivery.cors && {
        corsConfig: {
          accessControlAllowOrigins: { items: [...delivery.cors.allowOrigins] },
          accessControlAllowMethods: { items: READING },
          // Asked about in preflights alone, and CloudFront answers none: what GET and HEAD of a picture need goes without.
          accessControlAllowHeaders: { items: ["*"] },
          accessControlExposeHeaders: { items: EXPOSED_HEADERS },
          accessControlAllowCredentials: false,
          originOverride: true,
        },
      }),
    });

    // S3 says 403 of a key that is not there, for it says 404 to none but who may list the bucket; and CloudFront says 404
    // in its place only together with a page.
    // https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CustomErrorResponse.html
    const notFound = new S3Object(this, "not-found", {
      bucket: bucket.id,
      key: NOT_FOUND_KEY,
      content: "Not found\n",
      contentType: "text/plain; charset=utf-8",
      // Browsers keep a 404, too, and without this for as long as they like.
      cacheControl: `public, max-age=${NOT_FOUND_SECONDS}`,
      // An object takes 10 tags, and an environment may have more.
      overrideProvider: { defaultTags: { tags: {} } },
      dependsOn: resized.readyForObjects,
    });

    const distribution = new CloudfrontDistribution(this, "distribution", {
      comment: name,
      enabled: true,
      isIpv6Enabled: true,
      httpVersion: "http2and3",
      // From everywhere: the regions of an environment are on all continents, and so may be who looks at its pictures.
      priceClass: "PriceClass_All",
      ...(delivery.domainName !== undefined && { aliases: [delivery.domainName] }),
      origin: [{ originId: ORIGIN_ID, domainName: bucket.bucketRegionalDomainName, originAccessControlId: access.id }],
      defaultCacheBehavior: {
        targetOriginId: ORIGIN_ID,
        // No picture goes out without TLS in either case. A refusal would be a 403, which may become, as below, a picture
        // that is not there (AWS does not say whether CloudFront's own do); a redirect shows it, and HSTS keeps the browser
        // from asking that way again.
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: READING,
        cachedMethods: READING,
        cachePolicyId: CACHING_OPTIMIZED,
        responseHeadersPolicyId: headers.id,
        compress: true,
      },
      customErrorResponse: [
        {
          errorCode: 403,
          responseCode: 404,
          responsePagePath: `/${notFound.key}`,
          errorCachingMinTtl: NOT_FOUND_SECONDS,
        },
      ],
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate:
        delivery.certificateArn === undefined
          ? { cloudfrontDefaultCertificate: true }
          : {
              acmCertificateArn: delivery.certificateArn,
              sslSupportMethod: "sni-only",
              minimumProtocolVersion: "TLSv1.2_2021",
            },
    });

    resized.letIn({
      Sid: "ReadByTheDistribution",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: `${bucket.arn}/*`,
      // Without it, every distribution of every account could read the bucket.
      // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
      Condition: { StringEquals: { "aws:SourceArn": distribution.arn } },
    });

    this.distributionDomainName = delivery.domainName === undefined ? undefined : distribution.domainName;
    this.url = `https://${delivery.domainName ?? distribution.domainName}`;
  }
}
