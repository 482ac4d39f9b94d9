/** A stretch of bytes: its CRC in Base64, and how long it is. */
export interface CheckedStretch {
  readonly value: string;
  readonly bytes: number;
}

/**
 * The CRC of stretches one behind the other, in Base64, of those of each: reading them again would give the same.
 * As crc32_combine does: https://github.com/madler/zlib/blob/v1.3.1/crc32.c
 * @param polynomial reflected
 */
export function joinedCrc(polynomial: bigint, bits: 32 | 64, stretches: readonly CheckedStretch[]): string {
  const one = 1n << BigInt(bits - 1);
  /** The product of two polynomials modulo the one of the CRC; the highest bit is that of x^0. */
  const times = (a: bigint, b: bigint): bigint => {
    let [product, factor] = [0n, b];
    for (let bit = one; bit > 0n; bit >>= 1n) {
      if (a & bit) product ^= factor;
      factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
    }
    return product;
  };
  /** What so many bytes behind it make of a CRC: x to the power of their bits. */
  const shifted = (bytes: number): bigint => {
    let [power, square] = [one, one >> 1n];
    for (let left = bytes * 8; left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) power = times(square, power);
      square = times(square, square);
    }
    return power;
  };
  // Parts are mostly as long as one another.
  const shifts = new Map<number, bigint>();
  let joined = 0n;
  for (const { value, bytes } of stretches) {
    const shift = shifts.get(bytes) ?? shifted(bytes);
    shifts.set(bytes, shift);
    joined = times(shift, joined) ^ BigInt(`0x${Buffer.from(value, "base64").toString("hex")}`);
  }
  return Buffer.from(joined.toString(16).padStart(bits / 4, "0"), "hex").toString("base64");
}
