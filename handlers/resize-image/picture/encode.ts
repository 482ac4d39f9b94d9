import type { Sharp } from "sharp";
import type { ImageFormat } from "./formats";

/**
 * Encodes as `format`. The defaults are sharp's (https://sharp.pixelplumbing.com/api-output) but for effort, where
 * its choice costs far more time than it saves bytes; the numbers are from `npm run bench`'s photos.
 */
export function encode(picture: Sharp, format: ImageFormat, quality: number | undefined): Sharp {
  switch (format) {
    case "jpeg":
      return picture.jpeg({ quality: quality ?? 80 });
    case "png":
      return picture.png();
    case "webp":
      return picture.webp({ quality: quality ?? 80 });
    case "avif":
      // Effort 4 takes fifteen times as long for a tenth fewer bytes: seconds per megapixel.
      return picture.avif({ quality: quality ?? 50, effort: 1 });
    case "gif":
      // Effort 7 looks for the best palette four times as long; flat graphics come out the same.
      return picture.gif({ effort: 4 });
    case "tiff":
      return picture.tiff({ compression: "deflate", predictor: "horizontal" });
  }
}
