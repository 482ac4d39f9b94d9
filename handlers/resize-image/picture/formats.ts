import type { RenditionPreset } from "../config";

/** The formats the function reads, and writes. */
export type ImageFormat = "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff";

/** What a format is called in HTTP and in file names, and what it can hold. */
interface FormatFacts {
  readonly contentType: string;
  readonly extension: string;
  readonly transparency: boolean;
  readonly animation: boolean;
  /** Pixels a side that its encoder makes at most. */
  readonly longestSide: number;
}

/** Longest side that is read: more than any format needs. */
export const MAX_SIDE_PIXELS = 65_535;

/** Facts of each format. */
export const FORMATS: Readonly<Record<ImageFormat, FormatFacts>> = {
  jpeg: {
    contentType: "image/jpeg",
    extension: "jpg",
    transparency: false,
    animation: false,
    // JPEG_MAX_DIMENSION of libjpeg-turbo, which reads no more either.
    longestSide: 65_500,
  },
  png: {
    contentType: "image/png",
    extension: "png",
    transparency: true,
    animation: false,
    longestSide: MAX_SIDE_PIXELS,
  },
  webp: {
    contentType: "image/webp",
    extension: "webp",
    transparency: true,
    animation: true,
    // WEBP_MAX_DIMENSION of libwebp; libvips reads no larger canvas.
    longestSide: 16_383,
  },
  avif: {
    contentType: "image/avif",
    extension: "avif",
    transparency: true,
    animation: false,
    // What libvips hands to the encoder; larger ones are read.
    longestSide: 16_384,
  },
  gif: {
    contentType: "image/gif",
    extension: "gif",
    transparency: true,
    animation: true,
    longestSide: MAX_SIDE_PIXELS,
  },
  tiff: {
    contentType: "image/tiff",
    extension: "tif",
    transparency: true,
    animation: false,
    longestSide: MAX_SIDE_PIXELS,
  },
};

/** The format a preset comes out in, for a picture that came in as `source`. */
export function renditionFormat(preset: RenditionPreset, source: ImageFormat): ImageFormat {
  return preset.format === "source" ? source : preset.format;
}

/** Whether a preset keeps the frames of a picture that came in as `source`; a single frame is a still picture. */
export function keepsAnimation(
  preset: RenditionPreset,
  { format, frames }: { readonly format: ImageFormat; readonly frames: number },
): boolean {
  const inFormats = FORMATS[format].animation && FORMATS[renditionFormat(preset, format)].animation;
  return preset.animated === true && frames > 1 && inFormats;
}
