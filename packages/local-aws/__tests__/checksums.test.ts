import fc from "fast-check";
import { checksumAlgorithm, joinedChecksum, startChecksum } from "../s3/checksums";
import { CHECKSUM_ALGORITHMS } from "../s3/store/version";

const BYTES = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const CRCS = [
  ["CRC32", 0xedb88320n, 32n],
  ["CRC32C", 0x82f63b78n, 32n],
  ["CRC64NVME", 0x9a6c9329ac4bc9b5n, 64n],
] as const;

/** Bit by bit, as a CRC is defined. */
function plainCrc(bytes: Buffer, polynomial: bigint, bits: bigint): string {
  const ones = (1n << bits) - 1n;
  let value = ones;
  for (const byte of bytes) {
    value ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
  }
  return Buffer.from((value ^ ones).toString(16).padStart(Number(bits) / 4, "0"), "hex").toString("base64");
}

function checksum(algorithm: (typeof CHECKSUM_ALGORITHMS)[number], ...pieces: readonly Buffer[]): string {
  const running = startChecksum(algorithm);
  for (const piece of pieces) running.update(piece);
  return running.digest();
}

describe("checksums", () => {
  it.each(CRCS)(
    "of %s are those of its polynomial, in whatever pieces the bytes come",
    (algorithm, polynomial, bits) => {
      fc.assert(
        fc.property(fc.array(BYTES, { maxLength: 4 }), (pieces) => {
          expect(checksum(algorithm, ...pieces)).toBe(plainCrc(Buffer.concat(pieces), polynomial, bits));
        }),
      );
    },
  );

  it.each(CRCS)("of %s join to that of the whole", (algorithm) => {
    fc.assert(
      fc.property(fc.array(BYTES, { maxLength: 5 }), (parts) => {
        const checked = parts.map((part) => ({
          bytes: part.length,
          checksum: { algorithm, type: "FULL_OBJECT" as const, value: checksum(algorithm, part) },
        }));
        expect(joinedChecksum(algorithm, checked)).toBe(checksum(algorithm, ...parts));
      }),
    );
  });

  it("do not join where a part has none, or where the whole has to be read", () => {
    const part = { bytes: 1, checksum: { algorithm: "SHA1", type: "COMPOSITE", value: "x" } } as const;

    expect(joinedChecksum("SHA1", [part])).toBeUndefined();
    expect(joinedChecksum("CRC32", [part])).toBeUndefined();
    expect(joinedChecksum("CRC32", [{ bytes: 1, checksum: undefined }])).toBeUndefined();
  });

  it("have names in either case, and no others than S3 has", () => {
    expect(checksumAlgorithm("crc64nvme")).toBe("CRC64NVME");
    expect(() => checksumAlgorithm("MD5")).toThrow(
      `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${CHECKSUM_ALGORITHMS.join(", ")}]`,
    );
  });
});
