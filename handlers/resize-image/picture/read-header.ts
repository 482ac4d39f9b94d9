import type { Metadata } from "sharp";
import type { Deadline } from "../deadline";
import { Refusal } from "../errors";
import { avifColourSpace } from "./avif-colour";
import { decoding, open } from "./decoding";
import { creditsIn, exifDirectory } from "./exif";
import type { Header } from "./header";
import { imageType } from "./image-type";
import { readJpegHeader } from "./jpeg-header";
import { pngColourSpace } from "./png-colour";
import { TiffDirectory } from "./tiff-directory";
import { checkTiffSamples } from "./tiff-samples";

const COLOURS: ReadonlyMap<string, Header["colours"]> = new Map([
  ["srgb", "rgb"],
  ["rgb16", "rgb"],
  ["b-w", "grey"],
  ["grey16", "grey"],
]);

/**
 * Tells the format by content and reads the header, without decoding a pixel.
 * @throws Refusal SourceEmpty, NotAnImage, UnsupportedFormat, CorruptImage, DeadlineExceeded
 */
export async function readHeader(bytes: Buffer, deadline: Deadline): Promise<Header> {
  const format = imageType(bytes);
  const plainJpeg = format === "jpeg" ? readJpegHeader(bytes) : undefined;
  if (plainJpeg) return plainJpeg;
  const directory = format === "tiff" ? tiffDirectory(bytes) : undefined;
  const spotColour = directory && checkTiffSamples(directory) === "spot colour";
  // The pixel limit is checked by name afterwards, with what this gives.
  const metadata = await decoding(deadline, open(bytes, deadline, { limitInputPixels: false }).metadata());
  // An AVIF file may carry a picture compressed as HEIC, which is not served, however its brands read.
  if (format === "avif" && metadata.compression !== "av1") {
    throw new Refusal("UnsupportedFormat", `Expected AV1 in an avif file but received ${metadata.compression}`);
  }
  const colourSpace =
    format === "png" ? pngColourSpace(bytes) : format === "avif" && !metadata.icc ? avifColourSpace(bytes) : undefined;
  // A TIFF holds the tags that others have in an EXIF block itself.
  const tags = directory ?? (metadata.exif && exifDirectory(metadata.exif));
  const credits = tags && creditsIn(tags);
  return {
    format,
    width: metadata.autoOrient.width,
    height: metadata.autoOrient.height,
    frames: metadata.pages ?? 1,
    channels: metadata.channels,
    bitsPerSample: bitsPerSample(metadata),
    transparency: metadata.hasAlpha && !spotColour,
    colours: COLOURS.get(metadata.space) ?? "other",
    progressive: metadata.isProgressive,
    ...(colourSpace && { colourSpace }),
    ...(metadata.icc && { profile: metadata.icc }),
    ...(spotColour && { spotColour }),
    ...(credits && { credits }),
  };
}

const DEEPEST_BITS = 16;

// Of 8 bits or more: where a file has fewer, libvips makes them 8, and all that is served has at most 16.
function bitsPerSample({ depth, bitsPerSample = 0 }: Metadata): number {
  return depth === "uchar" ? 8 : bitsPerSample > 8 ? bitsPerSample : DEEPEST_BITS;
}

function tiffDirectory(bytes: Buffer): TiffDirectory {
  const directory = TiffDirectory.first(bytes);
  if (directory) return directory;
  throw new Refusal("CorruptImage", "Expected a whole picture but the directory of the TIFF does not lie within it");
}
