import { crc32 } from "node:zlib";
import { bareTiff } from "./bare-tiff";
import type { ImageFormat } from "./formats";
import { gifBlocks } from "./gif-blocks";
import { gifStructure, withTransparentCanvas } from "./gif-structure";
import { endsImage, jpegSegments, type Segment } from "./jpeg-segments";

/** Changes the colours of a palette, three bytes each, in place. */
type Recolour = (palette: Uint8Array) => void;

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

const [APP0, APP14, APP15, COMMENT] = [0xe0, 0xee, 0xef, 0xfe];
// Version 1.1, an aspect ratio of 1, no thumbnail: https://www.w3.org/Graphics/JPEG/jfif3.pdf
const JFIF = Buffer.from("ffe000104a46494600010100000100010000", "hex");
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);

function bareJpeg(jpeg: Buffer): Buffer | undefined {
  const segments = [...jpegSegments(jpeg, "whole")];
  const last = segments.at(-1);
  if (!last || !endsImage(jpeg, last)) return undefined;
  // Whether there is JFIF decides how decoders take the colours; Adobe's segment says it, and has nothing else in it.
  const isKept = ({ marker }: Segment) => marker < APP0 || marker === APP14 || (marker > APP15 && marker !== COMMENT);
  const kept = segments.filter(isKept).map(({ start, end }) => jpeg.subarray(start, end));
  const jfif = segments.some(
    ({ marker, start }) => marker === APP0 && jpeg.toString("latin1", start + 4, start + 8) === "JFIF",
  );
  return Buffer.concat([jpeg.subarray(0, 2), ...(jfif ? [JFIF] : []), ...kept, END_OF_IMAGE]);
}

const PNG_SIGNATURE_BYTES = 8;
const PNG_CHUNK_HEAD_BYTES = 8; // Length and name.
const PNG_CHECKSUM_BYTES = 4;
const PNG_CHUNK_BYTES = PNG_CHUNK_HEAD_BYTES + PNG_CHECKSUM_BYTES;
const PNG_PIXELS = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);

// https://www.w3.org/TR/png-3/#5Chunk-layout
function barePng(png: Buffer, recolour?: Recolour): Buffer | undefined {
  const kept = [png.subarray(0, PNG_SIGNATURE_BYTES)];
  for (let at = PNG_SIGNATURE_BYTES; at + PNG_CHUNK_BYTES <= png.length; ) {
    const end = at + PNG_CHUNK_BYTES + png.readUInt32BE(at);
    if (end > png.length) return undefined;
    const name = png.toString("latin1", at + 4, at + 8);
    const chunk = png.subarray(at, end);
    if (PNG_PIXELS.has(name)) kept.push(name === "PLTE" && recolour ? recoloured(chunk, recolour) : chunk);
    if (name === "IEND") return Buffer.concat(kept);
    at = end;
  }
  return undefined;
}

function recoloured(chunk: Buffer, recolour: Recolour): Buffer {
  const copy = Buffer.from(chunk);
  recolour(copy.subarray(PNG_CHUNK_HEAD_BYTES, -PNG_CHECKSUM_BYTES));
  copy.writeUInt32BE(crc32(copy.subarray(4, -PNG_CHECKSUM_BYTES)), copy.length - PNG_CHECKSUM_BYTES);
  return copy;
}

const RIFF_HEADER_BYTES = 12;
const RIFF_CHUNK_HEAD_BYTES = 8;
const FRAME_HEAD_BYTES = 16;
const WEBP_PIXELS = new Set(["ANIM", "ALPH", "VP8 ", "VP8L"]);
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
  for (let at = 0; at + RIFF_CHUNK_HEAD_BYTES <= chunks.length; ) {
    const name = chunks.toString("latin1", at, at + 4);
    const length = chunks.readUInt32LE(at + 4);
    const body = at + RIFF_CHUNK_HEAD_BYTES;
    if (body + length > chunks.length) return undefined;
    const next = body + length + (length % 2);
    if (WEBP_PIXELS.has(name)) kept.push(chunks.subarray(at, next));
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
  return structure && !withTransparentCanvas(gif, structure) ? gifBlocks(gif, structure.end) : undefined;
}
