import { deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { seededRandom } from "../../../bench/seeded-random";
import { bareCopy } from "../../../handlers/resize-image/picture/bare-copy";
import type { ImageFormat } from "../../../handlers/resize-image/picture/formats";
import { aTiff, inBigEndian } from "../../support/a-tiff";
import { colourAt, photoLike } from "../../support/pictures";
import { pngChunk, withChunks } from "../../support/png-chunks";
import { renderOne } from "../../support/rendering";

const SIDE = 120;

/** Flat areas and edges, few colours: what screens and drawings are. */
function graphic(): Sharp {
  const svg = `<svg width="${SIDE}" height="${SIDE}" xmlns="http://www.w3.org/2000/svg">
    <rect width="100%" height="100%" fill="#fff"/><circle cx="60" cy="60" r="40" fill="#c33"/>
    <path d="M0 0L120 90M20 110L110 10" stroke="#036" stroke-width="5"/></svg>`;
  return sharp(Buffer.from(svg)).flatten({ background: "#fff" });
}

const SCENES: Readonly<Record<string, () => Sharp>> = {
  photo: () => photoLike(SIDE, SIDE),
  grey: () => photoLike(SIDE, SIDE).toColourspace("b-w"),
  graphic,
  transparent: () => photoLike(SIDE, SIDE).ensureAlpha(0.5),
  "one colour": () => sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: "#369" } }),
};

/** The best that a careful encoder makes of a scene, which a plain one does not reach. */
const CAREFUL: Readonly<Record<ImageFormat, (picture: Sharp, quality: number) => Sharp>> = {
  jpeg: (picture, quality) => picture.flatten().jpeg({ quality, mozjpeg: true }),
  png: (picture) => picture.png({ compressionLevel: 9 }),
  webp: (picture, quality) => picture.webp({ quality, effort: 6 }),
  avif: (picture, quality) => picture.avif({ quality, effort: 6 }),
  gif: (picture) => picture.gif({ effort: 10 }),
  tiff: (picture) => picture.tiff({ compression: "lzw", predictor: "horizontal" }),
};
// AVIF of quality 5 and less is a few hundred bytes, which cannot be encoded anew in as many after they were decoded.
const QUALITIES: Readonly<Record<ImageFormat, readonly number[]>> = {
  jpeg: [1, 5, 30, 75, 95],
  webp: [1, 5, 30, 75, 95],
  avif: [30, 75, 95],
  png: [100],
  gif: [100],
  tiff: [100],
};

const table = (Object.keys(CAREFUL) as ImageFormat[]).flatMap((format) =>
  Object.keys(SCENES).flatMap((scene) => QUALITIES[format].map((quality) => [format, scene, quality] as const)),
);

