import fc from "fast-check";
import { noLarger, type Ways } from "../../../../handlers/resize-image/picture/no-larger";

const ENCODING = { quality: 80, effort: 4 };
const MADE = 1_000;
const bytes = (length: number) => Buffer.alloc(Math.max(1, Math.round(length)));

/** An encoder whose files grow with the quality, from `least` at 1 to as many bytes as were made at 80; counts its tries. */
function encoder(least: number) {
  const tried: number[] = [];
  const atQuality = async (quality: number) => {
    tried.push(quality);
    return bytes(least + ((MADE - least) * (quality - 1)) / (ENCODING.quality - 1));
  };
  return { tried, atQuality };
}

const ways = (some: Partial<Ways>): Ways => ({
  copy: async () => undefined,
  others: [],
  atQuality: undefined,
  last: [],
  inTime: () => true,
  ...some,
});

describe("a rendition that would be larger than its source", () => {
  it("is the source itself where its pixels are the same and it fits, before anything is encoded", async () => {
    const { tried, atQuality } = encoder(10);
    const copy = bytes(400);
    expect(await noLarger(bytes(MADE), 500, ENCODING, ways({ copy: async () => copy, atQuality }))).toBe(copy);
    expect(tried).toEqual([]);
  });

  it("fits wherever some quality does, at one not far from the best, in few tries", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 999 }), async (least, most) => {
        fc.pre(least < most);
        const { tried, atQuality } = encoder(least);
        const file = await noLarger(bytes(MADE), most, ENCODING, ways({ atQuality }));
        expect(file.length).toBeLessThanOrEqual(most);
        const bestQuality = Math.floor(1 + ((most - least) * (ENCODING.quality - 1)) / (MADE - least));
        const chosen = 1 + ((file.length - least) * (ENCODING.quality - 1)) / (MADE - least);
        expect(file.length >= 0.9 * most || bestQuality - chosen < 2).toBe(true);
        expect(tried.length).toBeLessThanOrEqual(7);
      }),
    );
  });

  it("is the smallest of all there was where nothing fits", async () => {
    const { atQuality } = encoder(600);
    const last = [async () => bytes(550), async () => bytes(520), async () => bytes(580)];
    expect(await noLarger(bytes(MADE), 500, ENCODING, ways({ atQuality, last }))).toHaveLength(520);
  });

  it("stays as it is when there is no time to look for a better one", async () => {
    const { tried, atQuality } = encoder(10);
    const made = bytes(MADE);
    const others = [async () => bytes(10)];
    expect(await noLarger(made, 500, ENCODING, ways({ others, atQuality, inTime: () => false }))).toBe(made);
    expect(tried).toEqual([]);
  });
});
