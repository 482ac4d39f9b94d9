import sharp, { type OutputInfo, type Sharp } from "sharp";
import type { RenditionPreset } from "../config";
import type { Deadline } from "../deadline";
import { type Colours, type Conversion, colourConversion } from "./colour-conversion";
import { decoding, open } from "./decoding";
import { presetScale, scaledSize } from "./geometry";
import { gifStructure, withTransparentCanvas } from "./gif-structure";
import type { Header } from "./header";
import { withEnd } from "./jpeg-end";
import { withoutStrayBytes } from "./jpeg-segments";
import { MAX_SHARED_BYTES } from "./limits";
import type { Pixels } from "./placeholder";
import { withoutUnseenScans } from "./progressive-jpeg";
import type { Scale } from "./to-srgb";

// sharp lets libjpeg shrink by 8 only when at least 9 is asked for (src/pipeline.cc, "known libjpeg rounding errors").
const SHRINK_OF_DC_ONLY = 9;
const SHARED_BYTES_PER_PIXEL = { plain: 4, deep: 8 };

/** The bytes of a picture with its header, which has passed the limits. */
export interface Source {
  readonly bytes: Buffer;
  readonly header: Header;
}

/** Where still renditions start from. */
export interface StillPixels {
  /** The start of a pipeline for one of them: oriented, and no larger than the largest preset needs. */
  start(): Sharp;
  /** What it starts from in sRGB; undefined where that would be too much to hold, and each pipeline decodes on its own. */
  readonly shared?: Pixels;
  /** Gives a picture sRGB, once it has its size, as the start of any number of pipelines; undefined where it starts in sRGB. */
  readonly finish?: (picture: Sharp) => Promise<() => Sharp>;
}

/**
 * Decodes what all still renditions start from.
 * @throws Refusal CorruptImage, DeadlineExceeded
 */
export async function stillPixels(
  { bytes, header }: Source,
  presets: readonly RenditionPreset[],
  deadline: Deadline,
): Promise<StillPixels> {
  const scale = Math.min(1, Math.max(...presets.map((preset) => presetScale(header, preset))));
  const size = scaledSize(header, scale);
  const onlyDc = header.format === "jpeg" && header.progressive && scale * SHRINK_OF_DC_ONLY <= 1;
  const source = onlyDc && !header.warningsCount ? withoutUnseenScans(bytes) : readable(bytes, header);
  if (header.spotColour) return sharing(await withoutLastChannel(source, header, deadline), deadline);

  const colours = colourConversion(header, size);
  const conversion = typeof colours === "object" ? colours : undefined;
  const opened = () => openIn(source, header, colours, deadline);
  const pixels = (picture: Sharp) => rawPixels(picture, header, deadline, conversion);
  if (size.width * size.height * SHARED_BYTES_PER_PIXEL[isDeep(header) ? "deep" : "plain"] > MAX_SHARED_BYTES) {
    const finish = async (picture: Sharp) => sharing(await pixels(picture), deadline).start;
    return { start: opened, ...(conversion && { finish }) };
  }
  return sharing(await pixels(opened().resize({ ...size, fit: "fill" })), deadline);
}

// A pipeline that is cloned copies its pixels.
function sharing(decoded: Pixels, deadline: Deadline): StillPixels & { readonly shared: Pixels } {
  const pixels = withoutOpaqueAlpha(decoded);
  const { data, width, height, channels } = pixels;
  const raw = { width, height, channels };
  return { shared: pixels, start: () => sharp(data, { raw }).timeout({ seconds: deadline.secondsLeft }) };
}

