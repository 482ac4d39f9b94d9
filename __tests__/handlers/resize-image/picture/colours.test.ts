import sharp from "sharp";
import { readProfile } from "../../../../handlers/resize-image/picture/colour-profile";
import { toSrgb } from "../../../../handlers/resize-image/picture/to-srgb";
import { photoLike } from "../../../support/pictures";
import { curve, profileOf, profileWithCurve } from "../../../support/profiles";

function convert(profile: Buffer, pixels: Uint8Array, channels = 3): Uint8Array {
  const matrix = readProfile(profile, "rgb");
  const conversion = matrix && toSrgb(matrix);
  if (typeof conversion !== "function") throw new Error(`Expected a conversion but received ${conversion}`);
  const converted = pixels.slice();
  conversion(converted, channels, (value) => value / 255);
  return converted;
}

describe("the conversion of an RGB profile to sRGB", () => {
  it("agrees with libvips within one level", async () => {
    const picture = await photoLike(200, 200).withIccProfile("p3").png().toBuffer();
    const expected = await sharp(picture).raw().toBuffer();
    const converted = convert(await profileOf("p3"), await sharp(picture, { ignoreIcc: true }).raw().toBuffer());
    expect(converted.filter((value, index) => Math.abs(value - (expected[index] ?? 0)) > 1)).toHaveLength(0);
  });

  it("leaves alpha alone", async () => {
    expect(convert(await profileOf("p3"), Uint8Array.of(10, 200, 30, 77), 4)[3]).toBe(77);
  });

  it("is nothing for sRGB itself", async () => {
    const matrix = readProfile(await profileOf("srgb"), "rgb");
    expect(matrix && toSrgb(matrix)).toBe("identity");
  });

  const halfGrey = (light: number) => Math.round(255 * (1.055 * light ** (1 / 2.4) - 0.055));
  const HALF = 128 / 255;
  it.each([
    ["a straight line", curve("curv", [0, 0]), HALF],
    ["one gamma", curve("curv", [0, 1, 0x0180]), HALF ** 1.5],
    ["a table", curve("curv", [0, 3, 0, 10_000, 65_535]), (10_000 + 55_535 * (2 * HALF - 1)) / 65_535],
    ["formula 0", curve("para", [0, 0], 1.5), HALF ** 1.5],
    ["formula 1", curve("para", [1, 0], 2, 0.9, 0.1), (0.9 * HALF + 0.1) ** 2],
    ["formula 2", curve("para", [2, 0], 2, 0.9, 0.1, 0.05), (0.9 * HALF + 0.1) ** 2 + 0.05],
    ["formula 3", curve("para", [3, 0], 2, 0.9, 0.1, 0.1, 0.04), (0.9 * HALF + 0.1) ** 2],
    ["formula 4", curve("para", [4, 0], 2, 0.9, 0.1, 0.1, 0.04, 0.02, 0), (0.9 * HALF + 0.1) ** 2 + 0.02],
  ])("follows a curve given as %s", (_, trc, light) => {
    const [grey = 0] = convert(profileWithCurve(trc), Uint8Array.of(128, 128, 128));
    expect(Math.abs(grey - halfGrey(light))).toBeLessThanOrEqual(1);
  });
});

describe("readProfile", () => {
  it("leaves CMYK to sharp", async () => {
    expect(readProfile(await profileOf("cmyk"), "rgb")).toBeUndefined();
  });

  it("leaves a curve of an unknown kind to sharp", () => {
    expect(readProfile(profileWithCurve(curve("para", [9, 0], 1, 1, 1, 1, 1, 1, 1)), "rgb")).toBeUndefined();
  });

  it("reads no further than a damaged profile goes", async () => {
    const profile = await profileOf("p3");
    for (let length = 0; length < profile.length - 4; length += 7) {
      expect(() => readProfile(profile.subarray(0, length), "rgb")).not.toThrow();
    }
    expect(readProfile(profile.subarray(0, 200), "rgb")).toBeUndefined();
  });
});
