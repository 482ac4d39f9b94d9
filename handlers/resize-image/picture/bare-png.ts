import { crc32 } from "node:zlib";
import { inflated } from "./inflated";

/** Changes the colours of a palette, three bytes each, in place. */
export type Recolour = (palette: Uint8Array) => void;

const SIGNATURE_BYTES = 8;
const CHUNK_HEAD_BYTES = 8; // Length and name.
const CHECKSUM_BYTES = 4;
const CHUNK_BYTES = CHUNK_HEAD_BYTES + CHECKSUM_BYTES;
const [GREY, RGB, PALETTE] = [0, 2, 3];
// https://www.w3.org/TR/png-3/#11IHDR
const CHANNELS: ReadonlyMap<number, number> = new Map([
  [GREY, 1],
  [RGB, 3],
  [PALETTE, 1],
  [4, 2],
  [6, 4],
]);

/** The head of a PNG. */
interface Head {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  readonly interlaced: boolean;
}

/**
 * The same PNG with its pixels alone, whose palette may have other colours; undefined where more stands in what holds them
 * than they need: https://www.w3.org/TR/png-3/#5Chunk-layout
 */
export function barePng(png: Buffer, recolour?: Recolour): Buffer | undefined {
  const chunks = chunksOf(png);
  const [first] = chunks ?? [];
  if (!chunks || first?.name !== "IHDR" || first.data.length !== 13) return undefined;
  const head = headOf(first.data);
  const bodies = (name: string) => chunks.filter((chunk) => chunk.name === name).map(({ data }) => data);
  const [palette, morePalettes] = head.colourType === PALETTE ? bodies("PLTE") : [];
  const [transparency, moreTransparency] = bodies("tRNS");
  if (morePalettes || moreTransparency) return undefined;
  if (palette && palette.length > 3 * 2 ** head.depth) return undefined;
  if (transparency && !isTransparency(transparency, head, palette)) return undefined;
  const pixels = bodies("IDAT");
  if (!isExactly(Buffer.concat(pixels), bytesOf(head))) return undefined;
  const colours = palette && Buffer.from(palette);
  if (colours) recolour?.(colours);
  return Buffer.concat([
    png.subarray(0, SIGNATURE_BYTES),
    chunkOf("IHDR", first.data),
    ...(colours ? [chunkOf("PLTE", colours)] : []),
    ...(transparency ? [chunkOf("tRNS", transparency)] : []),
    ...pixels.map((data) => chunkOf("IDAT", data)),
    chunkOf("IEND", Buffer.alloc(0)),
  ]);
}

interface Chunk {
  readonly name: string;
  readonly data: Buffer;
}

function chunksOf(png: Buffer): readonly Chunk[] | undefined {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE_BYTES; at + CHUNK_BYTES <= png.length; ) {
    const end = at + CHUNK_BYTES + png.readUInt32BE(at);
    if (end > png.length) return undefined;
    const name = png.toString("latin1", at + 4, at + CHUNK_HEAD_BYTES);
    if (name === "IEND") return chunks;
    chunks.push({ name, data: png.subarray(at + CHUNK_HEAD_BYTES, end - CHECKSUM_BYTES) });
    at = end;
  }
  return undefined;
}

function chunkOf(name: string, data: Buffer): Buffer {
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from(name, "latin1"), data, Buffer.alloc(CHECKSUM_BYTES)]);
  chunk.writeUInt32BE(data.length);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -CHECKSUM_BYTES)), chunk.length - CHECKSUM_BYTES);
  return chunk;
}

function headOf(data: Buffer): Head {
  return {
    width: data.readUInt32BE(0),
    height: data.readUInt32BE(4),
    depth: data.readUInt8(8),
    colourType: data.readUInt8(9),
    interlaced: data.readUInt8(12) === 1,
  };
}

function isTransparency({ length }: Buffer, { colourType }: Head, palette: Buffer | undefined): boolean {
  if (colourType === PALETTE) return palette !== undefined && 3 * length <= palette.length;
  return (colourType === GREY && length === 2) || (colourType === RGB && length === 6);
}

// Where the pixels of each pass begin, and how far they are apart: https://www.w3.org/TR/png-3/#8InterlaceMethods
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Bytes of all rows, the filter of each included. */
function bytesOf({ width, height, depth, colourType, interlaced }: Head): number {
  const passes = interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const);
  const bits = depth * (CHANNELS.get(colourType) ?? 0);
  return passes.reduce((sum, [left, top, across, down]) => {
    const [columns, rows] = [Math.ceil((width - left) / across), Math.ceil((height - top) / down)];
    return columns > 0 && rows > 0 ? sum + rows * (1 + Math.ceil((columns * bits) / 8)) : sum;
  }, 0);
}

/** Whether a zlib stream gives so many bytes, and ends where it does: with a byte less it is cut off. */
function isExactly(stream: Buffer, bytes: number): boolean {
  return inflated(stream, bytes)?.length === bytes && inflated(stream.subarray(0, -1), bytes) === undefined;
}
