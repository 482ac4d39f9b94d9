import { AwsError } from "../aws-error";
import type { SignableRequest, SignatureClaim } from "./signature";

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
const MAX_EXPIRES_SECONDS = 604_800;
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html: "within 15 minutes"
const MAX_SKEW_MS = 15 * 60 * 1000;

/** The part of AWS that a request went to. */
export interface Called {
  readonly region: string;
  readonly service: "s3" | "states" | "lambda" | "sqs" | "execute-api";
}

/**
 * What AWS refuses of a signature before it looks the key up: a moment it is not valid at, a scope that is not that of the call.
 * @throws AwsError in S3's codes
 */
export function refuseClaim(claim: SignatureClaim, called: Called): void {
  if (claim.expiresSeconds === undefined) refuseSkew(claim);
  else refuseExpiry(claim, claim.expiresSeconds);
  refuseScope(claim, called);
}

/** @throws AwsError for headers that a signature does not cover and has to */
export function refuseUnsigned({ signedHeaders }: SignatureClaim, headers: SignableRequest["headers"]): void {
  const unsigned = Object.keys(headers).filter(
    (name) => (name === "host" || name.startsWith("x-amz-")) && !signedHeaders.includes(name),
  );
  if (unsigned.length === 0) return;
  const message = `There were headers present in the request which were not signed: ${unsigned.join(", ")}`;
  throw new AwsError("AccessDenied", 403, message, {}, { HeadersNotSigned: unsigned.join(", ") });
}

function refuseScope({ scope, time, expiresSeconds }: SignatureClaim, called: Called): void {
  const [day = "", region = "", service, terminal, ...more] = scope.split("/");
  const today = new Date(time).toISOString().slice(0, 10).replaceAll("-", "");
  const inHeader = expiresSeconds === undefined;
  const problem =
    ((terminal === undefined || more.length > 0) &&
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".') ||
    (region === "" && "a non-empty region must be provided in the credential.") ||
    (region !== called.region && `the region '${region}' is wrong; expecting '${called.region}'`) ||
    (service !== called.service && `incorrect service "${service}". This endpoint belongs to "${called.service}".`) ||
    (terminal !== "aws4_request" && `incorrect terminal "${terminal}". This endpoint uses "aws4_request".`) ||
    (day !== today && inHeader && "Invalid credential date. Date is not the same as X-Amz-Date.");
  if (!problem) {
    if (day === today) return;
    throw queryError(`Invalid credential date "${day}". This date is not the same as X-Amz-Date: "${today}".`);
  }
  // Clients of S3 that do not know a bucket's region learn it here.
  const wrongRegion = region !== "" && region !== called.region && called.service === "s3";
  const said = wrongRegion ? { "x-amz-bucket-region": called.region } : {};
  throw inHeader
    ? new AwsError("AuthorizationHeaderMalformed", 400, `The authorization header is malformed; ${problem}`, said)
    : queryError(`Error parsing the X-Amz-Credential parameter; ${problem}`, said);
}

function refuseSkew({ date, time }: SignatureClaim): void {
  const now = Date.now();
  if (Math.abs(now - time) <= MAX_SKEW_MS) return;
  const message = "The difference between the request time and the current time is too large.";
  throw new AwsError(
    "RequestTimeTooSkewed",
    403,
    message,
    {},
    { RequestTime: date, ServerTime: second(now), MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS) },
  );
}

function refuseExpiry({ time }: SignatureClaim, expiresSeconds: number): void {
  if (expiresSeconds < 0) throw queryError("X-Amz-Expires must be non-negative");
  if (expiresSeconds > MAX_EXPIRES_SECONDS)
    throw queryError(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${MAX_EXPIRES_SECONDS} seconds`,
    );
  const now = Date.now();
  const details = { Expires: second(time + expiresSeconds * 1000), ServerTime: second(now) };
  if (time - now > MAX_SKEW_MS)
    throw new AwsError("AccessDenied", 403, "Request is not yet valid", {}, { "X-Amz-Date": String(time), ...details });
  if (now - time > expiresSeconds * 1000)
    throw new AwsError(
      "AccessDenied",
      403,
      "Request has expired",
      {},
      { "X-Amz-Expires": String(expiresSeconds), ...details },
    );
}

function queryError(message: string, headers: Readonly<Record<string, string>> = {}): AwsError {
  return new AwsError("AuthorizationQueryParametersError", 400, message, headers);
}

function second(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
