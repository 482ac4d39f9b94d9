import type { Metadata } from "sharp";
import type { Deadline } from "../deadline";
import { Refusal } from "../errors";
import { avifColourSpace } from "./avif-colour";
import { decoding, open } from "./decoding";
import { creditsIn, exifDirectory } from "./exif";
import type { ImageFormat } from "./formats";
import { gifStructure, isWholeFrame } from "./gif-structure";
import type { Header } from "./header";
import { imageType } from "./image-type";
import { jpegEnd } from "./jpeg-end";
import { readJpegHeader } from "./jpeg-header";
import { hasStrayBytes } from "./jpeg-segments";
import { checkSides } from "./limits";
import { pngColourSpace } from "./png-colour";
import { TiffDirectory } from "./tiff-directory";
import { checkTiffSamples, hasWholeJpegTiles, isBilevelTiff, isTiled } from "./tiff-samples";
import { webpCanvas } from "./webp-frames";

const COLOURS: ReadonlyMap<string, Header["colours"]> = new Map([
  ["srgb", "rgb"],
  ["rgb16", "rgb"],
  ["b-w", "grey"],
  ["grey16", "grey"],
  ["cmyk", "cmyk"],
]);

/**
 * Tells the format by content and reads the header, without decoding a pixel.
 * @throws Refusal SourceEmpty, NotAnImage, UnsupportedFormat, CorruptImage, DimensionsTooLarge, DeadlineExceeded
 */
export async function readHeader(bytes: Buffer, deadline: Deadline): Promise<Header> {
  const format = imageType(bytes);
  if (format === "jpeg") return readJpeg(bytes, deadline);
  if (format === "gif" && !gifStructure(bytes)?.frames.every((frame) => isWholeFrame(frame)))
    throw damaged("a frame of the GIF, or what belongs to one, is not whole");
  return readBySharp(bytes, format, deadline);
}

async function readJpeg(bytes: Buffer, deadline: Deadline): Promise<Header> {
  const header = readJpegHeader(bytes) ?? (await readBySharp(bytes, "jpeg", deadline));
  const end = jpegEnd(bytes);
  if (end === "damaged") throw damaged("there is no marker behind a scan of the JPEG");
  return end === "missing" || hasStrayBytes(bytes) ? { ...header, warningsCount: true } : header;
}

async function readBySharp(bytes: Buffer, format: ImageFormat, deadline: Deadline): Promise<Header> {
  const directory = format === "tiff" ? tiffDirectory(bytes) : undefined;
  const spotColour = directory && checkTiffSamples(directory) === "spot colour";
  if (directory && !hasWholeJpegTiles(bytes, directory)) throw damaged("a tile of the TIFF is not");
  const canvas = format === "webp" && webpCanvas(bytes);
  if (canvas) checkSides(format, canvas);
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
    ...(format === "png" && metadata.isPalette && { paletteBits: metadata.bitsPerSample ?? 8 }),
    ...(isBilevel(metadata, directory) && { bilevel: true }),
    ...((metadata.orientation ?? 1) !== 1 && { turned: true }),
    ...(colourSpace && { colourSpace }),
    ...(metadata.icc && { profile: metadata.icc }),
    ...(directory && isTiled(directory) && { warningsCount: true }),
    ...(spotColour && { spotColour }),
    ...(credits && { credits }),
  };
}

const DEEPEST_BITS = 16;

// Of 8 bits or more: where a file has fewer, libvips makes them 8, and all that is served has at most 16.
function bitsPerSample({ depth, bitsPerSample = 0 }: Metadata): number {
  return depth === "uchar" ? 8 : bitsPerSample > 8 ? bitsPerSample : DEEPEST_BITS;
}

function isBilevel({ format, space, channels, isPalette, bitsPerSample }: Metadata, tiff?: TiffDirectory): boolean {
  if (tiff) return isBilevelTiff(tiff);
  return format === "png" && space === "b-w" && channels === 1 && !isPalette && bitsPerSample === 1;
}

function tiffDirectory(bytes: Buffer): TiffDirectory {
  const directory = TiffDirectory.first(bytes);
  if (directory) return directory;
  throw damaged("the directory of the TIFF does not lie within it");
}

function damaged(reason: string): Refusal {
  return new Refusal("CorruptImage", `Expected a whole picture but ${reason}`);
}
