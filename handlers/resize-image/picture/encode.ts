import type { Sharp } from "sharp";
import type { ImageFormat } from "./formats";
import type { Size } from "./geometry";
import type { Header } from "./header";

/** How a picture is encoded. */
export interface Encoding {
  /** 1 to 100, for formats that lose something. */
  readonly quality: number;
  /** A palette of so many bits, for PNG. */
  readonly paletteBits?: number | undefined;
  /** The picture is black and white alone. */
  readonly bilevel?: boolean | undefined;
  /** How long AVIF looks for fewer bytes, 0 to 9. */
  readonly effort: number;
}

/** A pipeline that ends in a file. */
type Encode = (picture: Sharp) => Sharp;

/** The qualities that sharp takes when nothing is asked for, where they count: https://sharp.pixelplumbing.com/api-output */
export const QUALITY: Readonly<Partial<Record<ImageFormat, number>>> = { jpeg: 80, webp: 80, avif: 50 };

/** Whether a lower quality makes fewer bytes. */
export function hasQuality(format: ImageFormat): boolean {
  return QUALITY[format] !== undefined;
}

// AVIF at sharp's own effort takes a second for so many pixels; at the next lower one a quarter of it, for 4 to 14 % more
// bytes at the same SSIM. What is larger would take a good part of the function's timeout.
const [FULL_EFFORT, QUICK_EFFORT] = [4, 3];
const MOST_PIXELS_AT_FULL_EFFORT = 640 * 640;

// In another size a picture has what lies between its colours, too: of a black and white drawing, all the greys.
const BITS_OF_FULL_PALETTE = 8;

/** What a preset asks for, of a picture with this header and a rendition of this size. */
export function encodingOf(
  format: ImageFormat,
  quality: number | undefined,
  { paletteBits: sourceBits, bilevel, ...source }: Header,
  { width, height }: Size,
): Encoding {
  const resized = width !== source.width || height !== source.height;
  const paletteBits = sourceBits !== undefined && resized ? BITS_OF_FULL_PALETTE : sourceBits;
  const effort = width * height <= MOST_PIXELS_AT_FULL_EFFORT ? FULL_EFFORT : QUICK_EFFORT;
  return { quality: quality ?? QUALITY[format] ?? 100, paletteBits, bilevel, effort };
}

/** The same in a fraction of the time, to try many. */
export function quickly(encoding: Encoding): Encoding {
  return { ...encoding, effort: QUICK_EFFORT };
}

/** The ways to encode as `format` of which the smallest is served: photos need PNG's filters, and drawings are larger with them. */
export function encodings(format: ImageFormat, encoding: Encoding): readonly Encode[] {
  const usual: Encode = (picture) => encode(picture, format, encoding);
  // Level 6, which is sharp's own, makes 2 to 4 % more bytes; levels 8 and 9 take up to four times as long for 1 % fewer.
  const filtered: Encode = (picture) => picture.png({ adaptiveFiltering: true, compressionLevel: 7 });
  return format === "png" && encoding.paletteBits === undefined ? [usual, filtered] : [usual];
}

/** Encodes as `format`. The defaults are sharp's but for effort, where its choice costs far more time than it saves bytes. */
export function encode(picture: Sharp, format: ImageFormat, { quality, paletteBits, effort }: Encoding): Sharp {
  switch (format) {
    case "jpeg":
      return picture.jpeg({ quality });
    case "png":
      // A palette of effort 7 is looked for ten times as long, for a hundredth of the bytes.
      return paletteBits === undefined
        ? picture.png()
        : picture.png({ palette: true, colours: 2 ** paletteBits, effort: 1 });
    case "webp":
      return picture.webp({ quality });
    case "avif":
      return picture.avif({ quality, effort });
    case "gif":
      // Effort 7 looks for the best palette four times as long; flat graphics come out the same.
      return picture.gif({ effort: 4 });
    case "tiff":
      return picture.tiff({ compression: "deflate", predictor: "horizontal" });
  }
}

/** Other ways to encode the same pixels as well, which take longer or help only some pictures. */
export function otherEncodings(format: ImageFormat, { paletteBits, bilevel }: Encoding): readonly Encode[] {
  switch (format) {
    case "png":
      return [
        (picture) => picture.png({ compressionLevel: 9, adaptiveFiltering: true }),
        (picture) =>
          picture.png({ compressionLevel: 9, palette: true, colours: 2 ** (paletteBits ?? 8), effort: 10, dither: 0 }),
      ];
    case "gif":
      return [(picture) => picture.gif({ effort: 10 })];
    case "tiff":
      return [
        ...(bilevel ? [asFax] : []),
        (picture) => picture.tiff({ compression: "deflate", predictor: "none" }),
        (picture) => picture.tiff({ compression: "lzw", predictor: "horizontal" }),
        (picture) => picture.tiff({ compression: "jpeg", quality: 90 }),
        (picture) => picture.tiff({ compression: "jpeg", quality: 60 }),
      ];
    case "jpeg":
    case "webp":
    case "avif":
      return [];
  }
}

// A bit for each pixel, in the coding of fax machines: a third of the best that is made of bytes.
const asFax: Encode = (picture) => picture.tiff({ compression: "ccittfax4", bitdepth: 1, predictor: "none" });
