import type { Sharp } from "sharp";
import type { ImageFormat } from "./formats";
import type { Header } from "./header";

/** How a picture is encoded. */
export interface Encoding {
  /** 1 to 100, for formats that lose something. */
  readonly quality: number;
  /** A palette of so many bits, for PNG. */
  readonly paletteBits?: number | undefined;
  /** How long AVIF looks for fewer bytes, 0 to 9. */
  readonly effort?: number;
}

/** The qualities that sharp takes when nothing is asked for, where they count: https://sharp.pixelplumbing.com/api-output */
const QUALITY: Readonly<Partial<Record<ImageFormat, number>>> = { jpeg: 80, webp: 80, avif: 50 };

/** Whether a lower quality makes fewer bytes. */
export function hasQuality(format: ImageFormat): boolean {
  return QUALITY[format] !== undefined;
}

/** What a preset asks for, of a picture with this header. */
export function encodingOf(format: ImageFormat, quality: number | undefined, { paletteBits }: Header): Encoding {
  return { quality: quality ?? QUALITY[format] ?? 100, paletteBits };
}

/**
 * Encodes as `format`. The defaults are sharp's but for effort, where its choice costs far more time than it saves bytes;
 * the numbers are from `npm run bench`'s photos.
 */
export function encode(picture: Sharp, format: ImageFormat, { quality, paletteBits, effort = 3 }: Encoding): Sharp {
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
      // Effort 1 makes 8 % more bytes; effort 4 takes five times as long for 2 % fewer.
      return picture.avif({ quality, effort });
    case "gif":
      // Effort 7 looks for the best palette four times as long; flat graphics come out the same.
      return picture.gif({ effort: 4 });
    case "tiff":
      return picture.tiff({ compression: "deflate", predictor: "horizontal" });
  }
}

/** Other ways to encode the same pixels as well, which take longer or help only some pictures. */
export function otherEncodings(format: ImageFormat, { paletteBits }: Encoding): readonly ((picture: Sharp) => Sharp)[] {
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
