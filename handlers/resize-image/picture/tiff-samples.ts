import { Refusal } from "../errors";
import { jpegEnd } from "./jpeg-end";
import type { TiffDirectory } from "./tiff-directory";

/** What the samples of a TIFF beyond its colours mean. */
export type ExtraSample = "none" | "transparency" | "spot colour";

// https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf, and the tags' registry at https://www.awaresystems.be/imaging/tiff/tifftags.html
const SUBFILE_TYPE = 254;
const OLD_SUBFILE_TYPE = 255;
const BITS_PER_SAMPLE = 258;
const COMPRESSION = 259;
const PHOTOMETRIC = 262;
const SAMPLES_PER_PIXEL = 277;
const PLANAR_CONFIGURATION = 284;
const TILE_WIDTH = 322;
const TILE_OFFSETS = 324;
const TILE_BYTE_COUNTS = 325;
const INK_SET = 332;
const EXTRA_SAMPLES = 338;
const SAMPLE_FORMAT = 339;

const [WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, SEPARATED, YCBCR] = [0, 1, 2, 3, 5, 6];
const COLOURS: ReadonlyMap<number, readonly [samples: number, depths: readonly number[]]> = new Map([
  [WHITE_IS_ZERO, [1, [1, 2, 4, 8, 16]]],
  [BLACK_IS_ZERO, [1, [1, 2, 4, 8, 16]]],
  [RGB, [3, [8, 16]]],
  [PALETTE, [1, [1, 2, 4, 8]]],
  [SEPARATED, [4, [8, 16]]],
  [YCBCR, [3, [8]]],
]);
const OTHER_COLOURS: ReadonlyMap<number, string> = new Map([
  [4, "a transparency mask"],
  [8, "CIELab"],
  [9, "ICCLab"],
  [10, "ITULab"],
  [32803, "the colour filter array of a camera's sensor"],
  [32844, "LogL"],
  [32845, "LogLuv"],
  [34892, "the linear data of a camera's sensor"],
]);

const [UNCOMPRESSED, JPEG] = [1, 7];
// None, CCITT (2, 3, 4, 32771), LZW, JPEG, Deflate (8, 32946), PackBits, WebP: what sharp's libtiff is built with.
const COMPRESSIONS = new Set([UNCOMPRESSED, 2, 3, 4, 5, JPEG, 8, 32771, 32773, 32946, 50001]);
const OTHER_COMPRESSIONS: ReadonlyMap<number, string> = new Map([
  [6, "old-style JPEG"],
  [34712, "JPEG 2000"],
  [34887, "LERC"],
  [34925, "LZMA"],
  [50000, "Zstandard"],
  [50002, "JPEG XL"],
]);

const REDUCED_IMAGE = 1;
const MASK = 4;
const OLD_REDUCED_IMAGE = 2;
const [UNSIGNED, UNDEFINED] = [1, 4];
const SAMPLE_FORMATS: ReadonlyMap<number, string> = new Map([
  [2, "signed"],
  [3, "floating point"],
  [5, "complex"],
  [6, "complex floating point"],
]);
const CMYK_INKS = 1;
const [ASSOCIATED_ALPHA, UNASSOCIATED_ALPHA] = [1, 2];
const SEPARATE_PLANES = 2;

/**
 * Decides by what a TIFF says of its samples whether it is a picture that comes out right. libtiff opens far more than
 * libvips shows as it is meant: float as black, luminance as red, a camera's preview as its picture.
 * @throws Refusal UnsupportedFormat, CorruptImage
 */