describe("a rendition that did not shrink its source", () => {
  it.each(table)("is no larger: %s of %s at quality %d", async (format, scene, quality) => {
    const picture = SCENES[scene]?.() ?? graphic();
    const source = await CAREFUL[format](picture, quality).toBuffer();

    const { bytes, width, height } = await renderOne(source);

    expect([width, height]).toEqual([SIDE, SIDE]);
    expect(bytes.length).toBeLessThanOrEqual(source.length);
  });

  it.each(["jpeg", "webp", "avif"] as const)(
    "is no larger in %s, from a smaller file of another format",
    async (format) => {
      const source = await photoLike(SIDE, SIDE).jpeg({ quality: 8 }).toBuffer();

      const { bytes } = await renderOne(source, { format });

      expect(bytes.length).toBeLessThanOrEqual(source.length);
    },
  );

  it.each(["jpeg", "png", "webp", "gif"] as const)(
    "is its %s pixel for pixel, where encoding anew made more of it",
    async (format) => {
      const source = await CAREFUL[format](graphic(), 20).toBuffer();

      const { bytes } = await renderOne(source, { quality: 100 });

      expect(await sharp(bytes).raw().toBuffer()).toEqual(await sharp(source).raw().toBuffer());
    },
  );

  /** Black and white alone, of odd width. */
  const bilevel = () =>
    photoLike(SIDE - 3, SIDE)
      .toColourspace("b-w")
      .threshold(140);
  const ORIENTATION = Buffer.from("1201030001000000", "hex");
  const asShown = (picture: Uint8Array) => sharp(picture).autoOrient().toColourspace("b-w").raw().toBuffer();

  it.each(["ccittfax4", "lzw", "packbits", "deflate", "none"] as const)(
    "is black and white in as few bytes, and pixel for pixel: TIFF, %s",
    async (compression) => {
      const options = { compression, bitdepth: 1, predictor: "none" } as const;
      const source = await bilevel().tiff(options).toBuffer();
      const turned = Buffer.from(source);
      turned.writeUInt16LE(6, turned.indexOf(ORIENTATION) + ORIENTATION.length);
      const inverted = await bilevel()
        .tiff({ ...options, miniswhite: true })
        .toBuffer();
      for (const file of [source, turned, inverted]) {
        const { bytes } = await renderOne(file);
        expect(bytes.length).toBeLessThanOrEqual(file.length);
        expect(await asShown(bytes)).toEqual(await asShown(file));
      }
    },
  );

  it("is a copy of a TIFF's first picture, and of nothing else in it", async () => {
    const samples = await photoLike(20, 10).raw().toBuffer();
    const secret = Buffer.from("nobody should read this");
    const plain = aTiff(20, 10, samples, { 258: [8, 8, 8], 262: 2, 277: 3 });
    const source = aTiff(20, 10, samples, { 258: [8, 8, 8], 262: 2, 277: 3, 700: secret, 33723: secret });

    const { bytes } = await renderOne(Buffer.concat([source, secret]), { quality: 100 });
    const copy = bareCopy(Buffer.concat([source, secret]), "tiff");

    expect(await sharp(bytes).raw().toBuffer()).toEqual(samples);
    expect(await sharp(copy).raw().toBuffer()).toEqual(samples);
    expect(copy?.length).toBeLessThanOrEqual(plain.length);
    expect(copy?.includes(secret)).toBe(false);
  });

  it.each([
    ["a palette", { 258: [8], 262: 3, 277: 1, 320: Array.from({ length: 768 }, (_, index) => index) }],
    ["a sample beside its colours", { 258: [8, 8], 262: 1, 277: 2, 338: 2 }],
    ["JPEG in it", { 258: [8], 259: 7, 262: 1, 277: 1 }],
    ["more bytes than it has pixels", { 258: [8], 262: 1, 277: 1 }],
    ["LZW in it, whose end nobody looks at", { 258: [8], 259: 5, 262: 1, 277: 1 }],
    ["Deflate in it that is none", { 258: [8], 259: 8, 262: 1, 277: 1 }],
  ])("is no copy of a TIFF with %s", (_, tags) => {
    expect(bareCopy(aTiff(20, 10, new Uint8Array(401), tags), "tiff")).toBeUndefined();
  });

  it.each([8, 32946])("is no copy of what stands behind a TIFF's samples: Deflate, number %d", async (compression) => {
    const samples = await photoLike(20, 10).raw().toBuffer();
    const tags = { 258: [8, 8, 8], 259: compression, 262: 2, 277: 3 };
    const secret = Buffer.from("nobody should read this");
    const copy = bareCopy(aTiff(20, 10, Buffer.concat([deflateSync(samples), secret]), tags), "tiff");
    expect(copy?.includes(secret)).toBe(false);
    expect(await sharp(copy).raw().toBuffer()).toEqual(samples);
    // More rows than are seen, and fewer.
    for (const other of [Buffer.concat([samples, secret]), samples.subarray(1)]) {
      expect(bareCopy(aTiff(20, 10, deflateSync(other), tags), "tiff")).toBeUndefined();
    }
  });

  it("is a copy of a TIFF with the higher byte of its samples first", async () => {
    const random = seededRandom(3);
    const samples = Uint8Array.from({ length: 2 * 20 * 10 }, () => Math.floor(random() * 256));
    const little = aTiff(20, 10, samples, { 258: 16, 262: 1, 277: 1 });
    const deep = (file?: Buffer) => sharp(file).toColourspace("grey16").raw({ depth: "ushort" }).toBuffer();

    const copy = bareCopy(inBigEndian(little), "tiff");

    expect(copy?.length).toBeLessThanOrEqual(little.length);
    expect((await deep(copy)).equals(samples)).toBe(true);
    expect((await deep(inBigEndian(little))).equals(samples)).toBe(true);
  });

  it("keeps a palette whose colours are converted", async () => {
    const source = withChunks(
      await graphic().png({ palette: true, colours: 4, dither: 0 }).toBuffer(),
      pngChunk("gAMA", Buffer.from([0, 1, 0x86, 0xa0])), // The values are light itself.
    );

    const { bytes } = await renderOne(source);
    const grown = await renderOne(source, { width: 2 * SIDE, height: 2 * SIDE, enlarge: true });

    expect(bytes.length).toBeLessThanOrEqual(source.length);
    expect(await sharp(bytes).metadata()).toMatchObject({ isPalette: true });
    const [small, large] = [await colourAt(bytes, 0.6, 0.62), await colourAt(grown.bytes, 0.6, 0.62)];
    expect(small[1]).toBeGreaterThan(100); // 0x33 of light.
    for (const index of [0, 1, 2]) {
      expect(Math.abs((small[index] ?? 0) - (large[index] ?? 0))).toBeLessThanOrEqual(2);
    }
  });

  it("is black and white whatever a PNG says of its gamma", async () => {
    const png = await bilevel().png({ palette: true, colours: 2 }).toBuffer();
    const source = withChunks(png, pngChunk("gAMA", Buffer.from([0, 1, 0x86, 0xa0])));
    const { bytes } = await renderOne(source);
    expect(bytes.length).toBeLessThanOrEqual(source.length);
    expect(await asShown(bytes)).toEqual(await asShown(png));
  });

  it("has its frames and its delays, and repeats as often", async () => {
    const frame = (background: string) => ({ create: { width: 40, height: 40, channels: 4 as const, background } });
    const colours = await Promise.all(["red", "lime", "blue"].map((colour) => sharp(frame(colour)).png().toBuffer()));
    const join = { join: { animated: true } };
    const source = await sharp(colours, join)
      .gif({ delay: [100, 200, 300], loop: 3, effort: 10 })
      .toBuffer();

    const { bytes } = await renderOne(source, { animated: true });

    expect(await sharp(bytes, { animated: true }).metadata()).toMatchObject({
      pages: 3,
      delay: [100, 200, 300],
      loop: 3,
    });
    expect(bytes.length).toBeLessThanOrEqual(source.length);
  });
});

