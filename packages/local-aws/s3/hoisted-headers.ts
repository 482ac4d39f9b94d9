import type { IncomingHttpHeaders } from "node:http";

const OF_THE_SIGNATURE =
  /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256)$/;
// S3 passes over them there: https://github.com/localstack/localstack/issues/12169, https://github.com/aws/aws-sdk-go-v2/issues/2610
const IGNORED = /^x-amz-(checksum-.*|sdk-checksum-algorithm|user-agent)$/;

/**
 * The headers in the query of a presigned request: SDKs move them there, and to S3 they are headers all the same.
 * https://github.com/aws/aws-sdk-ruby/issues/1808
 */
export function hoistedHeaders(url: string): IncomingHttpHeaders {
  if (!url.includes("X-Amz-Signature=")) return {};
  const query = new URLSearchParams(url.slice(url.indexOf("?") + 1));
  return Object.fromEntries(
    [...query]
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => name.startsWith("x-amz-") && !OF_THE_SIGNATURE.test(name) && !IGNORED.test(name)),
  );
}
