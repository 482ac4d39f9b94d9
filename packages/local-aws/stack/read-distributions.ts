import { UnsupportedError } from "../unsupported-error";
import type { Block } from "./block";
import type { Resources } from "./resources";
import type { Bucket, CustomErrorResponse, Distribution, ResponseHeadersPolicy } from "./stack-model";

// Of the managed cache policies the one that passes nothing of a request on to the origin but the path, and keeps objects as
// long as their own Cache-Control says. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

/** The distributions, each with the bucket that it reads. */
export function readDistributions(resources: Resources, buckets: readonly Bucket[]): readonly Distribution[] {
  const accessControls = new Set(readAccessControls(resources));
  const policies = new Map(
    resources.ofType("aws_cloudfront_response_headers_policy").map(readHeadersPolicy(resources)),
  );
  const byDomain = new Map(
    buckets.map((bucket) => [
      resources.lookup(`${bucket.address}.bucket_regional_domain_name`, bucket.address),
      bucket,
    ]),
  );
  return resources.ofType("aws_cloudfront_distribution").map((block): Distribution => {
    const { address } = block;
    if (block.optionalBoolean("enabled") !== true) throw new UnsupportedError(address, "expected enabled = true");
    const origin = block.block("origin");
    const originId = origin.string("origin_id");
    const domain = origin.string("domain_name");
    const bucket = byDomain.get(domain);
    if (bucket === undefined)
      throw new UnsupportedError(
        origin.address,
        `expected the regional domain name of a bucket but received "${domain}"`,
      );
    const accessControl = origin.string("origin_access_control_id");
    if (!accessControls.has(accessControl))
      throw new UnsupportedError(
        origin.address,
        `expected an origin access control of the stack but received "${accessControl}"`,
      );
    origin.end();
    const { methods, policyId } = readBehavior(block.block("default_cache_behavior"), originId);
    const headers = policyId === undefined ? NO_HEADERS : policies.get(policyId);
    if (headers === undefined)
      throw new UnsupportedError(address, `expected a response headers policy of the stack but received "${policyId}"`);
    refuseGeoRestriction(block.block("restrictions"));
    const aliases = block.strings("aliases");
    const errors = block.blocks("custom_error_response").map(readErrorResponse);
    // How it is reached, from where and at what price: here it is plain HTTP on loopback, whatever the certificate is.
    block.withoutLocalMeaning("comment", "http_version", "is_ipv6_enabled", "price_class", "viewer_certificate");
    // Terraform's own waiting.
    block.withoutLocalMeaning("wait_for_deployment", "retain_on_delete");
    block.end();
    const attribute = (name: string) => String(resources.lookup(`${address}.${name}`, address));
    return {
      address,
      arn: attribute("arn"),
      hosts: [attribute("domain_name"), ...aliases],
      bucketName: bucket.name,
      methods,
      headers,
      errors,
    };
  });
}

const NO_HEADERS: ResponseHeadersPolicy = { always: {}, cors: undefined };

function readAccessControls(resources: Resources): readonly string[] {
  return resources.ofType("aws_cloudfront_origin_access_control").map((block) => {
    block.oneOf("origin_access_control_origin_type", ["s3"]);
    // Otherwise S3 would be asked by nobody, or by whoever asks.
    block.oneOf("signing_behavior", ["always"]);
    block.oneOf("signing_protocol", ["sigv4"]);
    block.withoutLocalMeaning("name", "description");
    block.end();
    return String(resources.lookup(`${block.address}.id`, block.address));
  });
}

