import type { RenditionPreset } from "../config";

/** The formats the function reads, and writes. */
export type ImageFormat = "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff";

/** What a format is called in HTTP and in file names, and what it can hold. */
interface FormatFacts {
  readonly contentType: string;
  readonly extension: string;
  readonly transparency: boolean;
  readonly animation: boolean;
}

/** Facts of each format. */
export const FORMATS: Readonly<Record<ImageFormat, FormatFacts>> = {
  jpeg: {
    contentType: "image/jpeg",
    extension: "jpg",
    transparency: false,
    animation: false,
  },
  png: { contentType: "image/png", extension: "png", transparency: true, animation: false },
  webp: { contentType: "image/webp", extension: "webp", transparency: true, animation: true },
  avif: { contentType: "image/avif", extension: "avif", transparency: true, animation: false },
  gif: { contentType: "image/gif", extension: "gif", transparency: true, animation: true },
  tiff: { contentType: "image/tiff", extension: "tif", transparency: true, animation: false },
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
