import { deflateSync } from "node:zlib";
import { inflated } from "./inflated";
import { TiffDirectory, writeNumbers } from "./tiff-directory";

// https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf (section 8)
const [WIDTH, HEIGHT, BITS_PER_SAMPLE, COMPRESSION] = [256, 257, 258, 259];
const PHOTOMETRIC = 262;
// Grey of either direction and RGB, with no sample beside. A palette of 16 bits, and what transparency means, readers take differently.
const COLOUR_SAMPLES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1],
  [2, 3],
]);
const [STRIP_OFFSETS, SAMPLES_PER_PIXEL, STRIP_BYTE_COUNTS] = [273, 277, 279];
// What the samples mean and how they lie in the strips: fill order, rows per strip, planes, options of CCITT, predictor, format.
const KEPT = [
  WIDTH,
  HEIGHT,
  BITS_PER_SAMPLE,
  COMPRESSION,
  PHOTOMETRIC,
  266,
  SAMPLES_PER_PIXEL,
  278,
  284,
  292,
  293,
  317,
  339,
];
const [UNCOMPRESSED, DEFLATE, OLD_DEFLATE] = [1, 8, 32946];
const HEADER_BYTES = 8;

/**
 * The first picture of a TIFF in strips, plain or Deflate, with nothing in it but its pixels. undefined for others: behind the
 * last code of a strip, or in the JPEG or WebP file that it is, there may be anything.
 */
export function bareTiff(tiff: Buffer): Buffer | undefined {
  const directory = TiffDirectory.first(tiff);
  const offsets = directory?.numbers(STRIP_OFFSETS);
  const counts = directory?.numbers(STRIP_BYTE_COUNTS);
  if (!directory || !offsets || counts?.length !== offsets.length) return undefined;
  const one = (tag: number, byDefault: number) => directory.numbers(tag)?.[0] ?? byDefault;
  const bits = one(BITS_PER_SAMPLE, 1);
  const compression = one(COMPRESSION, UNCOMPRESSED);
  if (COLOUR_SAMPLES.get(one(PHOTOMETRIC, -1)) !== one(SAMPLES_PER_PIXEL, 1)) return undefined;
  const stored = offsets.map((at, index) => tiff.subarray(at, at + (counts[index] ?? 0)));
  if (stored.some(({ length }, index) => length !== counts[index])) return undefined;
  const rowBytes = Math.ceil((one(WIDTH, 0) * bits * one(SAMPLES_PER_PIXEL, 1)) / 8);
  const bytes = rowBytes * one(HEIGHT, 0);
  const swapped = bits > 8 && !directory.littleEndian;
  const strips = samplesOnly(stored, compression, bytes, swapped);
  if (!strips) return undefined;

  let next = HEADER_BYTES;
  const places = strips.map(({ length }) => {
    const place = next;
    next += length;
    return place;
  });
  const padding = Buffer.alloc(next % 2); // A directory begins at an even place.
  const kept = KEPT.flatMap((tag) => {
    const values = directory.numbers(tag);
    return values ? [{ tag, values }] : [];
  });
  const at = next + padding.length;
  const lengths = strips.map(({ length }) => length);
  const fields = [...kept, { tag: STRIP_OFFSETS, values: places }, { tag: STRIP_BYTE_COUNTS, values: lengths }];
  const head = Buffer.from("II*\0\0\0\0\0", "latin1");
  head.writeUInt32LE(at, 4);
  return Buffer.concat([head, ...strips, padding, writeNumbers(fields, at)]);
}

/** The strips with their samples alone, in this processor's order; undefined where those are not just `bytes` together. */
function samplesOnly(
  strips: readonly Buffer[],
  compression: number,
  bytes: number,
  swapped: boolean,
): readonly Buffer[] | undefined {
  const deflated = compression === DEFLATE || compression === OLD_DEFLATE;
  if (!deflated && compression !== UNCOMPRESSED) return undefined;
  const plain: Buffer[] = [];
  let left = bytes;
  for (const strip of strips) {
    const samples = deflated ? inflated(strip, left) : strip;
    // What is more than the rows is nothing that is seen.
    if (!samples || samples.length > left) return undefined;
    left -= samples.length;
    plain.push(swapped ? Buffer.from(samples).swap16() : samples);
  }
  if (left !== 0) return undefined;
  return deflated ? plain.map((samples) => deflateSync(samples, { level: 9 })) : plain;
}
