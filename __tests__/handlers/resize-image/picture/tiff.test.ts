import sharp from "sharp";
import { aTiff, samples, type Tags } from "../../../support/a-tiff";
import { colourAt } from "../../../support/pictures";
import { renderAll, renderOne } from "../../../support/rendering";

const SIDE = 32;
/** A picture of one colour, given by its samples. */
const plain = (...pixel: readonly number[]) =>
  Uint8Array.from({ length: SIDE * SIDE * pixel.length }, (_, at) => pixel[at % pixel.length] ?? 0);
const bits = (...depths: readonly number[]): Tags => ({ 258: depths });
const [GREY, RGB, PALETTE, CMYK, YCBCR] = [1, 2, 3, 5, 6];

/** The same for one preset and for five: the colour of the centre, or the name and cause of the refusal. */
async function outcome(file: Buffer): Promise<unknown> {
  const colour = async (presets: Parameters<typeof renderAll>[1]) => {
    try {
      const [rendered] = await renderAll(file, presets);
      return await colourAt(rendered?.bytes ?? Buffer.alloc(0), 0.5, 0.5);
    } catch (error) {
      return String(error);
    }
  };
  const alone = await colour([{ format: "png" }]);
  expect(
    await colour([{ format: "png" }, { width: 9 }, { format: "jpeg" }, { format: "webp" }, { animated: true }]),
  ).toEqual(alone);
  return alone;
}

describe("a TIFF comes out as its samples are meant", () => {
  const ramp = Array.from({ length: 256 }, (_, level) => level * 257);
  it.each<[string, Uint8Array, Tags, number[]]>([
    ["grey", plain(90), samples(GREY, 1), [90, 90, 90]],
    ["grey, white being 0", plain(90), samples(0, 1), [165, 165, 165]],
    ["grey of 16 bits", plain(0, 90), { ...samples(GREY, 1), ...bits(16) }, [90, 90, 90]],
    [
      "grey of 4 bits",
      plain(0x99).subarray(0, (SIDE * SIDE) / 2),
      { ...samples(GREY, 1), ...bits(4) },
      [153, 153, 153],
    ],
    [
      "grey of 2 bits",
      plain(0xaa).subarray(0, (SIDE * SIDE) / 4),
      { ...samples(GREY, 1), ...bits(2) },
      [170, 170, 170],
    ],
    [
      "black and white",
      plain(0xff).subarray(0, (SIDE * SIDE) / 8),
      { ...samples(GREY, 1), ...bits(1) },
      [255, 255, 255],
    ],
    ["a palette", plain(90), { ...samples(PALETTE, 1), 320: [...ramp, ...ramp.map(() => 0), ...ramp] }, [90, 0, 90]],
    ["RGB", plain(200, 100, 50), samples(RGB, 3), [200, 100, 50]],
    [
      "RGB in planes",
      Buffer.concat([200, 100, 50].map((level) => plain(level))),
      { ...samples(RGB, 3), 284: 2 },
      [200, 100, 50],
    ],
    ["RGB with transparency", plain(200, 100, 50, 90), samples(RGB, 4, [2]), [200, 100, 50, 90]],
    [
      "RGB with transparency that is already applied",
      plain(100, 50, 25, 128),
      samples(RGB, 4, [1]),
      [199, 99, 49, 128],
    ],
    ["RGB with a sample that nothing is said of", plain(200, 100, 50, 90), samples(RGB, 4), [200, 100, 50, 90]],
    ["RGB with a sample of no meaning", plain(200, 100, 50, 0), samples(RGB, 4, [0]), [200, 100, 50]],
    ["grey with a sample of no meaning", plain(90, 0), samples(GREY, 2, [0]), [90, 90, 90]],
    ["CMYK with a spot colour", plain(0, 0, 0, 255, 0), samples(CMYK, 5, [0]), [20, 5, 0]],
    ["CMYK with transparency", plain(0, 0, 0, 255, 90), samples(CMYK, 5, [2]), [20, 5, 0, 90]],
    ["odd tags", plain(90), { ...samples(GREY, 1), 339: 4, 65000: [1, 2, 3] }, [90, 90, 90]],
    ["a count of bytes that is too large", plain(90), { ...samples(GREY, 1), 279: 5000 }, [90, 90, 90]],
  ])("%s", async (_, data, tags, colour) => {
    expect(await outcome(aTiff(SIDE, SIDE, data, tags))).toEqual(colour);
  });
});

