/** How many bytes go into the checksum in one step. */
const STEP = 8;

/** What each of the bytes of a step adds, in two halves of 32 bits: the first byte's 256 values are the last. */
export interface CrcTable {
  readonly low: Int32Array;
  readonly high: Int32Array;
}

/** Slicing by 8: https://create.stephan-brumme.com/crc32/#slicing-by-8-overview @param polynomial reflected, of at most 64 bits */
export function crcTable(polynomial: bigint): CrcTable {
  const [low, high] = [new Int32Array(STEP * 256), new Int32Array(STEP * 256)];
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte);
    for (let at = byte; at < STEP * 256; at += 256) {
      for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
      low[at] = Number(BigInt.asIntN(32, value));
      high[at] = Number(BigInt.asIntN(32, value >> 32n));
    }
  }
  return { low, high };
}

/** A reflected CRC of 32 or 64 bits that begins and ends with all of them turned over. */
export class Crc {
  #low = -1;
  #high: number;

  constructor(
    private readonly table: CrcTable,
    private readonly bits: 32 | 64,
  ) {
    this.#high = bits === 64 ? -1 : 0;
  }

  update(piece: Buffer): void {
    const { low: lows, high: highs } = this.table;
    let [low, high] = [this.#low, this.#high];
    // Its numbers are read faster than a Buffer's.
    const view = new DataView(piece.buffer, piece.byteOffset, piece.length);
    const steps = piece.length - (piece.length % STEP);
    let at = 0;
    for (; at < steps; at += STEP) {
      const first = low ^ view.getInt32(at, true);
      const second = high ^ view.getInt32(at + 4, true);
      const a = 1792 + (first & 0xff);
      const b = 1536 + ((first >>> 8) & 0xff);
      const c = 1280 + ((first >>> 16) & 0xff);
      const d = 1024 + (first >>> 24);
      const e = 768 + (second & 0xff);
      const f = 512 + ((second >>> 8) & 0xff);
      const g = 256 + ((second >>> 16) & 0xff);
      const h = second >>> 24;
      low = at8(lows, a, b, c, d, e, f, g, h);
      high = at8(highs, a, b, c, d, e, f, g, h);
    }
    for (; at < piece.length; at++) {
      const index = (low ^ view.getUint8(at)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (lows[index] ?? 0);
      high = (high >>> 8) ^ (highs[index] ?? 0);
    }
    [this.#low, this.#high] = [low, high];
  }

  digest(): string {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32BE(~this.#high);
    bytes.writeInt32BE(~this.#low, 4);
    return bytes.subarray(8 - this.bits / 8).toString("base64");
  }
}

function at8(
  table: Int32Array,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
): number {
  return (
    (table[a] ?? 0) ^
    (table[b] ?? 0) ^
    (table[c] ?? 0) ^
    (table[d] ?? 0) ^
    (table[e] ?? 0) ^
    (table[f] ?? 0) ^
    (table[g] ?? 0) ^
    (table[h] ?? 0)
  );
}
