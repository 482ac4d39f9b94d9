import { createHash } from "node:crypto";
import { checkChecksums, checkPayload } from "../s3/payload-digest";

const PAYLOAD = Buffer.from("a picture");
const digest = (algorithm: string, encoding: "hex" | "base64") =>
  createHash(algorithm).update(PAYLOAD).digest(encoding);

const compare = (payload: Buffer, headers: Record<string, string>) => {
  checkPayload(payload, headers);
  checkChecksums(payload, headers);
};

describe("checkPayload and checkChecksums", () => {
  const mismatch = (code: string, message: string) => expect.objectContaining({ code, statusCode: 400, message });

  it.each([
    [{}],
    [{ "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }],
    [{ "x-amz-content-sha256": digest("sha256", "hex") }],
    [{ "content-md5": digest("md5", "base64") }],
    [{ "x-amz-checksum-crc32": "39Bz6A==" }],
    [{ "x-amz-checksum-sha1": digest("sha1", "base64") }],
    [{ "x-amz-checksum-sha256": digest("sha256", "base64") }],
  ])("takes what is as %j says", (headers) => {
    expect(() => compare(PAYLOAD, headers)).not.toThrow();
  });

  it("does not take another payload for the one that was signed", () => {
    expect(() => checkPayload(Buffer.from("another"), { "x-amz-content-sha256": digest("sha256", "hex") })).toThrow(
      mismatch(
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      ),
    );
  });

  it.each([
    ["content-md5", digest("md5", "base64"), "The Content-MD5 you specified did not match what we received."],
    ["x-amz-checksum-crc32", "39Bz6A==", "The CRC32 you specified did not match the calculated checksum."],
    ["x-amz-checksum-sha1", digest("sha1", "base64"), "The SHA1 you specified did not match the calculated checksum."],
    [
      "x-amz-checksum-sha256",
      digest("sha256", "base64"),
      "The SHA256 you specified did not match the calculated checksum.",
    ],
  ])("refuses a payload with the %s of another", (header, value, message) => {
    expect(() => compare(Buffer.from("another"), { [header]: value })).toThrow(mismatch("BadDigest", message));
  });

  it.each(["zz", "AAAA", "A".repeat(24)])("does not take %s for an MD5", (md5) => {
    expect(() => checkPayload(PAYLOAD, { "content-md5": md5 })).toThrow(
      mismatch("InvalidDigest", "The Content-MD5 you specified is not valid."),
    );
  });
});
