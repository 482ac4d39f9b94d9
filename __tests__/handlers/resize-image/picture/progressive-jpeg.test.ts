import sharp from "sharp";
import { withoutUnseenScans } from "../../../../handlers/resize-image/picture/progressive-jpeg";
import { photoLike } from "../../../support/pictures";

const eighth = (jpeg: Buffer, width: number) =>
  sharp(jpeg)
    .resize({ width: Math.floor(width / 10) })
    .raw()
    .toBuffer();

describe("withoutUnseenScans", () => {
  it.each([
    ["4:4:4", 960, 640],
    ["4:2:0", 960, 640],
    ["4:4:4", 963, 645],
    ["4:2:0", 1001, 333],
  ] as const)(
    "gives the same pixels at an eighth from fewer bytes (%s, %i x %i)",
    async (chromaSubsampling, width, height) => {
      const jpeg = await photoLike(width, height)
        .jpeg({ progressive: true, chromaSubsampling, quality: 90 })
        .toBuffer();
      const lighter = withoutUnseenScans(jpeg);
      expect(lighter.length).toBeLessThan(jpeg.length / 2);
      expect((await eighth(lighter, width)).equals(await eighth(jpeg, width))).toBe(true);
    },
  );

  it("serves grey", async () => {
    const jpeg = await photoLike(640, 480).greyscale().jpeg({ progressive: true }).toBuffer();
    const lighter = withoutUnseenScans(jpeg);
    expect(lighter.length).toBeLessThan(jpeg.length);
    expect((await eighth(lighter, 640)).equals(await eighth(jpeg, 640))).toBe(true);
  });

  it("keeps what comes before the scans: orientation, profile, credits", async () => {
    const jpeg = await photoLike(640, 480)
      .jpeg({ progressive: true })
      .withMetadata({ orientation: 6 })
      .withIccProfile("p3")
      .toBuffer();
    const { orientation, hasProfile } = await sharp(withoutUnseenScans(jpeg)).metadata();
    expect({ orientation, hasProfile }).toEqual({ orientation: 6, hasProfile: true });
  });

  it("leaves a baseline picture alone", async () => {
    const jpeg = await photoLike(640, 480).jpeg().toBuffer();
    expect(withoutUnseenScans(jpeg)).toBe(jpeg);
  });

  it("leaves a picture alone that is cut off anywhere, so that it is still refused for it", async () => {
    const jpeg = await photoLike(320, 240).jpeg({ progressive: true }).toBuffer();
    for (let length = 2; length < jpeg.length; length += 97) {
      const cut = jpeg.subarray(0, length);
      expect(withoutUnseenScans(cut)).toBe(cut);
    }
  });

  it("ends on any bytes whatever", async () => {
    const jpeg = await photoLike(320, 240).jpeg({ progressive: true }).toBuffer();
    for (let at = 2; at < jpeg.length; at += 31) {
      const damaged = Buffer.from(jpeg);
      damaged[at] = 0xff;
      expect(() => withoutUnseenScans(damaged)).not.toThrow();
    }
  });
});
