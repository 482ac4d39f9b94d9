import { AwsError } from "../aws-error";
import { ALGORITHM, queryOf, type SignableRequest, type SignatureClaim, textOf } from "./signature";

const QUERY_PARAMETERS = [
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Signature",
  "X-Amz-Date",
  "X-Amz-SignedHeaders",
  "X-Amz-Expires",
] as const;

/**
 * Reads what a request says of its signature; undefined for one that is not signed. What cannot be read is refused in S3's words.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 * @throws AwsError InvalidArgument, InvalidRequest, AccessDenied, AuthorizationHeaderMalformed, AuthorizationQueryParametersError
 */
export function readClaim({ url, headers }: SignableRequest): SignatureClaim | undefined {
  const authorization = textOf(headers.authorization);
  const query = queryOf(url);
  const presigned = query.has("X-Amz-Algorithm");
  if (!authorization) {
    if (!presigned && query.has("AWSAccessKeyId") && query.has("Signature")) throw versionTwo();
    return presigned ? presignedClaim(query) : undefined;
  }
  const details = { ArgumentName: "Authorization", ArgumentValue: authorization };
  const refused = (message: string) => new AwsError("InvalidArgument", 400, message, {}, details);
  if (presigned || query.has("Signature"))
    throw refused(
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
    );
  const [scheme = "", fields] = authorization.split(/ (.*)/s);
  if (fields === undefined) throw refused("Authorization header is invalid -- one and only one ' ' (space) required");
  if (scheme.toUpperCase() === "AWS") {
    if (/^[^:]*:[^:]+$/.test(fields)) throw versionTwo();
    throw refused("AWS authorization header is invalid.  Expected AwsAccessKeyId:signature");
  }
  if (scheme.toUpperCase() !== ALGORITHM) throw refused("Unsupported Authorization Type");
  return signedClaim(fields, headers);
}

/** By the Authorization header. */
function signedClaim(fields: string, headers: SignableRequest["headers"]): SignatureClaim {
  // What is signed of a Date header is its text as it came: https://github.com/ceph/s3-tests/issues/346
  const date = textOf(headers["x-amz-date"] ?? headers.date) ?? "";
  const time = timeOf(date) ?? (headers["x-amz-date"] === undefined ? httpTimeOf(date) : undefined);
  if (time === undefined)
    throw new AwsError("AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header");
  const field = (name: string) => new RegExp(`(?:^|[,\\s])${name}=([^,\\s]+)`).exec(fields)?.[1];
  const [credential, signedHeaders, signature] = ["Credential", "SignedHeaders", "Signature"].map(field);
  if (credential === undefined || signedHeaders === undefined || signature === undefined) {
    const message =
      "The authorization header is malformed; the authorization header requires three components: Credential, SignedHeaders, and Signature.";
    throw new AwsError("AuthorizationHeaderMalformed", 400, message);
  }
  const sessionToken = textOf(headers["x-amz-security-token"]);
  return { ...claimOf(credential, signedHeaders, sessionToken), signature, date, time };
}

/** By the query of a presigned URL. */
function presignedClaim(query: ReadonlyMap<string, string>): SignatureClaim {
  if (query.get("X-Amz-Algorithm") !== ALGORITHM)
    throw queryError('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"');
  const missing = QUERY_PARAMETERS.some((name) => !query.has(name));
  if (missing)
    throw queryError(
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    );
  const [, credential, signature, date, signedHeaders, expires] = QUERY_PARAMETERS.map((name) => query.get(name) ?? "");
  const time = timeOf(date ?? "");
  if (time === undefined) throw queryError("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  if (!/^-?\d+$/.test(expires ?? "")) throw queryError("X-Amz-Expires should be a number");
  const claim = claimOf(credential ?? "", signedHeaders ?? "", query.get("X-Amz-Security-Token"));
  return { ...claim, signature: signature ?? "", date: date ?? "", time, expiresSeconds: Number(expires) };
}

function claimOf(credential: string, signedHeaders: string, sessionToken: string | undefined) {
  const [accessKeyId = "", ...scope] = credential.split("/");
  const [, region = "", service = ""] = scope;
  return {
    accessKeyId,
    scope: scope.join("/"),
    region,
    service,
    signedHeaders: signedHeaders.split(";"),
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

/** Epoch milliseconds of `20261121T220000Z`; undefined for anything else, and for what was before there were any. */
function timeOf(date: string): number | undefined {
  if (!/^\d{8}T\d{6}Z$/.test(date)) return undefined;
  return sinceEpoch(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

/** Epoch milliseconds of `Sat, 21 Nov 2026 22:00:00 GMT`. */
function httpTimeOf(date: string): number | undefined {
  return /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} [\d:]{8} (GMT|UTC|[+-]0000)$/.test(date)
    ? sinceEpoch(date)
    : undefined;
}

function sinceEpoch(date: string): number | undefined {
  const time = Date.parse(date);
  return time >= 0 ? time : undefined;
}

/** Signature Version 2, which no region has that was added since 2014: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v2.html */
export function versionTwo(): AwsError {
  const message = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";
  return new AwsError("InvalidRequest", 400, message);
}

function queryError(message: string): AwsError {
  return new AwsError("AuthorizationQueryParametersError", 400, message);
}
