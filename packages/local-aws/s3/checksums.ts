import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AwsError } from "../aws-error";
import { Crc, crcTable } from "./crc";
import { joinedCrc } from "./joined-crc";
import type { Body } from "./store/body";
import { CHECKSUM_ALGORITHMS, type Checksum, type ChecksumAlgorithm } from "./store/version";

/**
 * What S3 computes of what comes without a checksum, and keeps: "if objects are uploaded without a checksum, S3 automatically
 * attaches the recommended full object CRC-64/NVME (CRC64NVME) checksum algorithm to the object".
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export const DEFAULT_CHECKSUM = "CRC64NVME";

/** A checksum that is computed piece by piece. */
export interface RunningChecksum {
  update(piece: Buffer): void;
  /** In Base64. */
  digest(): string;
}

/** Reflected, as the names of their standards have them. */
const POLYNOMIALS = {
  /** https://www.rfc-editor.org/rfc/rfc1952 (8) */
  CRC32: 0xedb88320n,
  /** https://www.rfc-editor.org/rfc/rfc3720 (12.1) */
  CRC32C: 0x82f63b78n,
  /** NVM Command Set Specification 1.0c (5.2.1.3.4) */
  CRC64NVME: 0x9a6c9329ac4bc9b5n,
};
const CRC32C = crcTable(POLYNOMIALS.CRC32C);
const CRC64NVME = crcTable(POLYNOMIALS.CRC64NVME);

/** Begins a checksum. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  switch (algorithm) {
    case "CRC32":
      return new Crc32();
    case "CRC32C":
      return new Crc(CRC32C, 32);
    case "CRC64NVME":
      return new Crc(CRC64NVME, 64);
    case "SHA1":
    case "SHA256": {
      const hash = createHash(algorithm);
      return { update: (piece) => void hash.update(piece), digest: () => hash.digest("base64") };
    }
  }
}

/** The checksum of all bytes of a body. */
export async function checksumOf(body: Body, algorithm: ChecksumAlgorithm): Promise<string> {
  const running = startChecksum(algorithm);
  for await (const piece of body.chunks()) running.update(piece);
  return running.digest();
}

/** The checksum of parts one behind the other, of their own; undefined where there is no way but to read them again. */
export function joinedChecksum(
  algorithm: ChecksumAlgorithm,
  parts: readonly { readonly bytes: number; readonly checksum: Checksum | undefined }[],
): string | undefined {
  if (algorithm === "SHA1" || algorithm === "SHA256") return undefined;
  const stretches = parts.flatMap(({ bytes, checksum }) => {
    return checksum?.algorithm === algorithm ? [{ bytes, value: checksum.value }] : [];
  });
  if (stretches.length < parts.length) return undefined;
  return joinedCrc(POLYNOMIALS[algorithm], algorithm === "CRC64NVME" ? 64 : 32, stretches);
}

/** The algorithm that a request names. @throws AwsError InvalidRequest for one that S3 does not have */
export function checksumAlgorithm(name: string): ChecksumAlgorithm {
  const known = CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name.toUpperCase());
  if (known !== undefined) return known;
  const message = `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${CHECKSUM_ALGORITHMS.join(", ")}]`;
  throw new AwsError("InvalidRequest", 400, message);
}

/** The header in which a checksum comes and goes. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

const BYTES: Readonly<Record<ChecksumAlgorithm, number>> = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 };

/** @throws AwsError InvalidRequest for what is no checksum of the algorithm, in Base64 */
export function requireChecksumValue(value: string, algorithm: ChecksumAlgorithm): void {
  const bytes = Buffer.from(value, "base64");
  if (bytes.toString("base64") === value && bytes.length === BYTES[algorithm]) return;
  throw new AwsError("InvalidRequest", 400, `Value for ${checksumHeader(algorithm)} header is invalid.`);
}

class Crc32 implements RunningChecksum {
  #value = 0;

  update(piece: Buffer): void {
    this.#value = crc32(piece, this.#value);
  }

  digest(): string {
    return bigEndian(this.#value);
  }
}

function bigEndian(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString("base64");
}
