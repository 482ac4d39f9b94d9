import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { crc32 } from "node:zlib";
import { AwsError } from "../aws-error";

/** Header to digest; S3 knows CRC-32C and CRC-64/NVME too, which Node does not compute. */
const CHECKSUMS: Readonly<Record<string, (payload: Buffer) => string>> = {
  "x-amz-checksum-crc32": (payload) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(payload));
    return bytes.toString("base64");
  },
  "x-amz-checksum-sha1": (payload) => createHash("sha1").update(payload).digest("base64"),
  "x-amz-checksum-sha256": (payload) => createHash("sha256").update(payload).digest("base64"),
};

/**
 * Compares a payload with the digests that its signature and Content-MD5 give, as S3 does.
 * @throws AwsError XAmzContentSHA256Mismatch, InvalidDigest, BadDigest
 */
export function checkPayload(payload: Buffer, headers: IncomingHttpHeaders): void {
  const signed = headers["x-amz-content-sha256"]?.toString() ?? "";
  if (/^[0-9a-f]{64}$/.test(signed) && createHash("sha256").update(payload).digest("hex") !== signed) {
    throw new AwsError(
      "XAmzContentSHA256Mismatch",
      400,
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  const md5 = headers["content-md5"]?.toString();
  if (md5 !== undefined && !/^[A-Za-z0-9+/]{22}==$/.test(md5))
    throw new AwsError("InvalidDigest", 400, "The Content-MD5 you specified is not valid.");
  if (md5 !== undefined && createHash("md5").update(payload).digest("base64") !== md5)
    throw new AwsError("BadDigest", 400, "The Content-MD5 you specified did not match what we received.");
}

/**
 * Compares a payload with its checksums, as S3 does.
 * @throws AwsError BadDigest
 */
export function checkChecksums(payload: Buffer, headers: IncomingHttpHeaders): void {
  for (const [header, digest] of Object.entries(CHECKSUMS)) {
    const declared = headers[header];
    if (declared === undefined || digest(payload) === declared) continue;
    const name = header.slice("x-amz-checksum-".length).toUpperCase();
    throw new AwsError("BadDigest", 400, `The ${name} you specified did not match the calculated checksum.`);
  }
}
