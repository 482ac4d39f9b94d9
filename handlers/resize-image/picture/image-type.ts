import { Refusal } from "../errors";
import type { ImageFormat } from "./formats";

type Signature = (start: string) => boolean;

const begins = (...alternatives: readonly string[]): Signature => {
  return (start) => alternatives.some((bytes) => start.startsWith(bytes));
};

// ISO media files begin with a box: its length, "ftyp", the brand and its version, then compatible brands, 4 bytes each.
const isIsoMedia: Signature = (start) => start.startsWith("ftyp", 4);
const isAvif: Signature = (start) => isIsoMedia(start) && /^(.{4})*?avi[fs]/s.test(start.slice(8));

const SERVED: readonly (readonly [ImageFormat, Signature])[] = [
  ["jpeg", begins("\xff\xd8\xff")],
  ["png", begins("\x89PNG\r\n\x1a\n")],
  ["gif", begins("GIF87a", "GIF89a")],
  ["webp", (start) => start.startsWith("RIFF") && start.startsWith("WEBP", 8)],
  ["tiff", begins("II*\0", "MM\0*", "II+\0", "MM\0+")],
  ["avif", isAvif],
];

// Pictures and documents that sharp or other programs open and this function does not: said by name.
const NOT_SERVED: readonly (readonly [string, Signature])[] = [
  ["HEIF or another ISO media file", isIsoMedia],
  ["PDF", begins("%PDF")],
  ["SVG or other XML", (start) => /^(\xef\xbb\xbf)?\s*<(\?xml|!DOCTYPE|!--|svg)/i.test(start)],
  ["JPEG XL", begins("\xff\x0a", "\0\0\0\x0cJXL ")],
  ["JPEG 2000", begins("\0\0\0\x0cjP  ", "\xff\x4f\xff\x51")],
  ["BMP", (start) => start.startsWith("BM") && start.startsWith("\0\0\0\0", 6)],
  ["Photoshop", begins("8BPS")],
  ["an icon", begins("\0\0\x01\0", "\0\0\x02\0")],
];

const INSPECTED_BYTES = 64; // Enough for a file type box with a dozen brands.

/**
 * Tells the format by content; names and declared types are not asked.
 * @throws Refusal SourceEmpty, UnsupportedFormat, NotAnImage
 */
export function imageType(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new Refusal("SourceEmpty", "Expected a picture but the object has no bytes");
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, INSPECTED_BYTES)).toString("latin1");
  const served = SERVED.find(([, matches]) => matches(start));
  if (served) return served[0];
  const expected = `Expected ${SERVED.map(([format]) => format).join(", ")}`;
  const notServed = NOT_SERVED.find(([, matches]) => matches(start));
  if (notServed) throw new Refusal("UnsupportedFormat", `${expected} but received ${notServed[0]}`);
  throw new Refusal("NotAnImage", `${expected} but the content starts with ${JSON.stringify(start.slice(0, 12))}`);
}
