import { type TextField, TiffDirectory, writeDirectory } from "./tiff-directory";

/** Who made a picture and who owns it, by EXIF's names: the only metadata a rendition keeps. */
export interface Credits {
  readonly artist?: string;
  /** The photographer's and the editor's are kept apart by a NUL. */
  readonly copyright?: string;
}

const PREFIX = "Exif\0\0";
// https://www.cipa.jp/std/documents/download_e.html?DC-008-Translation-2023-E (4.6.4, 4.6.5)
const ORIENTATION = 0x0112;
const ARTIST = 0x013b;
const COPYRIGHT = 0x8298;
const LAST_ORIENTATION = 8;
// Two of them, three times as long in UTF-8 as they may be in Latin-1, fit into the one segment a JPEG has for EXIF.
const MAX_CREDIT_BYTES = 10_000;

/** The first directory of an EXIF block, with the prefix some formats have or without. */
export function exifDirectory(exif: Buffer): TiffDirectory | undefined {
  return TiffDirectory.first(
    exif.toString("latin1", 0, PREFIX.length) === PREFIX ? exif.subarray(PREFIX.length) : exif,
  );
}

/** The orientation a directory gives, 1 to 8; "odd" when what it gives is none. */
export function orientationIn(directory: TiffDirectory): number | "odd" {
  if (!directory.has(ORIENTATION)) return 1;
  const [orientation = 0, ...more] = directory.numbers(ORIENTATION) ?? [];
  return orientation < 1 || orientation > LAST_ORIENTATION || more.length > 0 ? "odd" : orientation;
}

/** The credits a directory gives; undefined when there are none. */
export function creditsIn(directory: TiffDirectory): Credits | undefined {
  const artist = credit(directory.text(ARTIST));
  const copyright = credit(directory.text(COPYRIGHT));
  return artist || copyright ? { ...(artist && { artist }), ...(copyright && { copyright }) } : undefined;
}

// Older programs write Windows' Latin-1, whose letters hardly ever make valid UTF-8.
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LATIN1 = new TextDecoder("windows-1252");
// Not text: a damaged tag that points to other bytes of the file. Lines, tabs and the NUL between two notices are.
const UNPRINTABLE = /[^\P{Cc}\0\t\n\r]/u;

function credit(bytes: Buffer | undefined): string | undefined {
  if (!bytes || bytes.length > MAX_CREDIT_BYTES) return undefined;
  const text = decodeText(bytes).replace(/\0+$/, "");
  return UNPRINTABLE.test(text) || !/[^\0\s]/.test(text) ? undefined : text;
}

function decodeText(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return LATIN1.decode(bytes);
  }
}

/** Fields of text for a TIFF directory, in the order of their tags, as it wants them. */
export function creditFields({ artist, copyright }: Credits): readonly TextField[] {
  const fields = [
    { tag: ARTIST, text: artist },
    { tag: COPYRIGHT, text: copyright },
  ];
  return fields.flatMap(({ tag, text }) => (text ? [{ tag, bytes: Buffer.from(`${text}\0`) }] : []));
}

/** An EXIF block (without prefix) of the two credits and nothing else. Its text is UTF-8, whatever the source's was. */
export function exifBlock(credits: Credits): Buffer {
  return Buffer.concat([Buffer.from("II*\0\x08\0\0\0", "latin1"), writeDirectory([], creditFields(credits), 8)]);
}
