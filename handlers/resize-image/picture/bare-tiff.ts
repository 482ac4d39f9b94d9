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
const UNCOMPRESSED = 1;
// CCITT, LZW, Deflate and PackBits. A strip of JPEG or WebP is a file of its own, with all that there may be in one.
const COMPRESSIONS = new Set([UNCOMPRESSED, 2, 3, 4, 5, 8, 32771, 32773, 32946]);
const HEADER_BYTES = 8;

/**
 * The first picture of a TIFF in strips with nothing in it but its pixels, compressed as they are. undefined for others, and
 * where the order of bytes counts that is not this processor's.
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
  if (!COMPRESSIONS.has(compression) || (bits > 8 && tiff.toString("latin1", 0, 2) !== "II")) return undefined;
  const strips = offsets.map((at, index) => tiff.subarray(at, at + (counts[index] ?? 0)));
  if (strips.some(({ length }, index) => length !== counts[index])) return undefined;
  const rowBytes = Math.ceil((one(WIDTH, 0) * bits * one(SAMPLES_PER_PIXEL, 1)) / 8);
  const samples = Buffer.concat(strips);
  // What is more than the rows is nothing that is seen.
  if (compression === UNCOMPRESSED && samples.length !== rowBytes * one(HEIGHT, 0)) return undefined;

  let next = HEADER_BYTES;
  const places = counts.map((count) => {
    const place = next;
    next += count;
    return place;
  });
  const padding = Buffer.alloc(next % 2); // A directory begins at an even place.
  const kept = KEPT.flatMap((tag) => {
    const values = directory.numbers(tag);
    return values ? [{ tag, values }] : [];
  });
  const at = next + padding.length;
  const fields = [...kept, { tag: STRIP_OFFSETS, values: places }, { tag: STRIP_BYTE_COUNTS, values: counts }];
  const head = Buffer.from("II*\0\0\0\0\0", "latin1");
  head.writeUInt32LE(at, 4);
  return Buffer.concat([head, samples, padding, writeNumbers(fields, at)]);
}
