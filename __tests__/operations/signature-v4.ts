import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";

const hash = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();

/**
 * Why the request's Signature Version 4 would be refused by AWS, or undefined when it is right.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureFault(request: IncomingMessage, body: Buffer, secretAccessKey: string): string | undefined {
  const authorization = request.headers.authorization ?? "";
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/[^/]+\/[^/]+\/aws4_request), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (match === null) return `not a Signature Version 4: ${authorization}`;
  const [, , scope = "", signedHeaders = "", signature] = match;
  const signed = signedHeaders.split(";");
  const unsigned = Object.keys(request.headers).filter(
    (name) => (name === "host" || name.startsWith("x-amz-")) && !signed.includes(name),
  );
  if (unsigned.length > 0) return `not signed: ${unsigned.join(", ")}`;

  const declared = request.headers["x-amz-content-sha256"];
  const payload = declared === undefined ? hash(body) : String(declared);
  if (payload !== "UNSIGNED-PAYLOAD" && payload !== hash(body))
    return `x-amz-content-sha256 is not the body's: ${payload}`;

  const canonicalHeaders = signed.map(
    (name) => `${name}:${String(request.headers[name]).trim().replace(/ +/g, " ")}\n`,
  );
  const canonical = [request.method, request.url, "", canonicalHeaders.join(""), signedHeaders, payload].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hash(canonical)].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${secretAccessKey}`);
  return hmac(key, toSign).toString("hex") === signature ? undefined : `signature differs for:\n${canonical}`;
}
