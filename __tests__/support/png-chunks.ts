import { crc32 } from "node:zlib";

/** A chunk of a PNG: https://www.w3.org/TR/png-3/#5Chunk-layout */
export function pngChunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

const SIGNATURE_AND_HEADER_BYTES = 33;

/** A PNG with more chunks behind its header. */
export function withChunks(png: Buffer, ...chunks: readonly Buffer[]): Buffer {
  const at = SIGNATURE_AND_HEADER_BYTES;
  return Buffer.concat([png.subarray(0, at), ...chunks, png.subarray(at)]);
}
