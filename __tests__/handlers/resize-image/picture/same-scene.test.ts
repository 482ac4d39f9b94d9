import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { aTiff } from "../../../support/a-tiff";
import { colourAt } from "../../../support/pictures";
import { pngChunk, withChunks } from "../../../support/png-chunks";
import { greyProfile, profileOf } from "../../../support/profiles";
import { renderAll, renderOne } from "../../../support/rendering";

// One scene: eight plain patches, given in sRGB. Whatever says what the values mean, they come out as they are here.
const SCENE = [
  [128, 128, 128],
  [200, 60, 40],
  [40, 160, 70],
  [60, 80, 200],
  [240, 220, 30],
  [20, 20, 20],
  [255, 255, 255],
  [120, 40, 130],
] as const;
const GREYS = [128, 60, 160, 200, 240, 20, 255, 90].map((grey) => [grey, grey, grey]);
const PATCH = 16;
const [WIDTH, HEIGHT] = [4 * PATCH, 2 * PATCH];

type Triple = readonly [number, number, number];
const light = (level: number) => (level <= 10.31475 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4);
const srgb = (linear: number) => (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);
// Linear sRGB to linear Display P3, both of the white D65: https://www.w3.org/TR/css-color-4/#color-conversion-code
const toP3 = ([r, g, b]: Triple): Triple => [
  0.82246197 * r + 0.17753803 * g,
  0.0331942 * r + 0.9668058 * g,
  0.01708263 * r + 0.07239744 * g + 0.91051993 * b,
];

/** How a space stores a patch that is given by its light: each value from 0 to 1. */
type Space = (lights: Triple) => readonly number[];
const displayP3: Space = (lights) => toP3(lights).map(srgb);
const gamma =
  (exponent: number): Space =>
  (lights) =>
    lights.map((value) => value ** (1 / exponent));

function pixels(
  scene: readonly (readonly number[])[],
  space: Space,
  alpha: boolean,
  channels: 1 | 3,
  highest: number,
): number[] {
  const values = scene.map(([r = 0, g = 0, b = 0]) => {
    const stored = space([light(r), light(g), light(b)]).slice(0, channels);
    return [...stored, ...(alpha ? [0.6] : [])].map((value) => Math.round(value * highest));
  });
  return Array.from({ length: WIDTH * HEIGHT }, (_, at) => {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    return values[4 * Math.floor(y / PATCH) + Math.floor(x / PATCH)] ?? [];
  }).flat();
}

interface Stored {
  readonly scene: readonly (readonly number[])[];
  readonly space: Space;
  readonly alpha: boolean;
  readonly depth: 8 | 16;
}

async function png({ scene, space, alpha, depth }: Stored, ...chunks: Buffer[]): Promise<Buffer> {
  const colours = scene === GREYS ? 1 : 3;
  const values = pixels(scene, space, alpha, colours, 2 ** depth - 1);
  const channels = colours === 1 ? (alpha ? 2 : 1) : alpha ? 4 : 3;
  const data = depth === 8 ? Uint8Array.from(values) : Uint16Array.from(values);
  const model = colours === 1 ? (depth === 8 ? "b-w" : "grey16") : depth === 8 ? "srgb" : "rgb16";
  const picture = sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels } })
    .toColourspace(model)
    .png();
  return withChunks(await picture.toBuffer(), ...chunks);
}

function tiff({ scene, space, alpha, depth }: Stored, profile: Buffer): Buffer {
  const colours = scene === GREYS ? 1 : 3;
  const values = pixels(scene, space, alpha, colours, 2 ** depth - 1);
  const data = depth === 8 ? Uint8Array.from(values) : new Uint8Array(Uint16Array.from(values).buffer);
  const count = colours + (alpha ? 1 : 0);
  return aTiff(WIDTH, HEIGHT, data, {
    258: Array.from({ length: count }, () => depth),
    262: colours === 1 ? 1 : 2,
    277: count,
    34675: profile,
    ...(alpha && { 338: 2 }),
  });
}

