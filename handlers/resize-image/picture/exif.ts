/** Who made a picture and who owns it, by EXIF's names: the only metadata a rendition keeps. */
export type Credits = Readonly<Record<string, string>>;

/** What is read of an EXIF block. */
export interface Exif {
  /** 1 to 8. */
  readonly orientation?: number;
  readonly credits?: Credits;
}

const PREFIX = "Exif\0\0";
// The first directory, https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf (4.6.2, 4.6.5)
const ORIENTATION = 0x0112;
const CREDITS: ReadonlyMap<number, string> = new Map([
  [0x013b, "Artist"],
  [0x8298, "Copyright"],
]);
const ASCII = 2;
const SHORT = 3;
const ENTRY_BYTES = 12;
const INLINE_BYTES = 4;
const MAGIC = 42;
const LAST_ORIENTATION = 8;
const MAX_CREDIT_CHARACTERS = 500; // A name or a notice, not a place to carry data past the check.

/** Reads an EXIF block; undefined when anything about it is odd. */
export function readExif(exif: Buffer): Exif | undefined {
  const tiff = exif.toString("latin1", 0, PREFIX.length) === PREFIX ? exif.subarray(PREFIX.length) : exif;
  const order = tiff.toString("latin1", 0, 2);
  if (order !== "II" && order !== "MM") return undefined;
  try {
    return readDirectory(tiff, order === "II");
  } catch {
    return undefined; // A DataView refuses to read past its end: the block is damaged.
  }
}

function readDirectory(tiff: Buffer, littleEndian: boolean): Exif | undefined {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (view.getUint16(2, littleEndian) !== MAGIC) return undefined;
  const directory = view.getUint32(4, littleEndian);
  let orientation: number | undefined;
  const credits: Record<string, string> = {};
  for (let index = 0; index < view.getUint16(directory, littleEndian); index++) {
    const entry = directory + 2 + index * ENTRY_BYTES;
    const [tag, type] = [view.getUint16(entry, littleEndian), view.getUint16(entry + 2, littleEndian)];
    const length = view.getUint32(entry + 4, littleEndian);
    if (tag === ORIENTATION) {
      orientation = view.getUint16(entry + 8, littleEndian);
      if (type !== SHORT || length !== 1 || orientation < 1 || orientation > LAST_ORIENTATION) return undefined;
    }
    const credit = CREDITS.get(tag);
    if (!credit || type !== ASCII) continue;
    const start = length <= INLINE_BYTES ? entry + 8 : view.getUint32(entry + 8, littleEndian);
    const text = printable(tiff.toString("utf8", start, Math.min(start + length, tiff.length)));
    if (text) credits[credit] = text.slice(0, MAX_CREDIT_CHARACTERS);
  }
  return { ...(orientation && { orientation }), ...(Object.keys(credits).length > 0 && { credits }) };
}

// The photographer's and the editor's copyright are kept apart by a NUL.
function printable(text: string): string {
  return text
    .split("\0")
    .map((part) => part.trim())
    .filter((part) => part)
    .join("; ");
}
