import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { ChecksumAlgorithm } from "./store/version";

/** A checksum that is computed piece by piece. */
export interface RunningChecksum {
  update(piece: Buffer): void;
  /** In Base64. */
  digest(): string;
}

/** Begins a checksum. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  switch (algorithm) {
    case "CRC32":
      return new Crc32();
    case "CRC32C":
      return new Crc32c();
    case "CRC64NVME":
      return new Crc64();
    case "SHA1":
    case "SHA256": {
      const hash = createHash(algorithm);
      return { update: (piece) => void hash.update(piece), digest: () => hash.digest("base64") };
    }
  }
}

/** The header in which a checksum comes and goes. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
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

const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** Castagnoli's polynomial: https://www.rfc-editor.org/rfc/rfc3720 (12.1). */
class Crc32c implements RunningChecksum {
  #value = 0xffffffff;

  update(piece: Buffer): void {
    let value = this.#value;
    for (const byte of piece) value = (CRC32C_TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
    this.#value = value;
  }

  digest(): string {
    return bigEndian(~this.#value >>> 0);
  }
}

const CRC64_TABLE = (() => {
  const [high, low] = [new Uint32Array(256), new Uint32Array(256)];
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
    high[byte] = Number(value >> 32n);
    low[byte] = Number(value & 0xffffffffn);
  }
  return { high, low };
})();

/** The polynomial of NVMe, reflected: NVM Command Set Specification 1.0c (5.2.1.3.4). Two halves of 32 bits. */
class Crc64 implements RunningChecksum {
  #high = 0xffffffff;
  #low = 0xffffffff;

  update(piece: Buffer): void {
    let [high, low] = [this.#high, this.#low];
    for (const byte of piece) {
      const index = (low ^ byte) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (CRC64_TABLE.low[index] ?? 0);
      high = (high >>> 8) ^ (CRC64_TABLE.high[index] ?? 0);
    }
    [this.#high, this.#low] = [high, low];
  }

  digest(): string {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(~this.#high >>> 0);
    bytes.writeUInt32BE(~this.#low >>> 0, 4);
    return bytes.toString("base64");
  }
}

function bigEndian(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString("base64");
}
