import { deflateSync, inflateSync } from "node:zlib";
import sharp from "sharp";
import { Deadline } from "../../../../handlers/resize-image/deadline";
import { bareCopy } from "../../../../handlers/resize-image/picture/bare-copy";
import { isTight } from "../../../../handlers/resize-image/picture/tight";
import { pngChunk } from "../../../support/png-chunks";

const SECRET = Buffer.from("PRIVATE-51.5N-0.1W");
const SIZE = { width: 60, height: 60 };

const scene = (opacity = 1) =>
  sharp(
    Buffer.from(`<svg width="60" height="60" xmlns="http://www.w3.org/2000/svg">
    <rect width="100%" height="100%" fill="#fff" opacity="${opacity}"/><circle cx="30" cy="30" r="20" fill="#c33"/></svg>`),
  );

type Format = "jpeg" | "png" | "webp" | "gif";

async function served(file: Buffer, format: Format): Promise<Buffer | undefined> {
  const copy = bareCopy(file, format);
  return copy && (await isTight(copy, format, SIZE, new Deadline(60_000))) ? copy : undefined;
}

function segment(marker: number, ...data: readonly (string | Buffer)[]): Buffer {
  const body = Buffer.concat(data.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

type Change = (file: Buffer) => Buffer;

const at =
  (place: (file: Buffer) => number, added: Buffer): Change =>
  (file) =>
    Buffer.concat([file.subarray(0, place(file)), added, file.subarray(place(file))]);
const start = () => 2;
const end = (jpeg: Buffer) => jpeg.lastIndexOf(Buffer.from([0xff, 0xd9]));
const secondScan = (jpeg: Buffer) => {
  const scan = Buffer.from([0xff, 0xda]);
  return jpeg.indexOf(scan, jpeg.indexOf(scan) + 2);
};

const JPEG: ReadonlyArray<readonly [string, Change]> = [
  ...[0xe0, 0xe1, 0xe2, 0xed, 0xee, 0xef, 0xfe, 0xf0, 0xdc, 0xde].map(
    (marker) => [`in a segment 0x${marker.toString(16)}`, at(start, segment(marker, SECRET))] as const,
  ),
  ["behind Adobe's numbers", at(start, segment(0xee, "Adobe\0d\0\0\0\0\x01", SECRET))],
  ["behind JFIF's", at(start, segment(0xe0, "JFIF\0\x01\x01\0\0\x01\0\x01\x01\x06", SECRET))],
  ["behind the last code", at(end, SECRET)],
  ["in a segment behind the scan", at(end, segment(0xe1, SECRET))],
  ["in a second picture", (file) => Buffer.concat([file, at(start, segment(0xe1, SECRET))(file)])],
];
const PROGRESSIVE: ReadonlyArray<readonly [string, Change]> = [
  ["behind the codes of a scan", at(secondScan, SECRET)],
  ["in a segment between scans", at(secondScan, segment(0xe1, SECRET))],
  ["behind the last code", at(end, SECRET)],
];

/** A PNG with its chunks changed. */
const chunks =
  (change: (name: string, data: Buffer) => Buffer[]): Change =>
  (png) => {
    const changed = [png.subarray(0, 8)];
    for (let place = 8; place < png.length; ) {
      const length = png.readUInt32BE(place);
      changed.push(
        ...change(png.toString("latin1", place + 4, place + 8), png.subarray(place + 8, place + 8 + length)),
      );
      place += 12 + length;
    }
    return Buffer.concat(changed);
  };
const ofChunk = (wanted: string, change: (data: Buffer) => Buffer[]) =>
  chunks((name, data) => (name === wanted ? change(data) : [pngChunk(name, data)]));

const PNG: ReadonlyArray<readonly [string, Change]> = [
  ["behind the stream", ofChunk("IDAT", (data) => [pngChunk("IDAT", Buffer.concat([data, SECRET]))])],
  [
    "in a second stream",
    ofChunk("IDAT", (data) => [pngChunk("IDAT", data), pngChunk("IDAT", deflateSync(SECRET, { level: 0 }))]),
  ],
  [
    "in rows that nobody sees",
    ofChunk("IDAT", (data) => [
      pngChunk("IDAT", deflateSync(Buffer.concat([inflateSync(data), SECRET]), { level: 0 })),
    ]),
  ],
  ["in the end", ofChunk("IEND", () => [pngChunk("IEND", SECRET)])],
  [
    "in a transparency that is none",
    ofChunk("IDAT", (data) => [pngChunk("tRNS", Buffer.concat([SECRET, Buffer.alloc(800)])), pngChunk("IDAT", data)]),
  ],
  ["in the head", ofChunk("IHDR", (data) => [pngChunk("IHDR", Buffer.concat([data, SECRET]))])],
  ["in a palette too many", ofChunk("IDAT", (data) => [pngChunk("PLTE", SECRET), pngChunk("IDAT", data)])],
  ["in a chunk of its own", ofChunk("IDAT", (data) => [pngChunk("prVt", SECRET), pngChunk("IDAT", data)])],
];

function riffChunk(name: string, ...data: readonly Buffer[]): Buffer {
  const body = Buffer.concat(data);
  const head = Buffer.from(`${name}\0\0\0\0`, "latin1");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

function riff(...parts: readonly Buffer[]): Buffer {
  const file = riffChunk("RIFF", Buffer.from("WEBP"), ...parts);
  return file;
}

/** A WebP of one chunk taken apart and put together again. */
const still =
  (change: (name: string, data: Buffer) => Buffer[]): Change =>
  (webp) =>
    riff(...change(webp.toString("latin1", 12, 16), webp.subarray(20, 20 + webp.readUInt32LE(16))));
const EXTENDED = Buffer.from("000000003b00003b0000", "hex");

const WEBP: ReadonlyArray<readonly [string, Change]> = [
  ["behind the last code", still((name, data) => [riffChunk(name, data, SECRET)])],
  ["in a second picture", still((name, data) => [riffChunk(name, data), riffChunk(name, data, SECRET)])],
  ["in a chunk of its own", still((name, data) => [riffChunk(name, data), riffChunk("prVt", SECRET)])],
  ["in the head", still((name, data) => [riffChunk("VP8X", EXTENDED, SECRET), riffChunk(name, data)])],
  [
    "in a transparency that nobody sees",
    still((name, data) => [riffChunk("VP8X", EXTENDED), riffChunk("ALPH", SECRET), riffChunk(name, data)]),
  ],
  [
    "in what belongs to animations",
    still((name, data) => [riffChunk("VP8X", EXTENDED), riffChunk("ANIM", SECRET), riffChunk(name, data)]),
  ],
];

const bytes = (...parts: readonly (string | Buffer)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
const subBlock = (data: Buffer) => Buffer.concat([Buffer.from([data.length]), data]);
const behindTable = (gif: Buffer) => 13 + 3 * 2 ** ((gif.readUInt8(10) & 7) + 1);
const GIF: ReadonlyArray<readonly [string, Change]> = [
  ["in a comment", at(behindTable, bytes("\x21\xfe", subBlock(SECRET), "\0"))],
  ["in XMP", at(behindTable, bytes("\x21\xff\x0bXMP DataXMP", subBlock(SECRET), "\0"))],
  ["in plain text", at(behindTable, bytes("\x21\x01", subBlock(Buffer.alloc(12)), subBlock(SECRET), "\0"))],
  ["behind the loop", at(behindTable, bytes("\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0", subBlock(SECRET), "\0"))],
  ["behind a frame's control", at(behindTable, bytes("\x21\xf9\x04\0\0\0\0", subBlock(SECRET), "\0"))],
  [
    "in a frame's control",
    at(behindTable, bytes("\x21\xf9", subBlock(Buffer.concat([Buffer.alloc(4), SECRET])), "\0")),
  ],
  ["in an extension nobody knows", at(behindTable, bytes("\x21\x77", subBlock(SECRET), "\0"))],
  ["behind the last code", at((gif) => gif.lastIndexOf(Buffer.from([0, 0x3b])), subBlock(SECRET))],
  ["behind the end", (gif) => Buffer.concat([gif, SECRET])],
];

const SOURCES: Readonly<Record<string, readonly [Format, () => Promise<Buffer>, typeof JPEG]>> = {
  jpeg: ["jpeg", () => scene().flatten().jpeg({ quality: 20 }).toBuffer(), JPEG],
  "progressive jpeg": [
    "jpeg",
    () => scene().flatten().jpeg({ quality: 20, progressive: true }).toBuffer(),
    PROGRESSIVE,
  ],
  "grey jpeg": ["jpeg", () => scene().flatten().toColourspace("b-w").jpeg({ mozjpeg: true }).toBuffer(), JPEG],
  png: ["png", () => scene().flatten().png().toBuffer(), PNG],
  "png with transparency": ["png", () => scene(0.5).png().toBuffer(), PNG],
  "interlaced png": ["png", () => scene().flatten().png({ progressive: true }).toBuffer(), PNG],
  "png with a palette": ["png", () => scene().flatten().png({ palette: true, colours: 4 }).toBuffer(), PNG],
  gif: ["gif", () => scene().flatten().gif().toBuffer(), GIF],
  webp: ["webp", () => scene().flatten().webp({ quality: 20 }).toBuffer(), WEBP],
  "lossless webp": ["webp", () => scene().flatten().webp({ lossless: true }).toBuffer(), WEBP],
};

describe("a copy of a picture's pixels", () => {
  it.each(Object.keys(SOURCES))("is served of %s, pixel for pixel", async (kind) => {
    const [format, make] = SOURCES[kind] ?? [];
    const file = await make?.();
    const copy = format && file && (await served(file, format));
    expect(copy?.length).toBeGreaterThan(0);
    expect((await sharp(copy).raw().toBuffer()).equals(await sharp(file).raw().toBuffer())).toBe(true);
  });

  it.each(
    Object.entries(SOURCES).flatMap(([kind, [, , changes]]) =>
      changes.map(([where, change]) => [kind, where, change] as const),
    ),
  )("of %s has nothing of what stands %s", async (kind, _, change) => {
    const [format, make] = SOURCES[kind] ?? [];
    if (!format || !make) throw new Error("Expected a source");
    const file = change(await make());
    expect(file.includes(SECRET)).toBe(true);
    expect((await served(file, format))?.includes("PRIVATE") ?? false).toBe(false);
  });
});
