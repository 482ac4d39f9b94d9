import sharp from "sharp";
import type { RenditionPreset } from "../../../handlers/resize-image/config";
import { FORMATS, type ImageFormat } from "../../../handlers/resize-image/picture/formats";
import { aTiff } from "../../support/a-tiff";
import { renderAll } from "../../support/rendering";

const AS_IT_IS = { width: 65_535, height: 65_535 } as const;
const FOUR: readonly Partial<RenditionPreset>[] = [
  { width: 64, height: 64, fit: "cover", format: "webp" },
  { width: 1000, height: 1000, format: "jpeg" },
  { width: 320, height: 320, format: "png", animated: true },
  { width: 200, height: 100, format: "avif" },
];

/** What comes of one preset and of five, which has to be the same. */
async function outcome(file: Buffer, preset: Partial<RenditionPreset>): Promise<string> {
  const attempt = (presets: readonly Partial<RenditionPreset>[]) =>
    renderAll(file, presets).then(([first]) => `${first?.width} x ${first?.height}`, String);
  const alone = await attempt([preset]);
  expect(await attempt([preset, ...FOUR])).toBe(alone);
  return alone;
}

const strip = (height: number) =>
  sharp({ create: { width: 3, height, channels: 3, background: "#336699" } })
    .png()
    .toBuffer();

const written = ["jpeg", "png", "webp", "avif", "gif"] as const;

describe("a rendition", () => {
  it.each(written.map((format) => [format, FORMATS[format].longestSide] as const))(
    "in %s has at most %i pixels a side, and a longer one is its fault",
    async (format, most) => {
      const fits = await strip(most);
      expect(await outcome(fits, { ...AS_IT_IS, format })).toBe(`3 x ${most}`);
      const tooLarge = (height: number) =>
        `OutputTooLarge: Expected at most ${most} pixels a side for preset-0 in ${format} but it has 3 x ${height}`;
      for (const height of [most + 1, 40_000, 65_535].filter((side) => side > most && side <= 65_535)) {
        expect(await outcome(await strip(height), { ...AS_IT_IS, format })).toBe(tooLarge(height));
      }
      const enlarged = { width: 200_000, height: 2 * most, format, enlarge: true };
      expect(await outcome(fits, enlarged)).toBe(
        `OutputTooLarge: Expected at most ${most} pixels a side for preset-0 in ${format} but it has 6 x ${2 * most}`,
      );
    },
    60_000,
  );
});

describe("a rendition of a TIFF in TIFF", () => {
  const tiff = async (height: number) =>
    sharp(await strip(height))
      .tiff({ compression: "deflate" })
      .toBuffer();

  it("has at most 65535 pixels a side, and a longer one is its fault", async () => {
    const most = FORMATS.tiff.longestSide;
    const fits = await tiff(most);
    expect(await outcome(fits, { ...AS_IT_IS, format: "source" })).toBe(`3 x ${most}`);
    expect(await outcome(fits, { width: 200_000, height: 2 * most, format: "source", enlarge: true })).toBe(
      `OutputTooLarge: Expected at most ${most} pixels a side for preset-0 in tiff but it has 6 x ${2 * most}`,
    );
  });
});

/** Pictures of a kind that say that they are so high, whether or not any encoder makes them. */
const SOURCES: Readonly<Partial<Record<ImageFormat | "animated webp", (height: number) => Promise<Buffer>>>> = {
  jpeg: async (height) => {
    const jpeg = await sharp(await strip(100))
      .jpeg()
      .toBuffer();
    jpeg.writeUInt16BE(height, jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 5);
    return jpeg;
  },
  png: strip,
  tiff: async (height) => aTiff(3, height, new Uint8Array(3 * height), { 258: 8, 262: 1, 277: 1 }),
  avif: async (height) => {
    const avif = await sharp(await strip(64))
      .avif({ effort: 0 })
      .toBuffer();
    avif.writeUInt32BE(height, avif.indexOf("ispe") + 12);
    return avif;
  },
  "animated webp": async (height) => {
    const frames = [
      await strip(100),
      await sharp(await strip(100))
        .negate()
        .toBuffer(),
    ];
    const webp = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    webp.writeUIntLE(height - 1, 27, 3);
    return webp;
  },
};

describe("a source", () => {
  it.each([
    ["jpeg", 65_500, 65_501],
    ["jpeg", 65_500, 65_535],
    ["png", 65_535, 65_536],
    ["png", 65_535, 900_000],
    ["tiff", 65_535, 65_536],
    ["tiff", 65_535, 900_000],
    ["avif", 65_535, 65_536],
    ["avif", 65_535, 900_000],
    ["animated webp", 16_383, 16_384],
    ["animated webp", 16_383, 1_000_000],
  ] as const)("in %s of more than %i pixels a side is no damaged one: %i", async (kind, most, height) => {
    const file = await SOURCES[kind]?.(height);
    const message = `DimensionsTooLarge: Expected at most ${most} pixels a side but received 3 x ${height}`;
    for (const preset of [{}, AS_IT_IS, { animated: true }]) {
      expect(await outcome(file ?? Buffer.alloc(0), preset)).toBe(message);
    }
  });

  it("in GIF has as many pixels a side as its numbers can say", async () => {
    const gif = await sharp(await strip(65_535))
      .gif({ effort: 1 })
      .toBuffer();
    expect(await outcome(gif, { ...AS_IT_IS, format: "source" })).toBe("3 x 65535");
    expect(await outcome(gif, { ...AS_IT_IS, format: "webp" })).toBe(
      "OutputTooLarge: Expected at most 16383 pixels a side for preset-0 in webp but it has 3 x 65535",
    );
  });

  it("in JPEG that has its height behind the first scan is not supported", async () => {
    const file = await SOURCES.jpeg?.(0);
    expect(await outcome(file ?? Buffer.alloc(0), {})).toBe(
      "UnsupportedFormat: Expected a JPEG with its height in the header but received none",
    );
  });
});
