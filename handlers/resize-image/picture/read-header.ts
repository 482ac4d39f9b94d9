import type { Deadline } from "../deadline";
import { Refusal } from "../errors";
import { decoding, open } from "./decoding";
import { creditsIn, exifDirectory } from "./exif";
import type { Header } from "./header";
import { imageType } from "./image-type";
import { readJpegHeader } from "./jpeg-header";
import { TiffDirectory } from "./tiff-directory";
import { checkTiffSamples } from "./tiff-samples";

const BYTES_PER_SAMPLE: ReadonlyMap<string, number> = new Map([
  ["uchar", 1],
  ["char", 1],
  ["ushort", 2],
  ["short", 2],
  ["uint", 4],
  ["int", 4],
  ["float", 4],
]);
const WIDEST_SAMPLE_BYTES = 16;

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
  // A TIFF holds the tags that others have in an EXIF block itself.
  const tags = directory ?? (metadata.exif && exifDirectory(metadata.exif));
  const credits = tags && creditsIn(tags);
  return {
    format,
    width: metadata.autoOrient.width,
    height: metadata.autoOrient.height,
    frames: metadata.pages ?? 1,
    channels: metadata.channels,
    bytesPerSample: BYTES_PER_SAMPLE.get(metadata.depth) ?? WIDEST_SAMPLE_BYTES,
    rgb: metadata.space === "srgb" || metadata.space === "rgb16",
    progressive: metadata.isProgressive,
    ...(metadata.icc && { profile: metadata.icc }),
    ...(spotColour && { spotColour }),
    ...(credits && { credits }),
  };
}

function tiffDirectory(bytes: Buffer): TiffDirectory {
  const directory = TiffDirectory.first(bytes);
  if (directory) return directory;
  throw new Refusal("CorruptImage", "Expected a whole picture but the directory of the TIFF does not lie within it");
}
