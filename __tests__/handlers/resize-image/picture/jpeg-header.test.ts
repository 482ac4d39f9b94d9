import sharp, { type Sharp } from "sharp";
import { seededRandom } from "../../../../bench/seeded-random";
import { Refusal } from "../../../../handlers/resize-image/errors";
import { readJpegHeader } from "../../../../handlers/resize-image/picture/jpeg-header";
import { corrupted } from "../../../support/hostile-files";
import { photoLike } from "../../../support/pictures";

/** What sharp says in our terms. */
async function bySharp(jpeg: Buffer) {
  const { autoOrient, channels, space, isProgressive, icc, depth } = await sharp(jpeg).metadata();
  const { width, height } = autoOrient;
  return { width, height, channels, rgb: space === "srgb", progressive: isProgressive, profile: icc?.length, depth };
}

/** What comes of it; undefined when it refuses. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function byUs(jpeg: Buffer) {
  const header = readJpegHeader(jpeg);
  if (!header) return undefined;
  const { width, height, channels, colours, progressive, profile } = header;
  const rgb = colours === "rgb";
  return { width, height, channels, rgb, progressive, profile: profile?.length, depth: "uchar" };
}

describe("readJpegHeader", () => {
  const pictures: [string, (photo: Sharp) => Sharp][] = [
    ["a baseline photo", (photo) => photo.jpeg()],
    ["a progressive photo", (photo) => photo.jpeg({ progressive: true, chromaSubsampling: "4:4:4" })],
    ["grey", (photo) => photo.greyscale().jpeg()],
    ["CMYK with a profile in many parts", (photo) => photo.toColourspace("cmyk").withIccProfile("cmyk").jpeg()],
    ["Display P3", (photo) => photo.withIccProfile("p3").jpeg()],
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((orientation): [string, (photo: Sharp) => Sharp] => [
      `orientation ${orientation}`,
      (photo) => photo.withMetadata({ orientation }).jpeg(),
    ]),
  ];

  it.each(pictures)("agrees with sharp on %s", async (_, make) => {
    const jpeg = await make(photoLike(160, 100)).toBuffer();
    expect(byUs(jpeg)).toEqual(await bySharp(jpeg));
  });

  it("finds artist and copyright", async () => {
    const exif = { IFD0: { Artist: "Ada Lovelace", Copyright: "(c) 2026" } };
    const jpeg = await photoLike(64, 64).withExif(exif).jpeg().toBuffer();
    expect(readJpegHeader(jpeg)?.credits).toEqual({ artist: "Ada Lovelace", copyright: "(c) 2026" });
  });

  it("agrees with sharp on damaged pictures, wherever both can read them", async () => {
    const jpeg = await photoLike(160, 100).withMetadata({ orientation: 6 }).withIccProfile("p3").jpeg().toBuffer();
    const random = seededRandom(1);
    let compared = 0;
    for (let round = 0; round < 300; round++) {
      const damaged = corrupted(jpeg, random);
      const ours = attempt(() => byUs(damaged));
      const sharps = await bySharp(damaged).catch(() => undefined);
      if (!ours || !sharps) continue;
      compared++;
      expect([ours.width, ours.height, ours.channels]).toEqual([sharps.width, sharps.height, sharps.channels]);
    }
    expect(compared).toBeGreaterThan(50);
  });

  it.each([
    [0xc0, 12, 3, "samples of 8 bits but received 12"],
    [0xc0, 8, 2, "1, 3, 4 channels but received 2"],
    [0xc3, 8, 3, "sequential or progressive coding but received lossless or hierarchical"],
    [0xc5, 8, 3, "sequential or progressive coding but received lossless or hierarchical"],
  ])("refuses by name a frame of marker %i with %i bits and %i channels", async (marker, bits, channels, cause) => {
    const jpeg = await photoLike(64, 64).jpeg().toBuffer();
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt8(marker, frame + 1);
    jpeg.writeUInt8(bits, frame + 4);
    jpeg.writeUInt8(channels, frame + 9);
    expect(() => readJpegHeader(jpeg)).toThrow(`Expected a JPEG with ${cause}`);
  });

  it("leaves to sharp what is cut off before the picture begins", async () => {
    const jpeg = await photoLike(64, 64).jpeg().toBuffer();
    for (let length = 0; length < 200; length += 3) expect(readJpegHeader(jpeg.subarray(0, length))).toBeUndefined();
  });
});