export function checkTiffSamples(directory: TiffDirectory): ExtraSample {
  const numbers = (tag: number, byDefault: number) => {
    if (!directory.isWhole(tag)) {
      throw new Refusal(
        "CorruptImage",
        `Expected a whole picture but the TIFF ends before the values of its tag ${tag}`,
      );
    }
    return directory.numbers(tag) ?? [byDefault];
  };
  const number = (tag: number, byDefault: number) => numbers(tag, byDefault)[0] ?? byDefault;

  const subfile = number(SUBFILE_TYPE, 0);
  if (subfile & REDUCED_IMAGE || number(OLD_SUBFILE_TYPE, 0) === OLD_REDUCED_IMAGE) {
    throw unsupported("a picture at full size as the first", "a reduced one, as camera RAW files have it");
  }
  if (subfile & MASK) throw unsupported("a picture as the first", "a transparency mask");

  const compression = number(COMPRESSION, UNCOMPRESSED);
  if (!COMPRESSIONS.has(compression)) {
    const name = OTHER_COMPRESSIONS.get(compression) ?? `number ${compression}`;
    throw unsupported("CCITT, LZW, JPEG, Deflate, PackBits, WebP or no compression", name);
  }

  const samples = number(SAMPLES_PER_PIXEL, 1);
  const [photometric] = directory.numbers(PHOTOMETRIC) ?? [];
  if (photometric === undefined) {
    throw new Refusal("CorruptImage", "Expected a TIFF that says what its samples mean but it does not");
  }
  const [colours, depths] = COLOURS.get(photometric) ?? [];
  if (!colours || !depths) {
    const name = OTHER_COLOURS.get(photometric) ?? `number ${photometric}`;
    throw unsupported("grey, RGB, a palette, CMYK or YCbCr in JPEG", name);
  }
  if (photometric === YCBCR && compression !== JPEG) throw unsupported("YCbCr in JPEG", "YCbCr in another compression");
  if (photometric === SEPARATED && number(INK_SET, CMYK_INKS) !== CMYK_INKS) {
    throw unsupported("the inks cyan, magenta, yellow and black", "others");
  }

  const formats = numbers(SAMPLE_FORMAT, UNSIGNED).slice(0, colours);
  const other = formats.find((format) => format !== UNSIGNED && format !== UNDEFINED);
  if (other) throw unsupported("unsigned samples", `${SAMPLE_FORMATS.get(other) ?? `format ${other}`} ones`);

  const bits = new Set(numbers(BITS_PER_SAMPLE, 1));
  const [depth = 1] = bits;
  if (bits.size > 1 || !depths.includes(depth)) {
    throw unsupported(`samples of ${depths.join(", ")} bits`, `${[...bits].join(", ")}`);
  }
  const separate = number(PLANAR_CONFIGURATION, 1) === SEPARATE_PLANES && samples > 1;
  if (separate && (directory.has(TILE_WIDTH) || photometric === YCBCR)) {
    throw unsupported("planes in strips, of samples that are whole", "planes in tiles or of subsampled colours");
  }

  if (samples < colours) throw unsupported(`${colours} samples or more for its colours`, `${samples}`);
  const extra = samples - colours;
  if (extra === 0) return "none";
  if (extra > 1) throw unsupported("at most one sample beside its colours", `${extra}`);
  if (depth < 8) throw unsupported("no sample beside the colours below 8 bits", `${depth} bits`);
  // Where nothing is said, RGB and grey with one sample more have transparency for every reader, and CMYK a spot colour.
  const meaning = number(EXTRA_SAMPLES, photometric === SEPARATED ? 0 : UNASSOCIATED_ALPHA);
  const transparent = meaning === ASSOCIATED_ALPHA || meaning === UNASSOCIATED_ALPHA;
  return transparent ? "transparency" : "spot colour";
}

/** Whether each pixel is one bit that is black or white. */
export function isBilevelTiff(directory: TiffDirectory): boolean {
  const [photometric] = directory.numbers(PHOTOMETRIC) ?? [];
  const bits = directory.numbers(BITS_PER_SAMPLE) ?? [1];
  const grey = photometric === WHITE_IS_ZERO || photometric === BLACK_IS_ZERO;
  return grey && bits.length === 1 && bits[0] === 1 && (directory.numbers(SAMPLES_PER_PIXEL)?.[0] ?? 1) === 1;
}

/** Whether the picture lies in tiles and not in strips. */
export function isTiled(directory: TiffDirectory): boolean {
  return directory.has(TILE_WIDTH);
}

/** Whether each tile of a TIFF of JPEGs is whole; libtiff shows one that is not as it can. */
export function hasWholeJpegTiles(tiff: Buffer, directory: TiffDirectory): boolean {
  if (!isTiled(directory) || directory.numbers(COMPRESSION)?.[0] !== JPEG) return true;
  const counts = directory.numbers(TILE_BYTE_COUNTS) ?? [];
  const tiles = (directory.numbers(TILE_OFFSETS) ?? []).map((at, index) =>
    tiff.subarray(at, at + (counts[index] ?? 0)),
  );
  return tiles.every((tile) => jpegEnd(tile) === "there");
}

function unsupported(expected: string, received: string): Refusal {
  return new Refusal("UnsupportedFormat", `Expected a TIFF with ${expected} but received ${received}`);
}
