import { cmykConversion } from "./cmyk-profile";
import { readProfile } from "./colour-profile";
import type { ColourSpace } from "./colour-space";
import type { Size } from "./geometry";
import type { Header } from "./header";
import type { Pixels } from "./placeholder";
import { type Scale, toSrgb } from "./to-srgb";

/** Whether the values of a picture mean in sRGB what they say, so that they may stay as they are. */
export function isSrgb(header: Header): boolean {
  if (header.spotColour || (header.colours !== "rgb" && header.colours !== "grey")) return false;
  const colours = colourConversion(header, header);
  return colours === "identity" || (colours === "by sharp" && header.profile === undefined);
}

/** Turns the colours of a palette, three bytes each, into sRGB, in place; undefined where that is for sharp to do. */
export function paletteConversion(header: Header): ((palette: Uint8Array) => void) | undefined {
  const colours = header.paletteBits === undefined ? undefined : colourConversion(header, header);
  if (typeof colours !== "object") return undefined;
  return (palette) => {
    colours.convert({ data: palette, width: palette.length / 3, height: 1, channels: 3 }, (value) => value / 255);
  };
}

/** How colours become sRGB once the picture has its size. */
export interface Conversion {
  /** What the pixels are until then. */
  readonly from: "rgb" | "cmyk";
  readonly convert: (pixels: Pixels, scale: Scale) => Pixels;
}

/** What is to be done with the colours of a picture: nothing, or leave it to sharp, or convert them. */
export type Colours = Conversion | "identity" | "by sharp";

// For more it pays to let libvips make a table of its own first: 40 ms of work, and then a third of the time for each pixel.
const MOST_PIXELS_OF_CMYK = 400_000;

/** How a picture with this header, once it has this size, comes to be in sRGB. */
export function colourConversion(header: Header, size: Size): Colours {
  const { colourSpace, profile, colours } = header;
  if (header.bilevel) return "identity";
  if (colourSpace) return fromRgb(colourSpace);
  if (!profile || colours === "other") return "by sharp";
  if (colours !== "cmyk") {
    const read = readProfile(profile, colours);
    return read ? fromRgb(read) : "by sharp";
  }
  const plain = header.channels === 4 && header.bitsPerSample === 8;
  const convert = plain && size.width * size.height <= MOST_PIXELS_OF_CMYK ? cmykConversion(profile) : undefined;
  return convert
    ? { from: "cmyk", convert: (pixels) => ({ ...pixels, data: convert(pixels.data), channels: 3 }) }
    : "by sharp";
}

function fromRgb(space: ColourSpace): Conversion | "identity" {
  const convert = toSrgb(space);
  if (convert === "identity") return convert;
  return {
    from: "rgb",
    convert: (pixels, scale) => {
      convert(pixels.data, pixels.channels, scale);
      return pixels;
    },
  };
}
