import { crc32 } from "node:zlib";
import { embedInAvif } from "./embed-in-avif";
import { type Credits, creditFields, exifBlock } from "./exif";
import type { ImageFormat } from "./formats";
import { writeDirectory } from "./tiff-directory";

/**
 * The file that sharp made of bare pixels with its source's credits as the only metadata. Written here, as libvips would
 * carry over a source's EXIF whole, its thumbnail too, and change letters on the way. GIF has no place for them.
 */
export function embedCredits(file: Buffer, format: ImageFormat, credits: Credits): Buffer {
  switch (format) {
    case "jpeg":
      return embedInJpeg(file, exifBlock(credits));
    case "png":
      return embedInPng(file, exifBlock(credits));
    case "webp":
      return embedInWebp(file, exifBlock(credits));
    case "avif":
      return embedInAvif(file, exifBlock(credits));
    case "tiff":
      return embedInTiff(file, credits);
    case "gif":
      return file;
  }
}

// A segment APP1 behind JFIF's APP0, where that is: CIPA DC-008-2023 (4.5.4) and what cameras and editors write.
function embedInJpeg(file: Buffer, exif: Buffer): Buffer {
  const jfif = file.readUInt16BE(2) === 0xffe0;
  const at = jfif ? 4 + file.readUInt16BE(4) : 2;
  const head = Buffer.from("\xff\xe1\0\0Exif\0\0", "latin1");
  head.writeUInt16BE(head.length - 2 + exif.length, 2);
  return Buffer.concat([file.subarray(0, at), head, exif, file.subarray(at)]);
}

const PNG_SIGNATURE_AND_HEADER_BYTES = 8 + 25;

// https://www.w3.org/TR/png-3/#eXIf
function embedInPng(file: Buffer, exif: Buffer): Buffer {
  const at = PNG_SIGNATURE_AND_HEADER_BYTES;
  const body = Buffer.concat([Buffer.from("eXIf"), exif]);
  return Buffer.concat([file.subarray(0, at), uint32(exif.length), body, uint32(crc32(body)), file.subarray(at)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const RIFF_HEADER_BYTES = 12;
const EXIF_FLAG = 0x08;
const ALPHA_FLAG = 0x10;

// https://developers.google.com/speed/webp/docs/riff_container
function embedInWebp(file: Buffer, exif: Buffer): Buffer {
  const head = Buffer.from(file.subarray(0, RIFF_HEADER_BYTES));
  const chunks = file.subarray(RIFF_HEADER_BYTES);
  const extended = chunks.toString("latin1", 0, 4) === "VP8X" ? Buffer.from(chunks) : extend(chunks);
  extended.writeUInt8(extended.readUInt8(8) | EXIF_FLAG, 8);
  const body = Buffer.concat([extended, riffChunk("EXIF", exif)]);
  head.writeUInt32LE(4 + body.length, 4);
  return Buffer.concat([head, body]);
}

/** The one chunk of a simple file behind the header an extended one has. */
function extend(chunk: Buffer): Buffer {
  const lossless = chunk.toString("latin1", 0, 4) === "VP8L";
  const header = Buffer.alloc(10);
  // VP8L holds both less one, 14 bits each, and whether there is alpha; VP8 holds both as they are behind its start code.
  const packed = lossless ? chunk.readUInt32LE(9) : 0;
  const width = lossless ? packed & 0x3fff : (chunk.readUInt16LE(14) & 0x3fff) - 1;
  const height = lossless ? (packed >> 14) & 0x3fff : (chunk.readUInt16LE(16) & 0x3fff) - 1;
  header.writeUInt8((packed >> 28) & 1 ? ALPHA_FLAG : 0, 0);
  header.writeUIntLE(width, 4, 3);
  header.writeUIntLE(height, 7, 3);
  return Buffer.concat([riffChunk("VP8X", header), chunk]);
}

function riffChunk(name: string, data: Buffer): Buffer {
  const head = Buffer.from(`${name}\0\0\0\0`, "latin1");
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

const ENTRY_BYTES = 12;

// The directory is written again at the end, with the two tags in it; the old one is left where it is.
function embedInTiff(file: Buffer, credits: Credits): Buffer {
  if (file.toString("latin1", 0, 4) !== "II*\0") throw new Error("Expected sharp to write classic little-endian TIFF");
  const directory = file.readUInt32LE(4);
  const entries = Array.from({ length: file.readUInt16LE(directory) }, (_, index) => {
    const entry = directory + 2 + index * ENTRY_BYTES;
    return file.subarray(entry, entry + ENTRY_BYTES);
  });
  const padding = Buffer.alloc(file.length % 2); // A directory begins at an even place.
  const at = file.length + padding.length;
  const whole = Buffer.concat([file, padding, writeDirectory(entries, creditFields(credits), at)]);
  whole.writeUInt32LE(at, 4);
  return whole;
}
