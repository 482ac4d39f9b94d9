import sharp, { type Sharp } from "sharp";
import { Refusal } from "./errors";
import { FORMATS, type ImageFormat } from "./formats";
import { MAX_FRAMES, MAX_SIDE_PIXELS, MAX_SOURCE_PIXELS } from "./limits";
import { renditionFormat } from "./renditions";
import type { NamedPreset } from "./request";

/** A picture ready to be stored. */
export interface Rendered {
  readonly name: string;
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** Size of a picture as it will be seen, its orientation applied, and its number of frames. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

/**
 * Reads the header and checks it against the limits, before a pixel is decoded.
 * @throws Refusal CorruptImage, TooManyPixels, TooManyFrames, DimensionsTooLarge
 */
export async function inspect(bytes: Buffer): Promise<PictureSize> {
  const { autoOrient, pages = 1 } = await readable(() => sharp(bytes, { limitInputPixels: false }).metadata());
  const { width, height } = autoOrient;
  if (Math.max(width, height) > MAX_SIDE_PIXELS) {
    throw new Refusal(
      "DimensionsTooLarge",
      `Expected at most ${MAX_SIDE_PIXELS} pixels a side but received ${width} x ${height}`,
    );
  }
  if (pages > MAX_FRAMES)
    throw new Refusal("TooManyFrames", `Expected at most ${MAX_FRAMES} frames but received ${pages}`);
  if (width * height > MAX_SOURCE_PIXELS) {
    throw new Refusal(
      "TooManyPixels",
      `Expected at most ${MAX_SOURCE_PIXELS} pixels but received ${width} x ${height}`,
    );
  }
  return { width, height, frames: pages };
}

/** Makes one rendition. @throws Refusal CorruptImage */
export async function render(bytes: Buffer, source: ImageFormat, { name, preset }: NamedPreset): Promise<Rendered> {
  const format = renditionFormat(preset, source);
  const animated = preset.animated === true && FORMATS[format].animation;
  return readable(async () => {
    let picture = sharp(bytes, { failOn: "error", animated, limitInputPixels: MAX_SOURCE_PIXELS })
      .autoOrient()
      .resize({
        width: preset.width,
        height: preset.height,
        fit: preset.fit,
        position: preset.position ?? "centre",
        withoutEnlargement: preset.enlarge !== true,
      });
    if (!FORMATS[format].transparency) picture = picture.flatten({ background: preset.background ?? "#ffffff" });
    const { data, info } = await encode(picture, format, preset.quality).toBuffer({ resolveWithObject: true });
    return { name, format, width: info.width, height: info.pageHeight ?? info.height, bytes: data };
  });
}

function encode(picture: Sharp, format: ImageFormat, quality: number | undefined): Sharp {
  const chosen = quality === undefined ? {} : { quality };
  switch (format) {
    case "jpeg":
      return picture.jpeg(chosen);
    case "png":
      return picture.png();
    case "webp":
      return picture.webp(chosen);
    case "avif":
      return picture.avif(chosen);
    case "gif":
      return picture.gif();
    case "tiff":
      return picture.tiff({ compression: "deflate" });
  }
}

// sharp has one class of error. The options above are checked by tests, so what it throws here is about the picture.
async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Refusal("CorruptImage", `Expected a complete picture but it cannot be decoded: ${error.message}`, {
      cause: error,
    });
  }
}