async function jpeg({ scene, space }: Stored, profile: Buffer): Promise<Buffer> {
  const colours = scene === GREYS ? 1 : 3;
  const data = Uint8Array.from(pixels(scene, space, false, colours, 255));
  const raw = sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: colours } });
  const file = await raw
    .toColourspace(colours === 1 ? "b-w" : "srgb")
    .jpeg({ quality: 100, chromaSubsampling: "4:4:4" })
    .toBuffer();
  const head = Buffer.from("\xff\xe2\0\0ICC_PROFILE\0\x01\x01", "latin1");
  head.writeUInt16BE(head.length - 2 + profile.length, 2);
  return Buffer.concat([file.subarray(0, 2), head, profile, file.subarray(2)]);
}

/** The colours of the patches' middles. */
async function patches(picture: Uint8Array): Promise<number[][]> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  return SCENE.map((_, index) => {
    const x = Math.floor((((index % 4) + 0.5) / 4) * info.width);
    const y = Math.floor(((Math.floor(index / 4) + 0.5) / 2) * info.height);
    return [...data.subarray((y * info.width + x) * info.channels).subarray(0, info.channels)];
  });
}

/** Expects the scene in a rendition as PNG: alone, among others, and at half the size. */
async function expectScene(file: Buffer, scene: readonly (readonly number[])[], within = 1): Promise<void> {
  const [among, half] = await renderAll(file, [{ format: "png" }, { format: "png", width: WIDTH / 2 }]);
  for (const rendered of [await renderOne(file, { format: "png" }), among, half]) {
    const shown = await patches(rendered?.bytes ?? Buffer.alloc(0));
    const colours = shown.map((colour) => colour.slice(0, 3));
    const wrong = colours.flatMap((colour, index) =>
      colour.map((value, at) => Math.abs(value - (scene[index]?.[at] ?? 0))),
    );
    if (Math.max(...wrong) > within) expect(colours).toEqual(scene);
    for (const [, , , alpha = 153] of shown) expect(alpha).toBe(153);
  }
}

const uint32 = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
};
const gAMA = (value: number) => pngChunk("gAMA", uint32(value));
const cICP = (primaries: number, transfer: number) => pngChunk("cICP", Uint8Array.of(primaries, transfer, 0, 1));
const iCCP = (profile: Buffer) => pngChunk("iCCP", Buffer.concat([Buffer.from("p\0\0"), deflateSync(profile)]));
const cHRM = pngChunk("cHRM", uint32(31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000));
const sRGB = pngChunk("sRGB", Uint8Array.of(0));
const asSrgb: Space = (lights) => lights.map(srgb);

