import type { Credits } from "./exif";
import type { ImageFormat } from "./formats";

/** What a picture says about itself before a pixel of it is decoded. */
export interface Header {
  readonly format: ImageFormat;
  /** Pixels, as the picture is seen: its orientation applied. */
  readonly width: number;
  /** Pixels, as the picture is seen. */
  readonly height: number;
  readonly frames: number;
  readonly channels: number;
  readonly bytesPerSample: number;
  /** Red, green and blue (and maybe alpha), not grey or CMYK. */
  readonly rgb: boolean;
  /** Interlaced or progressive: all of it has to be held before its last row is known. */
  readonly progressive: boolean;
  /** An embedded ICC profile. */
  readonly profile?: Buffer;
  /** The last channel is neither a colour that is shown nor transparency, whatever its place says. */
  readonly spotColour?: boolean;
  readonly credits?: Credits;
}