describe("a picture with a palette", () => {
  it.each([1, 2, 4])("of %d bits has what lies between its colours in another size", async (bits) => {
    const source = await graphic()
      .toColourspace("b-w")
      .png({ palette: true, colours: 2 ** bits, dither: 0 })
      .toBuffer();
    for (const side of [SIDE / 3, SIDE / 2, 2 * SIDE]) {
      const { bytes } = await renderOne(source, { width: side, height: side, enlarge: true });
      const raw = (picture: Sharp) => picture.toColourspace("srgb").removeAlpha().raw().toBuffer();
      const [made, plain] = [await raw(sharp(bytes)), await raw(sharp(source).resize(side, side))];
      const difference = made.reduce((sum, value, at) => sum + Math.abs(value - (plain[at] ?? 0)), 0) / plain.length;
      expect(difference).toBeLessThan(1.5);
    }
  });

  it.each([1, 2, 4, 8])("of %d bits gives a PNG with one", async (bits) => {
    const source = await photoLike(400, 300)
      .png({ palette: true, colours: 2 ** bits })
      .toBuffer();

    const { bytes } = await renderOne(source);
    const plain = await sharp(source).resize(256, 256, { fit: "inside" }).png().toBuffer();

    expect(await sharp(bytes).metadata()).toMatchObject({ isPalette: true, width: 256 });
    expect(bytes.length).toBeLessThan(plain.length);
  });
});

describe("the bytes of a rendition", () => {
  it.each([
    ["photo", () => photoLike(1200, 900)],
    ["drawing", () => graphic().resize(1200)],
  ])("are no more in PNG than with filters or without: %s", async (_, picture) => {
    const source = await picture().jpeg({ quality: 95 }).toBuffer();
    const shrunk = () => sharp(source).resize(300);

    const { bytes } = await renderOne(source, { width: 300, height: 300, format: "png" });
    const ways = await Promise.all(
      [true, false].map((adaptiveFiltering) => shrunk().png({ adaptiveFiltering }).toBuffer()),
    );

    expect(bytes.length).toBeLessThanOrEqual(1.01 * Math.min(...ways.map(({ length }) => length)));
    expect(await sharp(bytes).raw().toBuffer()).toEqual(await shrunk().raw().toBuffer());
  });

  it.each(["png", "webp", "avif", "gif"] as const)(
    "have no transparency where nothing is transparent: %s",
    async (format) => {
      const scene = photoLike(400, 300);
      const opaque = await scene.clone().ensureAlpha(1).png().toBuffer();
      const clear = await scene.clone().ensureAlpha(0.9).png().toBuffer();
      const grey = await scene.clone().toColourspace("b-w").ensureAlpha(1).png().toBuffer();
      for (const source of [opaque, grey]) {
        const { bytes } = await renderOne(source, { width: 100, height: 100, format });
        // Every GIF that libvips writes has a transparent colour, used or not.
        expect((await sharp(bytes).metadata()).hasAlpha && format !== "gif").toBe(false);
        expect((await sharp(bytes).stats()).isOpaque).toBe(true);
      }
      const { bytes } = await renderOne(clear, { width: 100, height: 100, format });
      expect((await sharp(bytes).metadata()).hasAlpha || format === "gif").toBe(true);
    },
  );

  it("are in AVIF as few as sharp makes of it", async () => {
    const source = await photoLike(400, 300).png().toBuffer();
    const { bytes } = await renderOne(source, { width: 200, height: 200, format: "avif" });
    expect(bytes.length).toBeLessThanOrEqual((await sharp(source).resize(200).avif().toBuffer()).length);
  });
});
