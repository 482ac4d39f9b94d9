import { pixelsOf, ssim } from "../../bench/ssim";
import { photoLike } from "../support/pictures";

const photo = () => photoLike(160, 120);

describe("ssim", () => {
  it("is 1 for the same picture", async () => {
    const pixels = await pixelsOf(await photo().png().toBuffer());
    expect(ssim(pixels, pixels)).toBeCloseTo(1, 6);
  });

  it("falls with the quality", async () => {
    const original = await pixelsOf(await photo().png().toBuffer());
    const likeness = await Promise.all(
      [95, 75, 50, 20].map(async (quality) => {
        return ssim(original, await pixelsOf(await photo().jpeg({ quality }).toBuffer()));
      }),
    );
    expect(likeness).toEqual([...likeness].sort((a, b) => b - a));
    expect(new Set(likeness).size).toBe(likeness.length);
  });

  it("falls where colours alone are other ones", async () => {
    const [colours, greys] = await Promise.all(
      [photo(), photo().greyscale()].map(async (picture) => pixelsOf(await picture.png().toBuffer())),
    );
    if (!colours || !greys) throw new Error("Expected both");
    expect(ssim(colours, greys)).toBeLessThan(0.9);
  });

  it("refuses pictures of different sizes", () => {
    const [one, two] = [1, 2].map((width) => ({ data: Buffer.alloc(3 * width), width, height: 1 }));
    expect(() => one && two && ssim(one, two)).toThrow("Expected 1 x 1 but received 2 x 1");
  });
});