describe("the same scene comes out the same", () => {
  const depthsAndAlphas = [
    [8, false],
    [8, true],
    [16, false],
    [16, true],
  ] as const;

  describe.each(depthsAndAlphas)("in %i bits, transparency %s:", (depth, alpha) => {
    const stored = (space: Space, scene: Stored["scene"] = SCENE): Stored => ({ scene, space, alpha, depth });

    it.each<[string, Space, Buffer[]]>([
      ["nothing", asSrgb, []],
      ["a gamma of sRGB", asSrgb, [gAMA(45_455)]],
      ["a gamma of 1.8", gamma(1.8), [gAMA(55_556)]],
      ["Display P3 by primaries and gamma", displayP3, [gAMA(45_455), cHRM]],
      ["Display P3 by numbers", displayP3, [cICP(12, 13)]],
      ["numbers, which go before all else", displayP3, [cICP(12, 13), iCCP(greyProfile(1)), gAMA(100_000)]],
      ["the chunk sRGB, which goes before a gamma", asSrgb, [sRGB, gAMA(100_000)]],
      ["numbers for sRGB", asSrgb, [cICP(1, 13)]],
      ["a gamma that is none", asSrgb, [gAMA(0)]],
    ])("PNG with %s", async (_, space, chunks) => {
      await expectScene(await png(stored(space), ...chunks), SCENE);
    });

    it("PNG, TIFF and JPEG with a profile", async () => {
      const profile = await profileOf("p3");
      await expectScene(await png(stored(displayP3), iCCP(profile)), SCENE);
      await expectScene(tiff(stored(displayP3), profile), SCENE);
      if (depth === 8 && !alpha) await expectScene(await jpeg(stored(displayP3), profile), SCENE, 2);
    });

    it("grey in PNG, TIFF and JPEG with a profile, and PNG with a gamma", async () => {
      const grey = stored(gamma(1.8), GREYS);
      await expectScene(await png(grey, iCCP(greyProfile(1.8))), GREYS);
      await expectScene(await png(grey, gAMA(55_556)), GREYS);
      await expectScene(tiff(grey, greyProfile(1.8)), GREYS);
      if (depth === 8 && !alpha) await expectScene(await jpeg(grey, greyProfile(1.8)), GREYS);
    });
  });

  it("in 16 bits of light itself", async () => {
    const linear = { scene: SCENE, space: gamma(1), alpha: false, depth: 16 } as const;
    await expectScene(await png(linear, gAMA(100_000)), SCENE);
    await expectScene(await png(linear, cICP(1, 8)), SCENE);
  });

  it.each(["webp", "avif", "tiff", "png"] as const)("converted to Display P3 by sharp, in %s", async (format) => {
    const options = { lossless: true, effort: 0, compression: "lzw" } as const;
    const data = Uint8Array.from(pixels(SCENE, asSrgb, false, 3, 255));
    const picture = sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).withIccProfile("p3");
    const file = await (format === "avif"
      ? picture.avif({ lossless: true, effort: 0 })
      : format === "webp"
        ? picture.webp(options)
        : format === "tiff"
          ? picture.tiff({ compression: "lzw" })
          : picture.png()
    ).toBuffer();
    await expectScene(file, SCENE);
  });

  const fixture = (name: string) => readFileSync(join(__dirname, "..", "..", "..", "fixtures", "colours", name));

  // Made by avifenc of libavif 0.11: --cicp 12/13, the same in 10 bits, and --cicp 1/8 in 12 bits.
  it.each(["p3-nclx.avif", "p3-nclx-10.avif", "linear-12.avif"])("in AVIF with numbers: %s", async (name) => {
    await expectScene(fixture(name), SCENE, 2);
  });

  it.each([
    ["pq.avif", async () => fixture("pq.avif"), "HDR (PQ, SMPTE ST 2084)"],
    ["hlg.avif", async () => fixture("hlg.avif"), "HDR (HLG, ARIB STD-B67)"],
    [
      "PNG with PQ",
      () => png({ scene: SCENE, space: asSrgb, alpha: false, depth: 16 }, cICP(9, 16)),
      "HDR (PQ, SMPTE ST 2084)",
    ],
    [
      "PNG with HLG",
      () => png({ scene: SCENE, space: asSrgb, alpha: false, depth: 16 }, cICP(9, 18)),
      "HDR (HLG, ARIB STD-B67)",
    ],
  ])("not, but is refused by name, where its range is high: %s", async (_, file, name) => {
    await expect(renderOne(await file())).rejects.toThrow(`Expected a picture of standard range but received ${name}`);
  });

  it.each([true, false])("in CMYK, with a profile (%s): JPEG as TIFF", async (withProfile) => {
    const data = Uint8Array.from(pixels(SCENE, asSrgb, false, 3, 255));
    const raw = sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).toColourspace("cmyk");
    const cmyk = withProfile ? raw.withIccProfile("cmyk") : raw;
    const reference = await cmyk.clone().tiff({ compression: "lzw" }).toBuffer();
    const shown = await patches((await renderOne(reference, { format: "png" })).bytes);
    const file = await cmyk.clone().jpeg({ quality: 100, chromaSubsampling: "4:4:4" }).toBuffer();
    expect((await sharp(file).metadata()).space).toBe("cmyk");
    await expectScene(file, shown, 2);
  });

  it("also where renditions are too large to share pixels", async () => {
    const wide = { scene: GREYS, space: gamma(1.8), alpha: false, depth: 8 } as const;
    const strip = sharp(await png(wide))
      .resize(17_000, 1_000, { fit: "fill", kernel: "nearest" })
      .toColourspace("b-w");
    const source = withChunks(await strip.png({ compressionLevel: 1 }).toBuffer(), gAMA(55_556));
    const preset = { fit: "cover", width: 1000, height: 1000, format: "png" } as const;
    for (const { bytes } of await renderAll(source, [preset, { ...preset, width: 900 }])) {
      expect((await colourAt(bytes, 0.2, 0.2))[0]).toBeGreaterThanOrEqual(59);
      expect((await colourAt(bytes, 0.2, 0.2))[0]).toBeLessThanOrEqual(61);
    }
  });
});
