import sharp, { type Sharp } from "sharp";
import type { RenditionPreset } from "../config";
import type { Deadline } from "../deadline";
import { readMatrixProfile } from "./colour-profile";
import { decoding, open } from "./decoding";
import { presetScale, scaledSize } from "./geometry";
import type { Header } from "./header";
import { MAX_SHARED_PIXELS } from "./limits";
import { withoutUnseenScans } from "./progressive-jpeg";
import { type ToSrgb, toSrgb } from "./to-srgb";

// sharp lets libjpeg shrink by 8 only when at least 9 is asked for (src/pipeline.cc, "known libjpeg rounding errors").
const SHRINK_OF_DC_ONLY = 9;

/** The bytes of a picture with its header, which has passed the limits. */
export interface Source {
  readonly bytes: Buffer;
  readonly header: Header;
}

/**
 * The start of a pipeline for each still rendition: oriented, in sRGB, no larger than the largest preset needs.
 * Several presets share one decode; a single one goes straight from the source to its rendition.
 */
export async function stillPixels(
  { bytes, header }: Source,
  presets: readonly RenditionPreset[],
  deadline: Deadline,
): Promise<() => Sharp> {
  const scale = Math.min(1, Math.max(...presets.map((preset) => presetScale(header, preset))));
  const size = scaledSize(header, scale);
  const onlyDc = header.format === "jpeg" && header.progressive && scale * SHRINK_OF_DC_ONLY <= 1;
  const source = onlyDc ? withoutUnseenScans(bytes) : bytes;

  if (header.spotColour) return withoutLastChannel(source, deadline);

  const tooLarge = size.width * size.height > MAX_SHARED_PIXELS;
  const colours = tooLarge ? "by sharp" : colourConversion(header);
  const options = { autoOrient: true, ignoreIcc: colours !== "by sharp" };
  const ownConversion = typeof colours === "function";
  if (tooLarge || (presets.length === 1 && !ownConversion)) return () => open(source, deadline, options);

  const pixels = open(source, deadline, options).resize({ ...size, fit: "fill" });
  return start(pixels, deadline, ownConversion ? colours : undefined);
}

/** Decodes once; gives the start of a pipeline from its pixels, converted in place where it has to be. */
async function start(picture: Sharp, deadline: Deadline, convert?: ToSrgb): Promise<() => Sharp> {
  const { data, info } = await decoding(deadline, picture.raw().toBuffer({ resolveWithObject: true }));
  const { width, height, channels } = info;
  convert?.(data, channels);
  return () => sharp(data, { raw: { width, height, channels } }).timeout({ seconds: deadline.secondsLeft });
}

// Before anything is scaled: sharp would weigh the colours by a last channel, as by transparency.
async function withoutLastChannel(source: Buffer, deadline: Deadline): Promise<() => Sharp> {
  return start(open(source, deadline, { autoOrient: true }).removeAlpha(), deadline);
}

function colourConversion({ profile, rgb }: Header) {
  if (!profile || !rgb) return "by sharp";
  const matrixProfile = readMatrixProfile(profile);
  return matrixProfile ? toSrgb(matrixProfile) : "by sharp";
}
