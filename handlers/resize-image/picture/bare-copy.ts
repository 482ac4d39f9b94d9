import { barePng, type Recolour } from "./bare-png";
import { bareTiff } from "./bare-tiff";
import type { ImageFormat } from "./formats";
import { gifBlocks } from "./gif-blocks";
import { END_CODE_BYTES, gifStructure, isWholeFrame, withTransparentCanvas } from "./gif-structure";
import { endsImage, jpegSegments } from "./jpeg-segments";

/**
 * The same file with nothing in it but its pixels: no EXIF, XMP, comments, profiles or thumbnails, and nothing behind its
 * end. The colours of a PNG's palette may become others on the way. undefined for formats and files that are not taken apart here.
 */
export function bareCopy(bytes: Buffer, format: ImageFormat, recolour?: Recolour): Buffer | undefined {
  switch (format) {
    case "jpeg":
      return bareJpeg(bytes);
    case "png":
      return barePng(bytes, recolour);
    case "webp":
      return bareWebp(bytes);
    case "gif":
      return bareGif(bytes);
    case "tiff":
      return bareTiff(bytes);
    case "avif":
      return undefined;
  }
}

const [APP0, APP14] = [0xe0, 0xee];
const ADOBE_BYTES = 16; // The marker, a length of 14, the name, and four numbers.
const RESTART_INTERVAL = 0xdd;
// Frames, Huffman tables, scans, quantization: libjpeg refuses them when they are longer than what they say.
const JPEG_PIXELS = new Set([0xc0, 0xc1, 0xc2, 0xc4, 0xda, 0xdb, RESTART_INTERVAL]);
// Version 1.1, an aspect ratio of 1, no thumbnail: https://www.w3.org/Graphics/JPEG/jfif3.pdf
const JFIF = Buffer.from("ffe000104a46494600010100000100010000", "hex");
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);

function bareJpeg(jpeg: Buffer): Buffer | undefined {
  const segments = [...jpegSegments(jpeg, "whole")];
  const last = segments.at(-1);
  if (!last || !endsImage(jpeg, last)) return undefined;
  const text = (at: number, length: number) => jpeg.toString("latin1", at, at + length);
  // Whether there is JFIF decides how decoders take the colours; Adobe's segment says it, and has nothing else in it.
  const kept = segments.flatMap(({ marker, start, end }) => {
    if (JPEG_PIXELS.has(marker)) return [jpeg.subarray(start, end)];
    if (marker !== APP14 || text(start + 4, 5) !== "Adobe" || end - start < ADOBE_BYTES) return [];
    const adobe = Buffer.from(jpeg.subarray(start, start + ADOBE_BYTES));
    adobe.writeUInt16BE(ADOBE_BYTES - 2, 2);
    return [adobe];
  });
  const jfif = segments.some(({ marker, start }) => marker === APP0 && text(start + 4, 4) === "JFIF");
  return Buffer.concat([jpeg.subarray(0, 2), ...(jfif ? [JFIF] : []), ...kept, END_OF_IMAGE]);
}

const RIFF_HEADER_BYTES = 12;
const RIFF_CHUNK_HEAD_BYTES = 8;
const FRAME_HEAD_BYTES = 16;
const WEBP_PIXELS = new Set(["ALPH", "VP8 ", "VP8L"]);
const [EXTENDED_BYTES, ANIMATION_BYTES] = [10, 6];
const PIXEL_FLAGS = 0x12; // Alpha and animation, but neither a profile nor EXIF nor XMP.

// https://developers.google.com/speed/webp/docs/riff_container
function bareWebp(webp: Buffer): Buffer | undefined {
  const end = Math.min(webp.length, RIFF_CHUNK_HEAD_BYTES + webp.readUInt32LE(4));
  const chunks = bareRiffChunks(webp.subarray(RIFF_HEADER_BYTES, end));
  if (!chunks) return undefined;
  const head = Buffer.from(webp.subarray(0, RIFF_HEADER_BYTES));
  head.writeUInt32LE(4 + chunks.length, 4);
  return Buffer.concat([head, chunks]);
}

function bareRiffChunks(chunks: Buffer): Buffer | undefined {
  const kept: Buffer[] = [];
  const seen = new Set<string>();
  for (let at = 0; at + RIFF_CHUNK_HEAD_BYTES <= chunks.length; ) {
    const name = chunks.toString("latin1", at, at + 4);
    const length = chunks.readUInt32LE(at + 4);
    const body = at + RIFF_CHUNK_HEAD_BYTES;
    if (body + length > chunks.length) return undefined;
    const next = body + length + (length % 2);
    if (WEBP_PIXELS.has(name)) {
      // A second one is shown by nobody.
      if (seen.has(name)) return undefined;
      seen.add(name);
      kept.push(chunks.subarray(at, next));
    }
    if (name === "ANIM" && length === ANIMATION_BYTES) kept.push(chunks.subarray(at, next));
    else if (name === "ANIM" || (name === "VP8X" && length !== EXTENDED_BYTES)) return undefined;
    if (name === "VP8X") kept.push(withoutFlags(chunks.subarray(at, next)));
    if (name === "ANMF") {
      const frame = bareRiffChunks(chunks.subarray(body + FRAME_HEAD_BYTES, body + length));
      if (!frame) return undefined;
      const head = Buffer.from(chunks.subarray(at, body + FRAME_HEAD_BYTES));
      head.writeUInt32LE(FRAME_HEAD_BYTES + frame.length, 4);
      kept.push(head, frame);
    }
    at = next;
  }
  return Buffer.concat(kept);
}

function withoutFlags(extended: Buffer): Buffer {
  const copy = Buffer.from(extended);
  copy.writeUInt8(copy.readUInt8(RIFF_CHUNK_HEAD_BYTES) & PIXEL_FLAGS, RIFF_CHUNK_HEAD_BYTES);
  return copy;
}

function bareGif(gif: Buffer): Buffer | undefined {
  const structure = gifStructure(gif);
  // Where libvips has to be shown that the canvas is transparent, other readers may take it for black.
  const tight = structure?.frames.every((frame) => isWholeFrame(frame, END_CODE_BYTES));
  return structure && tight && !withTransparentCanvas(gif, structure) ? gifBlocks(gif, structure.end) : undefined;
}
