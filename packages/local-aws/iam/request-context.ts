import type { Principal, RequestContext } from "@image-pipeline/iam-policy";

/** What conditions may ask of any request on this machine. Plain HTTP on loopback counts as TLS, or no policy could be tried. */
export function requestContext(
  place: { readonly region: string; readonly accountId: string },
  principal: Principal,
  more: RequestContext = {},
): RequestContext {
  const now = new Date();
  return {
    "aws:currenttime": now.toISOString(),
    "aws:epochtime": String(Math.floor(now.getTime() / 1000)),
    "aws:requestedregion": place.region,
    "aws:resourceaccount": place.accountId,
    "aws:securetransport": "true",
    "s3:tlsversion": "1.3",
    "aws:sourceip": "127.0.0.1",
    "aws:principalisawsservice": String(principal.kind === "service"),
    ...(principal.kind === "service" && { "aws:principalservicename": principal.name }),
    ...(principal.kind === "role" && { "aws:principalarn": principal.arn, "aws:principaltype": "AssumedRole" }),
    ...(principal.kind === "operator" && {
      "aws:principalarn": principal.arn,
      "aws:principaltype": "User",
      "aws:username": principal.arn.replace(/^.*\//, ""),
    }),
    ...(principal.kind === "anonymous" && { "aws:principaltype": "Anonymous" }),
    ...(principal.kind !== "service" && principal.kind !== "anonymous" && { "aws:principalaccount": place.accountId }),
    ...more,
  };
}
