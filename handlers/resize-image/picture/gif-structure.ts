import { tableBytes } from "./gif-blocks";

/** A frame's place on the canvas, in pixels, and its LZW codes. */
interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly minimumBits: number;
  readonly codes: readonly Buffer[];
}

/** What a GIF is made of, as far as it is whole. */
export interface GifStructure {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Frame[];
  /** Some frame has a transparent colour. */
  readonly transparency: boolean;
  /** Behind the last frame, or what belongs to it. */
  readonly end: number;
}

// https://www.w3.org/Graphics/GIF/spec-gif89a.txt
const HEADER_BYTES = 13;
const [TRAILER, EXTENSION, IMAGE] = [0x3b, 0x21, 0x2c];
const GRAPHIC_CONTROL = 0xf9;
const IMAGE_DESCRIPTOR_BYTES = 10;

/** Reads the blocks of a GIF; undefined when one of them is cut off or none at all. Only the trailer may be missing. */
export function gifStructure(gif: Buffer): GifStructure | undefined {
  if (gif.length < HEADER_BYTES) return undefined;
  const frames: Frame[] = [];
  let transparency = false;
  let at = HEADER_BYTES + tableBytes(gif[10]);
  while (at < gif.length && gif[at] !== TRAILER) {
    if (gif[at] === EXTENSION) {
      if (gif[at + 1] === GRAPHIC_CONTROL && ((gif[at + 3] ?? 0) & 1) === 1) transparency = true;
      const data = subBlocks(gif, at + 2);
      if (!data) return undefined;
      at = data.end;
    } else if (gif[at] === IMAGE && at + IMAGE_DESCRIPTOR_BYTES < gif.length) {
      const word = (offset: number) => gif.readUInt16LE(at + offset);
      const place = { left: word(1), top: word(3), width: word(5), height: word(7) };
      const table = at + IMAGE_DESCRIPTOR_BYTES + tableBytes(gif[at + 9]);
      const data = subBlocks(gif, table + 1);
      if (!data) return undefined;
      frames.push({ ...place, minimumBits: gif[table] ?? 0, codes: data.parts });
      at = data.end;
    } else {
      return undefined;
    }
  }
  const [width, height] = [gif.readUInt16LE(6), gif.readUInt16LE(8)];
  return frames.length > 0 ? { width, height, frames, transparency, end: Math.min(at, gif.length) } : undefined;
}

function subBlocks(
  gif: Buffer,
  start: number,
): { readonly parts: readonly Buffer[]; readonly end: number } | undefined {
  const parts: Buffer[] = [];
  for (let at = start; at < gif.length; ) {
    const length = gif[at] ?? 0;
    if (length === 0) return { parts, end: at + 1 };
    parts.push(gif.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return undefined;
}

const MAX_CODES = 4096;
// Behind the last pixel comes the end, in a byte or two. Some files have a few more, and what is damaged has many.
const MOST_BYTES_BEHIND = 16;

/** And for a copy of them: what is more may be anything. */
export const END_CODE_BYTES = 2;

/**
 * Whether a frame's LZW codes give just as many pixels as it has. Nothing is written: of each code only the length is kept.
 * What comes behind the last pixel is not looked at, but for how much it is.
 */
export function isWholeFrame(frame: Frame, mostBehind = MOST_BYTES_BEHIND): boolean {
  const { codes: parts, minimumBits, width, height } = frame;
  if (minimumBits < 1 || minimumBits > 11) return false;
  const clear = 2 ** minimumBits;
  const lengths = new Uint32Array(MAX_CODES).fill(1);
  let [bits, next, previous, left] = [minimumBits + 1, clear + 2, -1, width * height];
  let [buffer, buffered] = [0, 0];
  let behind = parts.reduce((sum, { length }) => sum + length, 0);
  for (const part of parts) {
    for (const byte of part) {
      behind--;
      buffer |= byte << buffered;
      buffered += 8;
      while (buffered >= bits) {
        const code = buffer & (2 ** bits - 1);
        buffer >>>= bits;
        buffered -= bits;
        if (code === clear) {
          [bits, next, previous] = [minimumBits + 1, clear + 2, -1];
          continue;
        }
        // The end, or a code that nothing has been said of yet.
        if (code === clear + 1 || code > next || (code === next && previous < 0)) return left <= 0;
        if (previous >= 0 && next < MAX_CODES) {
          lengths[next] = (lengths[previous] ?? 0) + 1;
          next++;
          if (next === 2 ** bits && bits < 12) bits++;
        }
        left -= lengths[code] ?? 0;
        if (left <= 0) return left === 0 && behind <= mostBehind;
        previous = code;
      }
    }
  }
  return left <= 0;
}

/** A frame of one pixel in a transparent colour. */
const TRANSPARENT_FRAME = Buffer.from(
  "21f9040100000000" + "2c0000000001000100" + "80000000000000" + "0202440100" + "3b",
  "hex",
);

/**
 * The same GIF in a form in which libvips keeps the canvas transparent that no frame covers: it does so when any frame
 * has a transparent colour, so one is put behind the last. undefined where the first frame covers all.
 */
export function withTransparentCanvas(gif: Buffer, structure: GifStructure): Buffer | undefined {
  const { frames, width, height, transparency, end } = structure;
  const [first] = frames;
  const covered = first && first.left === 0 && first.top === 0 && first.width >= width && first.height >= height;
  return covered || transparency ? undefined : Buffer.concat([gif.subarray(0, end), TRANSPARENT_FRAME]);
}