describe("a TIFF is refused by name when it is", () => {
  const grey = (tags: Tags) => aTiff(SIDE, SIDE, plain(90, 90, 90, 90), { ...samples(GREY, 1), ...tags });
  it.each<[string, Buffer, string]>([
    ["signed", grey({ 339: 2 }), "unsigned samples but received signed ones"],
    ["floating point", grey({ 339: 3, ...bits(32) }), "unsigned samples but received floating point ones"],
    ["of 32 bits", grey(bits(32)), "samples of 1, 2, 4, 8, 16 bits but received 32"],
    ["of 12 bits", grey(bits(12)), "samples of 1, 2, 4, 8, 16 bits but received 12"],
    [
      "of different depths",
      aTiff(SIDE, SIDE, plain(1, 1, 1), { ...samples(RGB, 3), ...bits(5, 6, 5) }),
      "samples of 8, 16 bits but received 5, 6",
    ],
    [
      "YCbCr outside of JPEG",
      aTiff(SIDE, SIDE, plain(180, 128, 128), samples(YCBCR, 3)),
      "YCbCr in JPEG but received YCbCr in another compression",
    ],
    [
      "CIELab",
      aTiff(SIDE, SIDE, plain(90, 0, 0), samples(8, 3)),
      "grey, RGB, a palette, CMYK or YCbCr in JPEG but received CIELab",
    ],
    [
      "of a camera's sensor",
      grey({ 262: 32803 }),
      "grey, RGB, a palette, CMYK or YCbCr in JPEG but received the colour filter array of a camera's sensor",
    ],
    [
      "other inks",
      aTiff(SIDE, SIDE, plain(1, 1, 1, 1), { ...samples(CMYK, 4), 332: 2 }),
      "the inks cyan, magenta, yellow and black but received others",
    ],
    [
      "with two samples more",
      aTiff(SIDE, SIDE, plain(1, 1, 1, 1, 1), samples(RGB, 5, [0, 0])),
      "at most one sample beside its colours but received 2",
    ],
    [
      "with three samples more",
      aTiff(SIDE, SIDE, plain(1, 1, 1, 1, 1, 1), samples(RGB, 6, [2, 0, 0])),
      "at most one sample beside its colours but received 3",
    ],
    [
      "short of a colour",
      aTiff(SIDE, SIDE, plain(1, 1), samples(RGB, 2)),
      "3 samples or more for its colours but received 2",
    ],
    [
      "in planes of tiles",
      aTiff(SIDE, SIDE, plain(1, 1, 1), { ...samples(RGB, 3), 284: 2, 322: 16, 323: 16 }),
      "planes in strips, of samples that are whole but received planes in tiles or of subsampled colours",
    ],
    [
      "compressed by Zstandard",
      grey({ 259: 50000 }),
      "CCITT, LZW, JPEG, Deflate, PackBits, WebP or no compression but received Zstandard",
    ],
    [
      "compressed by old JPEG",
      grey({ 259: 6 }),
      "CCITT, LZW, JPEG, Deflate, PackBits, WebP or no compression but received old-style JPEG",
    ],
    [
      "a preview of a camera RAW file",
      grey({ 254: 1 }),
      "a picture at full size as the first but received a reduced one, as camera RAW files have it",
    ],
    [
      "a preview by the older tag",
      grey({ 255: 2 }),
      "a picture at full size as the first but received a reduced one, as camera RAW files have it",
    ],
    ["a mask", grey({ 254: 4 }), "a picture as the first but received a transparency mask"],
  ])("%s", async (_, file, cause) => {
    expect(await outcome(file)).toBe(`UnsupportedFormat: Expected a TIFF with ${cause}`);
  });
});

describe("a TIFF is damaged when", () => {
  it.each([
    [
      "its directory is cut off",
      async () =>
        (
          await sharp(plain(90), { raw: { width: SIDE, height: SIDE, channels: 1 } })
            .tiff({ compression: "lzw" })
            .toBuffer()
        ).subarray(0, 200),
    ],
    ["it does not say what its samples mean", async () => aTiff(SIDE, SIDE, plain(90), { 258: 8, 277: 1 })],
  ])("%s", async (_, file) => {
    expect(await outcome(await file())).toMatch(/^CorruptImage: Expected a (whole picture|TIFF that says)/);
  });

  it("its strip is cut off, said once and shortly", async () => {
    const cause = await renderOne(aTiff(SIDE, SIDE, plain(90), samples(GREY, 1)).subarray(0, 500)).catch(String);
    expect(cause).toMatch(/^CorruptImage: /);
    expect(String(cause).length).toBeLessThan(300);
  });
});
