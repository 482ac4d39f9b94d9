/** A box of an ISO media file (ISO/IEC 14496-12, 4.2): its name, and what it holds. */
export interface Box {
  readonly name: string;
  /** Where its body begins in the bytes that were read. */
  readonly at: number;
  readonly body: Buffer;
  /** Its length says that it ends behind the bytes there are. */
  readonly cutOff: boolean;
}

const HEAD_BYTES = 8;
const LONG_HEAD_BYTES = 16;
const [TO_THE_END, LONG] = [0, 1];

/** Version and flags, with which the body of some boxes begins. */
export const FULL_BOX_BYTES = 4;

/** The boxes one after the other, as far as they are well formed. */
export function boxesIn(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + HEAD_BYTES <= bytes.length; ) {
    const name = bytes.toString("latin1", at + 4, at + HEAD_BYTES);
    const short = bytes.readUInt32BE(at);
    if (short === LONG && at + LONG_HEAD_BYTES > bytes.length) break;
    const length =
      short === TO_THE_END
        ? bytes.length - at
        : short === LONG
          ? Number(bytes.readBigUInt64BE(at + HEAD_BYTES))
          : short;
    const head = short === LONG ? LONG_HEAD_BYTES : HEAD_BYTES;
    if (length < head) break;
    const cutOff = at + length > bytes.length;
    boxes.push({ name, at: at + head, body: bytes.subarray(at + head, at + length), cutOff });
    at += length;
  }
  return boxes;
}

/** The body of the first box of a name. */
export function bodyOf(boxes: readonly Box[], name: string): Buffer | undefined {
  return boxes.find((box) => box.name === name)?.body;
}

/** A box of 32 bits. */
export function box(name: string, body: Buffer): Buffer {
  const head = Buffer.from(`\0\0\0\0${name}`, "latin1");
  head.writeUInt32BE(HEAD_BYTES + body.length);
  return Buffer.concat([head, body]);
}