/** The same without its transparency where nothing is transparent: in AVIF it would cost as much as a quarter of the bytes. */
function withoutOpaqueAlpha(pixels: Pixels): Pixels {
  const { data, channels } = pixels;
  if (channels !== 2 && channels !== 4) return pixels;
  const shift = data.BYTES_PER_ELEMENT > 1 ? 8 : 0;
  for (let at = channels - 1; at < data.length; at += channels) {
    if ((data[at] ?? 0) >> shift < 255) return pixels;
  }
  let to = 0;
  for (let at = 0; at < data.length; at++) {
    if (at % channels < channels - 1) data[to++] = data[at] ?? 0;
  }
  return { ...pixels, data: data.subarray(0, to), channels: channels === 4 ? 3 : 1 };
}

/** The frames of an animation, as they are stored: libvips does not turn them. */
export function animation({ bytes, header }: Source, deadline: Deadline): Sharp {
  return open(readable(bytes, header), deadline, { pages: header.frames });
}

/** The source in a form in which libvips shows all of it. */
function readable(bytes: Buffer, { format, warningsCount }: Header): Buffer {
  if (format === "jpeg" && warningsCount) return withEnd(withoutStrayBytes(bytes));
  const structure = format === "gif" && gifStructure(bytes);
  return (structure && withTransparentCanvas(bytes, structure)) || bytes;
}

// Pixels with more than 8 bits stay so until they have their size: the dark values of a linear picture are far apart. And
// so do those with transparency, which sharp takes out of the colours and puts back, each time losing up to a level.
function isDeep({ bitsPerSample, transparency, colours, format }: Header): boolean {
  if (colours === "cmyk" || colours === "other") return false; // They go through a profile, which gives 8 bits.
  return bitsPerSample > 8 || (transparency && format !== "gif");
}

function openIn(source: Buffer, header: Header, colours: Colours, deadline: Deadline): Sharp {
  const failOn = header.warningsCount ? "warning" : "error";
  const opened = open(source, deadline, { failOn, autoOrient: true, ignoreIcc: colours !== "by sharp" });
  if (typeof colours === "object" && colours.from === "cmyk") return opened.pipelineColourspace("cmyk");
  return isDeep(header) && header.bitsPerSample <= 8 ? opened.pipelineColourspace("rgb16") : opened;
}

// Before anything is scaled: sharp would weigh the colours by a last channel, as by transparency.
async function withoutLastChannel(source: Buffer, header: Header, deadline: Deadline): Promise<Pixels> {
  const picture = openIn(source, header, "by sharp", deadline).removeAlpha().raw();
  return pixelsOf(await decoding(deadline, picture.toBuffer({ resolveWithObject: true })));
}

/** The pixels of a picture, of 8 bits or all the bits they have, in sRGB. */
async function rawPixels(
  picture: Sharp,
  header: Header,
  deadline: Deadline,
  conversion: Conversion | undefined,
): Promise<Pixels> {
  const deep = isDeep(header);
  const space = deep ? "rgb16" : conversion?.from === "cmyk" ? "cmyk" : undefined;
  const raw = (space ? picture.toColourspace(space) : picture).raw(deep ? { depth: "ushort" } : {});
  const pixels = pixelsOf(await decoding(deadline, raw.toBuffer({ resolveWithObject: true })), deep);
  const asStored = pixels.width === header.width && pixels.height === header.height;
  return conversion ? conversion.convert(pixels, scaleOf(header, asStored)) : pixels;
}

function pixelsOf({ data, info }: { readonly data: Buffer; readonly info: OutputInfo }, deep = false): Pixels {
  const { width, height, channels } = info;
  return {
    data: deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data,
    width,
    height,
    channels,
  };
}

function scaleOf(header: Header, asStored: boolean): Scale {
  if (!isDeep(header)) return (value) => value / 255;
  // libvips widens 10 and 12 bits to 16 by adding zeros.
  if (header.bitsPerSample > 8) return (value) => value / (2 ** 16 - 2 ** (16 - header.bitsPerSample));
  // And 8 by repeating the lowest: until they are averaged the upper 8 are what they were, and half a level off then.
  return asStored ? (value) => (value >> 8) / 255 : (value) => (value - 128) / (255 * 256);
}