function readBehavior(behavior: Block, originId: string) {
  const target = behavior.string("target_origin_id");
  if (target !== originId)
    throw new UnsupportedError(behavior.address, `expected the origin "${originId}" but received "${target}"`);
  const methods = behavior.strings("allowed_methods");
  const other = methods.find((method) => method !== "GET" && method !== "HEAD");
  if (other !== undefined)
    throw new UnsupportedError(
      behavior.address,
      `expected GET and HEAD alone but received ${other} in allowed_methods`,
    );
  behavior.oneOf("cache_policy_id", [CACHING_OPTIMIZED]);
  const policyId = behavior.optionalString("response_headers_policy_id");
  // Nothing is cached here, and what CloudFront would compress are no pictures; plain HTTP on loopback counts as HTTPS.
  behavior.withoutLocalMeaning("cached_methods", "compress", "viewer_protocol_policy");
  behavior.end();
  return { methods, policyId };
}

function readErrorResponse(block: Block): CustomErrorResponse {
  const read = {
    errorCode: block.optionalWhole("error_code", 400, 599) ?? 0,
    responseCode: block.optionalWhole("response_code", 200, 599),
    pagePath: block.optionalString("response_page_path"),
  };
  // Nothing is cached here, errors neither.
  block.withoutLocalMeaning("error_caching_min_ttl");
  block.end();
  const { errorCode, responseCode, pagePath } = read;
  // https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CustomErrorResponse.html
  if ((responseCode === undefined) !== (pagePath === undefined))
    throw new UnsupportedError(block.address, "expected both response_code and response_page_path, or neither of them");
  if (responseCode === undefined || pagePath === undefined) return { errorCode };
  if (!pagePath.startsWith("/"))
    throw new UnsupportedError(block.address, `expected response_page_path to begin with / but received "${pagePath}"`);
  return { errorCode, page: { status: responseCode, path: pagePath } };
}

function refuseGeoRestriction(restrictions: Block): void {
  const geo = restrictions.block("geo_restriction");
  geo.oneOf("restriction_type", ["none"]);
  geo.end();
  restrictions.end();
}

const readHeadersPolicy = (resources: Resources) => (block: Block) => {
  const security = block.optionalBlock("security_headers_config");
  const cors = block.optionalBlock("cors_config");
  const policy: ResponseHeadersPolicy = {
    always: security === undefined ? {} : readSecurityHeaders(security),
    cors: cors === undefined ? undefined : readCors(cors),
  };
  block.withoutLocalMeaning("name", "comment");
  block.end();
  return [String(resources.lookup(`${block.address}.id`, block.address)), policy] as const;
};

function readSecurityHeaders(block: Block): Readonly<Record<string, string>> {
  const options = block.optionalBlock("content_type_options");
  const transport = block.optionalBlock("strict_transport_security");
  // S3 says none of these headers by itself, so that there is nothing to override.
  options?.withoutLocalMeaning("override");
  options?.end();
  const seconds = transport?.optionalWhole("access_control_max_age_sec", 0, 2_147_483_647);
  const strict = [
    `max-age=${seconds}`,
    ...(transport?.optionalBoolean("include_subdomains") === true ? ["includeSubDomains"] : []),
    ...(transport?.optionalBoolean("preload") === true ? ["preload"] : []),
  ];
  transport?.withoutLocalMeaning("override");
  transport?.end();
  block.end();
  return {
    ...(options && { "x-content-type-options": "nosniff" }),
    ...(transport && { "strict-transport-security": strict.join("; ") }),
  };
}

function readCors(block: Block): ResponseHeadersPolicy["cors"] {
  const items = (name: string) => {
    const list = block.optionalBlock(name);
    const read = list?.strings("items") ?? [];
    list?.end();
    return read;
  };
  const cors = {
    allowOrigins: items("access_control_allow_origins"),
    exposeHeaders: items("access_control_expose_headers"),
    allowCredentials: block.optionalBoolean("access_control_allow_credentials") ?? false,
  };
  // Said in answers to preflights alone, and a distribution of GET and HEAD gives none.
  block.withoutLocalMeaning(
    "access_control_allow_headers",
    "access_control_allow_methods",
    "access_control_max_age_sec",
  );
  if (block.optionalBoolean("origin_override") !== true)
    throw new UnsupportedError(block.address, "expected origin_override = true");
  block.end();
  return cors;
}
