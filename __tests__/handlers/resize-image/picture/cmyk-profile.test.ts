import sharp from "sharp";
import { cmykConversion } from "../../../../handlers/resize-image/picture/cmyk-profile";
import { aTiff } from "../../../support/a-tiff";
import { profileOf } from "../../../support/profiles";
import { renderOne } from "../../../support/rendering";

const LEVELS = [0, 43, 85, 128, 170, 213, 255];
const SIDE = LEVELS.length ** 2;

// Every mixture of seven levels of each ink.
const INKS = Uint8Array.from(
  LEVELS.flatMap((c) => LEVELS.flatMap((m) => LEVELS.flatMap((y) => LEVELS.flatMap((k) => [c, m, y, k])))),
);

const cmykTiff = (width: number, height: number, inks: Uint8Array, profile: Buffer) => {
  return aTiff(width, height, inks, { 258: [8, 8, 8, 8], 262: 5, 277: 4, 34675: profile });
};

function convert(profile: Buffer): Uint8Array | Uint16Array {
  const conversion = cmykConversion(profile);
  if (!conversion) throw new Error("Expected a conversion");
  return conversion(INKS.slice());
}

function differences(some: Uint8Array | Uint16Array, others: Uint8Array | Uint16Array): number[] {
  return Array.from(some, (value, index) => Math.abs(value - (others[index] ?? 0)));
}

describe("the conversion of a CMYK profile to sRGB", () => {
  it("agrees with libvips within a level, but for what the table libvips makes of it rounds off", async () => {
    const profile = await profileOf("cmyk");
    const expected = await sharp(cmykTiff(SIDE, SIDE, INKS, profile))
      .raw()
      .toBuffer();
    const off = differences(convert(profile), expected);
    expect(off).toHaveLength(SIDE * SIDE * 3);
    expect(off.filter((levels) => levels > 1).length / off.length).toBeLessThan(0.05);
    expect(off.reduce((sum, levels) => sum + levels, 0) / off.length).toBeLessThan(0.5);
  });

  it("shows paper as white, and all of the inks as black", async () => {
    const shown = convert(await profileOf("cmyk"));
    expect([...shown.slice(0, 3), ...shown.slice(-3)]).toEqual([255, 255, 255, 0, 0, 0]);
  });

  it("makes of a small rendition what libvips makes of a large one", async () => {
    const profile = await profileOf("cmyk");
    const [width, height] = [900, 600];
    const inks = Uint8Array.from({ length: width * height * 4 }, (_, at) => {
      const [x, y] = [Math.floor(at / 4) % width, Math.floor(at / 4 / width)];
      return [x >> 2, y >> 2, (x + y) >> 3, (x * y) >> 13][at % 4] ?? 0;
    });
    const source = cmykTiff(width, height, inks, profile);
    const whole = await renderOne(source, { format: "png", width, height });
    const small = await renderOne(source, { format: "png", width: 300, height: 200 });
    const expected = await sharp(whole.bytes).resize(300, 200).raw().toBuffer();
    const off = differences(await sharp(small.bytes).raw().toBuffer(), expected);
    expect(off.filter((levels) => levels > 2).length / off.length).toBeLessThan(0.02);
  });

  it("is left to libvips where the profile is of another kind, or its black is none", async () => {
    const profile = await profileOf("cmyk");
    const changed = (at: number, bytes: string) => {
      const copy = Buffer.from(profile);
      copy.write(bytes, at, "latin1");
      return copy;
    };
    const table = profile.indexOf("mft2");
    expect(cmykConversion(await profileOf("p3"))).toBeUndefined();
    expect(cmykConversion(changed(8, "\x04"))).toBeUndefined();
    expect(cmykConversion(changed(16, "RGB "))).toBeUndefined();
    expect(cmykConversion(changed(20, "XYZ "))).toBeUndefined();
    expect(cmykConversion(changed(table, "mAB "))).toBeUndefined();
    expect(cmykConversion(changed(table + 8, "\x03"))).toBeUndefined();
    expect(cmykConversion(changed(table + 10, "\x01"))).toBeUndefined();
    // The last node, where all of the inks are, becomes as light as paper.
    const nodes = 52 + 2 * (4 * profile.readUInt16BE(table + 48) + 3 * profile.readUInt8(table + 10) ** 4);
    expect(cmykConversion(changed(table + nodes - 6, "\xff\xff\x80\x80\x80\x80"))).toBeUndefined();
  });

  it("reads no further than a damaged profile goes", async () => {
    const profile = await profileOf("cmyk");
    const end = profile.indexOf("mft2") + 53_000;
    for (let length = 0; length < end; length += 1_009) {
      expect(cmykConversion(profile.subarray(0, length))).toBeUndefined();
    }
    const vast = Buffer.from(profile);
    vast[profile.indexOf("mft2") + 10] = 255; // A table of 255 nodes for each of four inks.
    expect(cmykConversion(vast)).toBeUndefined();
  });
});
