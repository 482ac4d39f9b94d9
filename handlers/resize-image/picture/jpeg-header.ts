import { Refusal } from "../errors";
import { creditsIn, exifDirectory, orientationIn } from "./exif";
import type { Header } from "./header";
import { jpegSegments, START_OF_SCAN } from "./jpeg-segments";

const BASELINE = 0xc0;
const EXTENDED = 0xc1;
const PROGRESSIVE = 0xc2;
// Frames of another coding: lossless and hierarchical. Arithmetic coding (0xc9, 0xca) is read by sharp.
const NOT_SERVED = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xcb, 0xcd, 0xce, 0xcf]);
const SAMPLE_BITS = 8;
const COLOURS = [1, 3, 4];
const APP1 = 0xe1;
const APP2 = 0xe2;
const EXIF = "Exif\0\0";
const ICC = "ICC_PROFILE\0"; // Followed by a number and a count, as a profile may need several segments.
const SEGMENT_HEAD_BYTES = 4;
const FIRST_TURNED_ORIENTATION = 5; // 5 to 8 lie on their side.

/**
 * Reads the header of a plain JPEG in microseconds; a large profile or a long EXIF block costs sharp milliseconds,
 * which shows in the time of a thumbnail. Undefined for anything unusual, which is left to sharp.
 * @throws Refusal UnsupportedFormat
 */
export function readJpegHeader(jpeg: Buffer): Header | undefined {
  let frame: Buffer | undefined;
  let progressive = false;
  const exifBlocks: Buffer[] = [];
  const profileParts: Buffer[] = [];
  for (const { marker, start, end } of jpegSegments(jpeg, "header")) {
    const data = jpeg.subarray(start + SEGMENT_HEAD_BYTES, end);
    if (marker === START_OF_SCAN) return headerOf(frame, progressive, exifBlocks, profileParts);
    if (marker === APP1 && data.toString("latin1", 0, EXIF.length) === EXIF) exifBlocks.push(data);
    if (marker === APP2 && data.toString("latin1", 0, ICC.length) === ICC) profileParts.push(data);
    if (NOT_SERVED.has(marker)) throw unsupported("sequential or progressive coding", "lossless or hierarchical");
    if (marker === BASELINE || marker === EXTENDED || marker === PROGRESSIVE) {
      if (frame) return undefined;
      frame = data;
      progressive = marker === PROGRESSIVE;
    }
  }
  return undefined;
}

function headerOf(
  frame: Buffer | undefined,
  progressive: boolean,
  exifBlocks: readonly Buffer[],
  profileParts: readonly Buffer[],
): Header | undefined {
  if (!frame || frame.length < 6 || exifBlocks.length > 1) return undefined;
  const [bits, channels = 0] = [frame[0], frame[5]];
  if (bits !== SAMPLE_BITS) throw unsupported(`samples of ${SAMPLE_BITS} bits`, `${bits}`);
  if (!COLOURS.includes(channels)) throw unsupported(`${COLOURS.join(", ")} channels`, `${channels}`);
  const [height, width] = [frame.readUInt16BE(1), frame.readUInt16BE(3)];
  if (width === 0) return undefined;
  // A segment behind the first scan (DNL) would tell it, which no decoder reads.
  if (height === 0) throw unsupported("its height in the header", "none");
  const [exifBlock] = exifBlocks;
  const exif = exifBlock && exifDirectory(exifBlock);
  const orientation = exif ? orientationIn(exif) : 1;
  const profile = joinProfile(profileParts);
  if ((exifBlock && !exif) || orientation === "odd" || profile === "damaged") return undefined;
  const credits = exif && creditsIn(exif);
  const turned = orientation >= FIRST_TURNED_ORIENTATION;
  return {
    format: "jpeg",
    width: turned ? height : width,
    height: turned ? width : height,
    frames: 1,
    channels,
    bitsPerSample: SAMPLE_BITS,
    transparency: false,
    colours: channels === 3 ? "rgb" : channels === 1 ? "grey" : "cmyk",
    progressive,
    ...(orientation !== 1 && { turned: true }),
    ...(profile && { profile }),
    ...(credits && { credits }),
  };
}

function joinProfile(parts: readonly Buffer[]): Buffer | "damaged" | undefined {
  if (parts.length === 0) return undefined;
  const inOrder = parts.every((part, index) => part[ICC.length] === index + 1 && part[ICC.length + 1] === parts.length);
  return inOrder ? Buffer.concat(parts.map((part) => part.subarray(ICC.length + 2))) : "damaged";
}

function unsupported(expected: string, received: string): Refusal {
  return new Refusal("UnsupportedFormat", `Expected a JPEG with ${expected} but received ${received}`);
}
