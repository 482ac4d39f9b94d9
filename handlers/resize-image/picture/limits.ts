import type { RenditionPreset } from "../config";
import { Refusal } from "../errors";
import { FORMATS, type ImageFormat, keepsAnimation, MAX_SIDE_PIXELS } from "./formats";
import type { Size } from "./geometry";
import type { Header } from "./header";

const MEBIBYTE = 1024 * 1024;

// Several times what a 50 megapixel camera writes.
const MAX_SOURCE_BYTES = 64 * MEBIBYTE;
// While it is read a source is in memory twice, and then beside its pixels.
const MEMORY_FOR_SOURCE = 1 / 8;

/** Most bytes of a source that a function with this much memory takes. */
export function maxSourceBytes(memoryMb: number): number {
  return Math.min(MAX_SOURCE_BYTES, memoryMb * MEBIBYTE * MEMORY_FOR_SOURCE);
}

/** Most pixels that are decoded, all frames together: above a phone's 100 megapixel mode, below every bomb. */
export const MAX_SOURCE_PIXELS = 120_000_000;

/** Most frames of an animation that is kept; each is encoded like a picture of its own. */
export const MAX_FRAMES = 300;

/** Most bytes of one rendition: far above any sensible preset, so that a mistake in one is seen. */
export const MAX_OUTPUT_BYTES = 32 * MEBIBYTE;

/** Most bytes of pixels that all renditions are made from; a longer or wider strip is decoded once for each. */
export const MAX_SHARED_BYTES = 64_000_000;

// Node, the SDK and sharp before the first picture.
const RUNTIME_MB = 100;
// Of the rest: with the file and what is encoded, the process stays within about half of its memory.
const MEMORY_FOR_PIXELS = 0.4;

/**
 * Checks what a header promises, before a pixel is decoded.
 * @throws Refusal DimensionsTooLarge, TooManyFrames, TooManyPixels
 */
export function checkHeader(header: Header, presets: readonly RenditionPreset[], memoryMb: number): void {
  const { width, height } = header;
  checkSides(header.format, header);
  const frames = presets.some((preset) => keepsAnimation(preset, header)) ? header.frames : 1;
  const received = frames > 1 ? `${width} x ${height} x ${frames} frames` : `${width} x ${height}`;
  if (frames > MAX_FRAMES) {
    throw new Refusal("TooManyFrames", `Expected at most ${MAX_FRAMES} frames but received ${received}`);
  }
  const pixels = width * height * frames;
  const available = Math.max(0, memoryMb - RUNTIME_MB) * MEBIBYTE * MEMORY_FOR_PIXELS;
  const perPixel = bytesPerPixel(header, frames);
  const affordable = perPixel === 0 ? MAX_SOURCE_PIXELS : Math.floor(available / perPixel);
  const most = Math.min(MAX_SOURCE_PIXELS, affordable);
  if (pixels > most) {
    const reason = affordable < MAX_SOURCE_PIXELS ? ` for ${header.format} in ${memoryMb} MB of memory` : "";
    throw new Refusal("TooManyPixels", `Expected at most ${most} pixels${reason} but received ${received}`);
  }
}

/** Checks that a picture is not longer or wider than its decoder reads. @throws Refusal DimensionsTooLarge */
export function checkSides(format: ImageFormat, { width, height }: Size): void {
  const most = format === "avif" ? MAX_SIDE_PIXELS : FORMATS[format].longestSide;
  if (Math.max(width, height) > most) {
    throw new Refusal("DimensionsTooLarge", `Expected at most ${most} pixels a side but received ${width} x ${height}`);
  }
}

/** What decoding holds at once, per pixel of the source: measured on pictures of 48 megapixels. */
function bytesPerPixel({ format, progressive, channels, bitsPerSample, spotColour }: Header, frames: number): number {
  const bytesPerSample = Math.ceil(bitsPerSample / 8);
  switch (format) {
    case "jpeg":
      // Rows pass through; a progressive file is kept as 16 bit coefficients until its last scan.
      return progressive ? 2 * channels : 0;
    case "png":
      return progressive ? channels * bytesPerSample : 0;
    case "webp":
    case "gif":
      return 4 * (frames > 1 ? 2 : 1);
    case "avif":
      // The planes, twice, then wider samples on their way to pixels.
      return 6 * channels * bytesPerSample;
    case "tiff":
      // Rows pass through, but the whole picture may be one strip, and a channel is taken out of all its pixels.
      return 2 * channels * bytesPerSample + (spotColour ? channels : 0);
  }
}
