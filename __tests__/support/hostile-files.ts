import { deflateSync } from "node:zlib";
import { frames, photoLike } from "./pictures";
import { pngChunk } from "./png-chunks";

/** Small valid pictures of every kind served, by a name for each. */
export async function goodPictures(): Promise<Map<string, Buffer>> {
  const photo = photoLike(160, 120);
  const moving = await frames(["#ff0000", "#00ff0080", "#0000ff"], 60);
  return new Map([
    [
      "baseline.jpg",
      await photo
        .clone()
        .withIccProfile("p3")
        .withExif({ IFD0: { Artist: "Ada" } })
        .jpeg()
        .toBuffer(),
    ],
    ["progressive.jpg", await photo.clone().jpeg({ progressive: true }).toBuffer()],
    ["plain.png", await photo.clone().png().toBuffer()],
    ["interlaced.png", await photo.clone().ensureAlpha(0.5).png({ progressive: true }).toBuffer()],
    ["palette.png", await photo.clone().png({ palette: true }).toBuffer()],
    ["lossy.webp", await photo.clone().webp().toBuffer()],
    ["lossless.webp", await photo.clone().webp({ lossless: true }).toBuffer()],
    ["moving.webp", await moving.clone().webp().toBuffer()],
    ["moving.gif", await moving.clone().gif().toBuffer()],
    ["still.gif", await photo.clone().gif().toBuffer()],
    ["still.avif", await photo.clone().avif({ effort: 0 }).toBuffer()],
    ["deflate.tiff", await photo.clone().tiff({ compression: "deflate" }).toBuffer()],
    [
      "tiled.tiff",
      await photo.clone().tiff({ compression: "lzw", tile: true, tileWidth: 64, tileHeight: 64 }).toBuffer(),
    ],
  ]);
}

/** The file with some bytes changed: one, a handful, or a run of them, more often near the start where headers are. */
export function corrupted(file: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(file);
  const anywhere = () => Math.floor(copy.length * (random() < 0.5 ? random() ** 4 : random()));
  const changes = 1 + Math.floor(random() * 8);
  for (let change = 0; change < changes; change++) {
    const at = anywhere();
    const length = random() < 0.2 ? Math.floor(random() * 64) : 1;
    const interesting = [0x00, 0xff, 0x7f, 0x80, Math.floor(random() * 256)];
    copy.fill(interesting[Math.floor(random() * interesting.length)] ?? 0, at, Math.min(copy.length, at + length));
  }
  return copy;
}

function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return pngChunk("IHDR", header);
}

const PNG_SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const MEGABYTE = 1024 * 1024;

/** Small files that promise, or unpack to, far more than any picture needs; with the name they are refused by. */
export function bombs(good: ReadonlyMap<string, Buffer>): Map<string, readonly [file: Buffer, refusal: string]> {
  const file = (name: string) => Buffer.from(good.get(name) ?? "");
  const sizedJpeg = file("baseline.jpg");
  const frame = sizedJpeg.indexOf(Buffer.from([0xff, 0xc0]));
  sizedJpeg.writeUInt16BE(65_000, frame + 5);
  sizedJpeg.writeUInt16BE(65_000, frame + 7);
  const sizedGif = file("moving.gif");
  sizedGif.writeUInt16LE(65_000, 6);
  sizedGif.writeUInt16LE(65_000, 8);
  const rows = deflateSync(Buffer.alloc(40_000 * 1_251));
  const image = (width: number, height: number, ...chunks: Buffer[]) =>
    Buffer.concat([
      PNG_SIGNATURE,
      pngHeader(width, height),
      ...chunks,
      pngChunk("IDAT", rows),
      pngChunk("IEND", Buffer.alloc(0)),
    ]);
  const text = pngChunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), deflateSync(Buffer.alloc(200 * MEGABYTE))]));
  return new Map([
    ["a PNG of 1600 megapixels of zeros", [image(40_000, 40_000), "TooManyPixels"]],
    ["a PNG 100000 pixels long", [image(100_000, 1), "DimensionsTooLarge"]],
    ["a JPEG that says 65000 x 65000", [sizedJpeg, "TooManyPixels"]],
    // libnsgif goes by the frames instead, and they are small.
    ["a GIF that says 65000 x 65000", [sizedGif, "any"]],
    ["a PNG with 200 MB of comment", [image(100, 100, text), "any"]],
  ]);
}

/** What is no picture that is served; with the name it is refused by. */
export const NOT_PICTURES: ReadonlyMap<string, readonly [file: Buffer, refusal: string]> = new Map([
  ["nothing", [Buffer.alloc(0), "SourceEmpty"]],
  ["text", [Buffer.from("hello"), "NotAnImage"]],
  ["one byte", [Buffer.from([0xff]), "NotAnImage"]],
  ["SVG", [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), "UnsupportedFormat"]],
  ["SVG after a declaration", [Buffer.from('\ufeff<?xml version="1.0"?>\n<svg/>'), "UnsupportedFormat"]],
  ["PDF", [Buffer.from("%PDF-1.7\n"), "UnsupportedFormat"]],
  ["HEIC", [Buffer.from("\0\0\0\x18ftypheic\0\0\0\0heicmif1"), "UnsupportedFormat"]],
  ["a film", [Buffer.from("\0\0\0\x18ftypisom\0\0\0\0isomavc1"), "UnsupportedFormat"]],
  ["BMP", [Buffer.from("BM\x10\x10\0\0\0\0\0\0\x36\0\0\0"), "UnsupportedFormat"]],
  ["an icon", [Buffer.from("\0\0\x01\0\x01\0"), "UnsupportedFormat"]],
  ["Photoshop", [Buffer.from("8BPS\0\x01"), "UnsupportedFormat"]],
  ["JPEG 2000", [Buffer.from("\0\0\0\x0cjP  \r\n\x87\n", "latin1"), "UnsupportedFormat"]],
  ["JPEG XL", [Buffer.from([0xff, 0x0a, 0, 0]), "UnsupportedFormat"]],
  ["a PPM, which sharp would open", [Buffer.from("P6 1 1 255\n\0\0\0"), "NotAnImage"]],
]);
