import type { IncomingHttpHeaders } from "node:http";
import { matchesPattern } from "@image-pipeline/iam-policy";
import type { ResponseHeadersPolicy } from "../stack/stack-model";

/**
 * What the policy adds to an answer: its security headers always, those of CORS to a request that has an origin which it
 * allows. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
 */
export function policyHeaders(
  { always, cors }: ResponseHeadersPolicy,
  asked: IncomingHttpHeaders,
): Record<string, string> {
  const { origin } = asked;
  if (cors === undefined) return { ...always };
  const everyone = cors.allowOrigins.includes("*");
  // A cache must not give one origin's answer to another.
  const vary = everyone ? {} : { vary: "Origin" };
  if (origin === undefined || !(everyone || cors.allowOrigins.some((allowed) => matchesPattern(allowed, origin))))
    return { ...always, ...vary };
  return {
    ...always,
    ...vary,
    "access-control-allow-origin": everyone ? "*" : origin,
    ...(cors.exposeHeaders.length > 0 && { "access-control-expose-headers": cors.exposeHeaders.join(",") }),
    ...(cors.allowCredentials && { "access-control-allow-credentials": "true" }),
  };
}
