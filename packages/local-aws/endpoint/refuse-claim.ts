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
 * What AWS refuses of a signature without computing it: a scope that is not that of the call, headers it does not cover, a
 * moment it is not valid at.
 * @throws AwsError in S3's codes
 */
export function refuseClaim(claim: SignatureClaim, headers: SignableRequest["headers"], called: Called): void {
  refuseScope(claim, called);
  const unsigned = Object.keys(headers).filter(
    (name) => (name === "host" || name.startsWith("x-amz-")) && !claim.signedHeaders.includes(name),
  );
  if (unsigned.length > 0) {
    throw new AwsError(
      "AccessDenied",
      403,
      `There were headers present in the request which were not signed: ${unsigned.join(", ")}`,
    );
  }
  const ageMs = Date.now() - timeOf(claim.date);
  if (claim.expiresSeconds === undefined) refuseSkew(ageMs);
  else refuseExpiry(ageMs, claim.expiresSeconds);
}

function refuseScope({ scope, date, expiresSeconds }: SignatureClaim, called: Called): void {
  const [day, region, service] = scope.split("/");
  const today = date.slice(0, 8);
  const problem =
    (region !== called.region && `the region '${region}' is wrong; expecting '${called.region}'`) ||
    (service !== called.service && `incorrect service "${service}". This endpoint belongs to "${called.service}".`) ||
    (day !== today && `Invalid credential date "${day}". This date is not the same as X-Amz-Date: "${today}".`);
  if (!problem) return;
  // Clients of S3 that do not know a bucket's region learn it here.
  const said = region === called.region || called.service !== "s3" ? {} : { "x-amz-bucket-region": called.region };
  throw expiresSeconds === undefined
    ? new AwsError("AuthorizationHeaderMalformed", 400, `The authorization header is malformed; ${problem}`, said)
    : parameterError(`Error parsing the X-Amz-Credential parameter; ${problem}`);
}

function refuseSkew(ageMs: number): void {
  if (Math.abs(ageMs) <= MAX_SKEW_MS) return;
  throw new AwsError(
    "RequestTimeTooSkewed",
    403,
    "The difference between the request time and the current time is too large.",
  );
}

function refuseExpiry(ageMs: number, expiresSeconds: number): void {
  if (!(expiresSeconds >= 1 && expiresSeconds <= MAX_EXPIRES_SECONDS))
    throw parameterError(`X-Amz-Expires must be between 1 and ${MAX_EXPIRES_SECONDS} seconds`);
  if (!(ageMs >= -MAX_SKEW_MS)) throw new AwsError("AccessDenied", 403, "Request is not valid yet");
  if (ageMs > expiresSeconds * 1000) throw new AwsError("AccessDenied", 403, "Request has expired");
}

function parameterError(message: string): AwsError {
  return new AwsError("AuthorizationQueryParametersError", 400, message);
}

/** Epoch milliseconds of `20261121T220000Z`; NaN, which nothing is within reach of, for anything else. */
function timeOf(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}
