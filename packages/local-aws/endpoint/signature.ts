import { createHash, timingSafeEqual } from "node:crypto";
import { hmac, signingKey } from "./signing-key";

/** The parts of an HTTP request that a signature covers. */
export interface SignableRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What a signed request says about its signature, from the Authorization header or from a presigned query. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  /** `20261121/eu-central-1/s3/aws4_request` */
  readonly scope: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20261121T220000Z`, or a Date header as it came: so it is signed. */
  readonly date: string;
  /** The same in epoch milliseconds. */
  readonly time: number;
  readonly sessionToken?: string;
  /** Seconds, when presigned. */
  readonly expiresSeconds?: number;
}

/** The algorithm of Signature Version 4. */
export const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * Whether the signature is the one the secret gives for this request.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureMatches(
  request: SignableRequest,
  claimed: SignatureClaim,
  secretAccessKey: string,
  payloadHash: string,
): boolean {
  const expected = Buffer.from(signatureOf(request, claimed, secretAccessKey, payloadHash));
  const actual = Buffer.from(claimed.signature);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** The signature that a secret gives for a request. */
export function signatureOf(
  request: SignableRequest,
  claimed: Pick<SignatureClaim, "scope" | "service" | "date" | "signedHeaders">,
  secretAccessKey: string,
  payloadHash: string,
): string {
  const { stringToSign } = signedTexts(request, claimed, payloadHash);
  return hmac(signingKey(secretAccessKey, claimed.scope), stringToSign).toString("hex");
}

/** What is signed, and the request as it goes into that: S3 shows them to who signed something else. */
export function signedTexts(
  { method, url, headers }: SignableRequest,
  claimed: Pick<SignatureClaim, "scope" | "service" | "date" | "signedHeaders">,
  payloadHash: string,
) {
  const [path = ""] = url.split("?", 1);
  const canonicalRequest = [
    method,
    canonicalPath(path, claimed.service),
    canonicalQuery(url),
    ...claimed.signedHeaders.map((name) => `${name}:${(textOf(headers[name]) ?? "").trim().replace(/ +/g, " ")}`),
    "",
    claimed.signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
  const stringToSign = [ALGORITHM, claimed.date, claimed.scope, sha256(canonicalRequest)].join("\n");
  return { canonicalRequest, stringToSign };
}

/** SHA-256 in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Every service but S3 encodes the path once more. */
function canonicalPath(path: string, service: string): string {
  const once = path.split("/").map((part) => encode(decodeURIComponent(part)));
  return (service === "s3" ? once : once.map(encode)).join("/");
}

function canonicalQuery(url: string): string {
  return queryPairs(url)
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
}

/** The first value of each parameter, as everyone else takes it. */
export function queryOf(url: string): Map<string, string> {
  return new Map(queryPairs(url).toReversed());
}

/** As it came: URLSearchParams would turn a plus sign into a space. A name may come twice, and all of it is signed. */
function queryPairs(url: string): (readonly [string, string])[] {
  const start = url.indexOf("?");
  const pairs =
    start < 0
      ? []
      : url
          .slice(start + 1)
          .split("&")
          .filter(Boolean);
  return pairs.map((pair) => {
    const equals = pair.indexOf("=");
    const [name, value] = equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
    return [decodeURIComponent(name), decodeURIComponent(value)] as const;
  });
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** All values of a header as one. */
export function textOf(value: string | readonly string[] | undefined): string | undefined {
  return value === undefined || typeof value === "string" ? value : value.join(",");
}
