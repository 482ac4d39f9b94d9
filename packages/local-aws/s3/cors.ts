import type { IncomingHttpHeaders } from "node:http";
import { matchesPattern } from "@image-pipeline/iam-policy";
import { AwsError } from "../aws-error";
import type { CorsRule } from "../stack/stack-model";
import type { S3Answer } from "./s3-answer";

const VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

/**
 * The answer to a preflight request: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html
 * @throws AwsError AccessForbidden, BadRequest
 */
export function preflight(rules: readonly CorsRule[], headers: IncomingHttpHeaders): S3Answer {
  const { origin } = headers;
  const method = headers["access-control-request-method"]?.toString();
  if (origin === undefined)
    throw new AwsError("BadRequest", 400, "Insufficient information. Origin request header needed.");
  if (method === undefined) throw new AwsError("BadRequest", 400, "Invalid Access-Control-Request-Method: null");
  if (rules.length === 0)
    throw new AwsError("AccessForbidden", 403, "CORSResponse: CORS is not enabled for this bucket.");
  const asked = (headers["access-control-request-headers"]?.toString() ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  const rule = rules.find((each) => allows(each, origin, method) && asked.every((name) => allowsHeader(each, name)));
  if (rule === undefined) {
    throw new AwsError(
      "AccessForbidden",
      403,
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    );
  }
  return {
    status: 200,
    headers: {
      ...said(rule, origin),
      ...(asked.length > 0 && { "access-control-allow-headers": asked.join(", ") }),
      ...(rule.maxAgeSeconds !== undefined && { "access-control-max-age": String(rule.maxAgeSeconds) }),
    },
  };
}

/** What lets a page read the answer to a request of its own. */
export function corsHeaders(
  rules: readonly CorsRule[],
  headers: IncomingHttpHeaders,
  method: string,
): Record<string, string> {
  const { origin } = headers;
  const rule = origin === undefined ? undefined : rules.find((each) => allows(each, origin, method));
  return rule === undefined || origin === undefined ? {} : said(rule, origin);
}

function allows({ allowedOrigins, allowedMethods }: CorsRule, origin: string, method: string): boolean {
  return allowedMethods.includes(method) && allowedOrigins.some((allowed) => matchesPattern(allowed, origin));
}

function allowsHeader({ allowedHeaders }: CorsRule, name: string): boolean {
  return allowedHeaders.some((allowed) => matchesPattern(allowed.toLowerCase(), name));
}

function said({ allowedOrigins, allowedMethods, exposeHeaders }: CorsRule, origin: string): Record<string, string> {
  const everyone = allowedOrigins.includes("*");
  return {
    "access-control-allow-origin": everyone ? "*" : origin,
    "access-control-allow-methods": allowedMethods.join(", "),
    ...(exposeHeaders.length > 0 && { "access-control-expose-headers": exposeHeaders.join(", ") }),
    ...(!everyone && { "access-control-allow-credentials": "true" }),
    vary: VARY,
  };
}
