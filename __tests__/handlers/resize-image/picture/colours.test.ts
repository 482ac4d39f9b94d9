import sharp from "sharp";
import { readMatrixProfile } from "../../../../handlers/resize-image/picture/colour-profile";
import { toSrgb } from "../../../../handlers/resize-image/picture/to-srgb";
import { photoLike } from "../../../support/pictures";

async function profileOf(name: "p3" | "srgb" | "cmyk"): Promise<Buffer> {
  const picture = photoLike(16, 16)
    .toColourspace(name === "cmyk" ? "cmyk" : "srgb")
    .withIccProfile(name)
    .jpeg();
  const { icc } = await sharp(await picture.toBuffer()).metadata();
  if (!icc) throw new Error(`Expected a picture with the profile ${name}`);
  return icc;
}

/** A profile with the primaries of sRGB and another curve. */
function profileWithCurve(curve: Buffer): Buffer {
  const xyz = (...values: number[]) => {
    const tag = Buffer.alloc(20);
    tag.write("XYZ ");
    for (const [index, value] of values.entries()) tag.writeInt32BE(Math.round(value * 65_536), 8 + 4 * index);
    return tag;
  };
  const tags: [string, Buffer][] = [
    ["rXYZ", xyz(0.43607, 0.22249, 0.01392)],
    ["gXYZ", xyz(0.38515, 0.71687, 0.09708)],
    ["bXYZ", xyz(0.14307, 0.06061, 0.7141)],
    ["rTRC", curve],
    ["gTRC", curve],
    ["bTRC", curve],
  ];
  const head = Buffer.alloc(128 + 4 + 12 * tags.length);
  head.write("RGB XYZ ", 16);
  head.writeUInt32BE(tags.length, 128);
  let offset = head.length;
  tags.forEach(([name, data], index) => {
    head.write(name, 132 + 12 * index);
    head.writeUInt32BE(offset, 136 + 12 * index);
    offset += data.length;
  });
  return Buffer.concat([head, ...tags.map(([, data]) => data)]);
}

function curve(type: "curv" | "para", words: readonly number[], ...parameters: readonly number[]): Buffer {
  const head = Buffer.from([...Buffer.from(type), 0, 0, 0, 0]);
  const body = Buffer.alloc(words.length * 2 + parameters.length * 4);
  for (const [index, word] of words.entries()) body.writeUInt16BE(word, 2 * index);
  for (const [index, value] of parameters.entries())
    body.writeInt32BE(Math.round(value * 65_536), words.length * 2 + 4 * index);
  return Buffer.concat([head, body]);
}

function convert(profile: Buffer, pixels: Uint8Array, channels = 3): Uint8Array {
  const matrix = readMatrixProfile(profile);
  const conversion = matrix && toSrgb(matrix);
  if (typeof conversion !== "function") throw new Error(`Expected a conversion but received ${conversion}`);
  const converted = pixels.slice();
  conversion(converted, channels);
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
    const matrix = readMatrixProfile(await profileOf("srgb"));
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

describe("readMatrixProfile", () => {
  it("leaves CMYK to sharp", async () => {
    expect(readMatrixProfile(await profileOf("cmyk"))).toBeUndefined();
  });

  it("leaves a curve of an unknown kind to sharp", () => {
    expect(readMatrixProfile(profileWithCurve(curve("para", [9, 0], 1, 1, 1, 1, 1, 1, 1)))).toBeUndefined();
  });

  it("reads no further than a damaged profile goes", async () => {
    const profile = await profileOf("p3");
    for (let length = 0; length < profile.length - 4; length += 7) {
      expect(() => readMatrixProfile(profile.subarray(0, length))).not.toThrow();
    }
    expect(readMatrixProfile(profile.subarray(0, 200))).toBeUndefined();
  });
});
