import type { ColourSpace } from "./colour-space";
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
  readonly bitsPerSample: number;
  readonly transparency: boolean;
  /** Beside transparency. */
  readonly colours: "rgb" | "grey" | "cmyk" | "other";
  /** Bits that choose a colour of the palette, where the picture has one. */
  readonly paletteBits?: number;
  /** Black and white alone: the same two in every colour space. */
  readonly bilevel?: boolean;
  /** Its orientation says that it is seen otherwise than it is stored. */
  readonly turned?: boolean;
  /** Interlaced or progressive: all of it has to be held before its last row is known. */
  readonly progressive: boolean;
  /** What the colours mean where it is told by other means than a profile, which then does not count. */
  readonly colourSpace?: ColourSpace;
  /** An embedded ICC profile. */
  readonly profile?: Buffer;
  /** What a decoder warns of is damage here: a tile of a TIFF, or the scan of a JPEG that has lost its end or has stray bytes. */
  readonly warningsCount?: boolean;
  /** The last channel is neither a colour that is shown nor transparency, whatever its place says. */
  readonly spotColour?: boolean;
  readonly credits?: Credits;
}
