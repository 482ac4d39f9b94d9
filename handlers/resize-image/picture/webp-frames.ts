import type { Deadline } from "../deadline";
import { Refusal } from "../errors";
import { decoding, open } from "./decoding";
import type { Size } from "./geometry";
import type { Header } from "./header";
import { MAX_FRAMES, MAX_SOURCE_PIXELS } from "./limits";

// https://developers.google.com/speed/webp/docs/riff_container
const RIFF_HEADER_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;
const FRAME_HEAD_BYTES = 16;
const EXTENDED = "VP8X";
const CANVAS = RIFF_HEADER_BYTES + CHUNK_HEAD_BYTES + 4;
const PIXELS = new Set(["VP8 ", "VP8L"]);
const ALPHA = "ALPH";
const ALPHA_FLAG = 0x10;
// Encoders leave two bytes at most that decoders do not need: what is left over beyond this is no longer the same picture.
const SPARE_BYTES = 4;

interface Chunk {
  readonly name: string;
  readonly data: Buffer;
}

/** The size of a WebP where it says that of all its frames; a frame alone is no larger than what is read. */
export function webpCanvas(webp: Buffer): Size | undefined {
  if (webp.toString("latin1", RIFF_HEADER_BYTES, RIFF_HEADER_BYTES + 4) !== EXTENDED) return undefined;
  if (webp.length < CANVAS + 6) return undefined;
  return { width: webp.readUIntLE(CANVAS, 3) + 1, height: webp.readUIntLE(CANVAS + 3, 3) + 1 };
}

/**
 * Checks that every frame of an animated WebP is whole, whichever of them are shown. Those that are too many to be kept are not
 * looked at. In the middle of a frame any bytes
 * are a picture, but hardly ever one that takes as many of them: so it must not be whole, too, when some are missing.
 * @throws Refusal CorruptImage, DeadlineExceeded
 */
export async function checkFrames(webp: Buffer, header: Header, deadline: Deadline): Promise<void> {
  const { format, frames, width, height } = header;
  if (format !== "webp" || frames === 1 || frames > MAX_FRAMES || frames * width * height > MAX_SOURCE_PIXELS) return;
  for (const { name, data } of chunksIn(webp.subarray(RIFF_HEADER_BYTES))) {
    if (name !== "ANMF" || data.length < FRAME_HEAD_BYTES) continue;
    const size = data.subarray(6, 12);
    const chunks = chunksIn(data.subarray(FRAME_HEAD_BYTES)).filter(({ name }) => PIXELS.has(name) || name === ALPHA);
    await decoding(deadline, decoded(stillOf(size, chunks), deadline));
    const short = chunks.map((chunk) => (PIXELS.has(chunk.name) ? shortened(chunk) : chunk));
    const enough = await decoded(stillOf(size, short), deadline).then(
      () => true,
      () => false,
    );
    if (enough) {
      throw new Refusal(
        "CorruptImage",
        "Expected a whole picture but a frame of the WebP has more bytes than its pixels",
      );
    }
  }
}

/** Whether a still WebP of its pixels alone has no byte more than they need, but for a few. */
export async function isTightWebp(webp: Buffer, { width, height }: Size, deadline: Deadline): Promise<boolean> {
  const size = Buffer.alloc(6);
  size.writeUIntLE(width - 1, 0, 3);
  size.writeUIntLE(height - 1, 3, 3);
  const all = chunksIn(webp.subarray(RIFF_HEADER_BYTES));
  if (all.some(({ name }) => name === "ANMF")) return true; // Its frames have been checked.
  const chunks = all.filter(({ name }) => PIXELS.has(name) || name === ALPHA);
  // A VP8L picture has its transparency in itself.
  if (chunks.length > 1 && !chunks.some(({ name }) => name === "VP8 ")) return false;
  const decodes = (some: readonly Chunk[]) =>
    decoded(stillOf(size, some), deadline).then(
      () => true,
      () => false,
    );
  for (const chunk of chunks) {
    if (await decodes(chunks.map((other) => (other === chunk ? shortened(other) : other)))) return false;
  }
  return decodes(chunks);
}

/** Decodes a picture, and keeps next to nothing of it. */
function decoded(webp: Buffer, deadline: Deadline): Promise<unknown> {
  return open(webp, deadline).resize(1, 1, { fit: "fill", kernel: "nearest" }).raw().toBuffer();
}

function chunksIn(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at + CHUNK_HEAD_BYTES <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    const start = at + CHUNK_HEAD_BYTES;
    chunks.push({ name: bytes.toString("latin1", at, at + 4), data: bytes.subarray(start, start + length) });
    at = start + length + (length % 2);
  }
  return chunks;
}

function shortened({ name, data }: Chunk): Chunk {
  return { name, data: data.subarray(0, Math.max(0, data.length - SPARE_BYTES)) };
}

/** A frame as a picture of its own; its width and height less one are where an extended file has them, three bytes each. */
function stillOf(size: Buffer, chunks: readonly Chunk[]): Buffer {
  const extended = Buffer.concat([Buffer.alloc(4), size]);
  if (chunks.some(({ name }) => name === ALPHA)) extended.writeUInt8(ALPHA_FLAG, 0);
  const body = Buffer.concat([{ name: EXTENDED, data: extended }, ...chunks].flatMap(written));
  const head = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
  head.writeUInt32LE(4 + body.length, 4);
  return Buffer.concat([head, body]);
}

function written({ name, data }: Chunk): Buffer[] {
  const head = Buffer.from(`${name}\0\0\0\0`, "latin1");
  head.writeUInt32LE(data.length, 4);
  return [head, data, Buffer.alloc(data.length % 2)];
}
