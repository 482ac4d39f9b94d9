// https://www.w3.org/Graphics/GIF/spec-gif89a.txt
const HEADER_BYTES = 13;
const IMAGE_DESCRIPTOR_BYTES = 10;
const [TRAILER, EXTENSION, IMAGE] = [0x3b, 0x21, 0x2c];
const [GRAPHIC_CONTROL, APPLICATION] = [0xf9, 0xff];
const LOOPS = new Set(["NETSCAPE2.0", "ANIMEXTS1.0"]);

/** How long a block is without the zero at its end, and where the length of its numbers stands. */
interface Extent {
  readonly whole: number;
  readonly length: number;
  readonly at: number;
}

const CONTROL_BYTES: Extent = { whole: 7, length: 4, at: 2 };
const LOOP_BYTES: Extent = { whole: 18, length: 3, at: 14 };

/** The blocks of a whole GIF that show something, how often it repeats included; what is said besides is left out. */
export function gifBlocks(gif: Buffer, end: number): Buffer {
  const first = HEADER_BYTES + tableBytes(gif[10]);
  const kept = [gif.subarray(0, first)];
  for (let at = first; at < end; ) {
    const start = at;
    const isImage = gif[at] === IMAGE;
    const label = gif[at + 1];
    at = isImage ? at + IMAGE_DESCRIPTOR_BYTES + tableBytes(gif[at + 9]) + 1 : at + 2;
    while ((gif[at] ?? 0) > 0) at += 1 + (gif[at] ?? 0);
    at++;
    const isLoop = label === APPLICATION && LOOPS.has(gif.toString("latin1", start + 3, start + 14));
    if (isImage) kept.push(gif.subarray(start, at));
    else if (gif[start] === EXTENSION && label === GRAPHIC_CONTROL) kept.push(firstBytes(gif, start, CONTROL_BYTES));
    else if (gif[start] === EXTENSION && isLoop) kept.push(firstBytes(gif, start, LOOP_BYTES));
  }
  return Buffer.concat([...kept, Buffer.from([TRAILER])]);
}

// Readers pass over what comes behind the numbers of a block.
function firstBytes(gif: Buffer, start: number, { whole, length, at }: Extent): Buffer {
  const block = Buffer.concat([gif.subarray(start, start + whole), Buffer.alloc(1)]);
  block[at] = length;
  return block;
}

/** The bytes of a colour table that the flags of a header or a frame tell of. */
export function tableBytes(flags = 0): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}
