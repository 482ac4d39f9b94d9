/** Who made a picture and who owns it, by EXIF's names: the only metadata a rendition keeps. */
export type Credits = Readonly<Record<string, string>>;

const PREFIX = "Exif\0\0";
// Tags of the first directory, https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf (4.6.5)
const TAGS: ReadonlyMap<number, string> = new Map([
  [0x013b, "Artist"],
  [0x8298, "Copyright"],
]);
const ASCII = 2;
const ENTRY_BYTES = 12;
const INLINE_BYTES = 4;
const MAX_CREDIT_CHARACTERS = 500; // A name or a notice, not a place to carry data past the check.

/** The credits in an EXIF block; undefined when there are none or the block is damaged. */
export function credits(exif: Buffer): Credits | undefined {
  const tiff = exif.toString("latin1", 0, PREFIX.length) === PREFIX ? exif.subarray(PREFIX.length) : exif;
  const order = tiff.toString("latin1", 0, 2);
  if (order !== "II" && order !== "MM") return undefined;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  try {
    const found = readDirectory(view, tiff, order === "II");
    return Object.keys(found).length > 0 ? found : undefined;
  } catch {
    return undefined; // A DataView refuses to read past its end: a damaged block has no credits to keep.
  }
}

function readDirectory(view: DataView, tiff: Buffer, littleEndian: boolean): Credits {
  const directory = view.getUint32(4, littleEndian);
  const found: Record<string, string> = {};
  for (let index = 0; index < view.getUint16(directory, littleEndian); index++) {
    const entry = directory + 2 + index * ENTRY_BYTES;
    const name = TAGS.get(view.getUint16(entry, littleEndian));
    if (!name || view.getUint16(entry + 2, littleEndian) !== ASCII) continue;
    const length = view.getUint32(entry + 4, littleEndian);
    const start = length <= INLINE_BYTES ? entry + 8 : view.getUint32(entry + 8, littleEndian);
    const text = printable(tiff.toString("utf8", start, Math.min(start + length, tiff.length)));
    if (text) found[name] = text.slice(0, MAX_CREDIT_CHARACTERS);
  }
  return found;
}

// The photographer's and the editor's copyright are kept apart by a NUL.
function printable(text: string): string {
  return text
    .split("\0")
    .map((part) => part.trim())
    .filter((part) => part)
    .join("; ");
}
