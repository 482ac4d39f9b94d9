import sharp from "sharp";
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA, thumbHashToRGBA } from "thumbhash";
import type { Placeholder } from "../../../handlers/resize-image/picture/placeholder";
import { frames, photoLike, redAndBlue } from "../../support/pictures";
import { make } from "../../support/rendering";

const WIDE = { width: 256, height: 64, fit: "cover" } as const;

/** Of which `share` is to be seen, at the left. */
function partlySeen(share: number, background: string): Promise<Buffer> {
  const [width, height] = [100, 60];
  const rest = width - share * width;
  const transparent = { create: { width, height, channels: 4, background: "#00000000" } } as const;
  const seen = { create: { width: width - rest, height, channels: 4, background } } as const;
  return sharp(transparent)
    .composite(share > 0 ? [{ input: seen, left: 0, top: 0 }] : [])
    .png()
    .toBuffer();
}

async function placeholderOf(bytes: Buffer, presets: Parameters<typeof make>[1] = [{}]): Promise<Placeholder> {
  return (await make(bytes, presets)).placeholder;
}

function bytesOf({ hash }: Placeholder): Buffer {
  return Buffer.from(hash, "base64");
}

describe("the placeholder", () => {
  it("shows the picture", async () => {
    const hash = bytesOf(await placeholderOf(await redAndBlue(300, 200).jpeg().toBuffer()));

    const { w, h, rgba } = thumbHashToRGBA(hash);
    const pixel = (across: number) => [
      ...rgba.subarray((Math.floor(h / 2) * w + Math.floor(across * w)) * 4).subarray(0, 3),
    ];

    expect(w / h).toBeCloseTo(1.5, 0);
    expect(pixel(0.2).map((value) => value > 128)).toEqual([true, false, false]);
    expect(pixel(0.8).map((value) => value > 128)).toEqual([false, false, true]);
    expect(hash.length).toBeLessThanOrEqual(25);
  });

  it("is upright", async () => {
    const lying = await photoLike(300, 200).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(thumbHashToApproximateAspectRatio(bytesOf(await placeholderOf(lying)))).toBeLessThan(1);
  });

  it("keeps transparency", async () => {
    const half = thumbHashToAverageRGBA(bytesOf(await placeholderOf(await partlySeen(0.5, "#2040c0"))));
    const opaque = thumbHashToAverageRGBA(bytesOf(await placeholderOf(await redAndBlue(100, 60).png().toBuffer())));
    expect(half.a).toBeCloseTo(0.5, 1);
    expect(opaque.a).toBe(1);
  });

  const photo = () => photoLike(900, 600);
  it.each([
    [
      "five presets",
      photo().jpeg({ quality: 95 }),
      [{}, WIDE, { width: 400, height: 400 }, { format: "webp" }, { format: "png" }],
    ],
    ["a preset that crops", photo().jpeg({ quality: 95 }), [WIDE]],
    ["a PNG", photo().png(), [{}]],
    ["16 bits", photo().toColourspace("rgb16").png(), [{}]],
    ["transparency that hides nothing", photo().ensureAlpha().webp({ lossless: true }), [{}]],
    ["another colour space", photo().withIccProfile("p3").png(), [{}]],
  ] as const)("is the same for %s", async (_, picture, presets) => {
    const expected = await placeholderOf(await photo().png().toBuffer());
    const actual = await placeholderOf(await picture.toBuffer(), presets);

    const [seen, wanted] = [actual, expected].map((placeholder) => thumbHashToRGBA(bytesOf(placeholder)).rgba);
    const furthest = Math.max(...(wanted ?? []).map((value, index) => Math.abs(value - (seen?.[index] ?? 0))));
    expect(furthest).toBeLessThan(24);
  });

  it("is of the first frame where all of them are kept", async () => {
    const animation = await (await frames(["#c02020", "#20c020"], 40)).gif().toBuffer();
    expect(await placeholderOf(animation, [{ animated: true }])).toEqual(await placeholderOf(animation, [{}]));
    expect((await placeholderOf(animation, [{ animated: true }])).color).toBe("#c02020");
  });
});

describe("the colour", () => {
  it.each(["#123456", "#ffffff", "#000000", "#fe8019"])("is the only one: %s", async (background) => {
    const plain = sharp({ create: { width: 300, height: 200, channels: 3, background } });
    expect((await placeholderOf(await plain.png().toBuffer())).color).toBe(background);
  });

  it("is grey of a grey picture", async () => {
    const grey = sharp({ create: { width: 90, height: 90, channels: 3, background: "#777777" } }).toColourspace("b-w");
    expect((await placeholderOf(await grey.png().toBuffer())).color).toBe("#777777");
  });

  it("is the most common one, not a mixture of all", async () => {
    const third = sharp({ create: { width: 300, height: 200, channels: 3, background: "#0000ff" } }).composite([
      { input: { create: { width: 100, height: 200, channels: 3, background: "#ffff00" } }, left: 0, top: 0 },
    ]);
    expect((await placeholderOf(await third.png().toBuffer())).color).toBe("#0000ff");
  });

  it.each([
    ["of what is seen", 0.2, "#2040c0", "#2040c0"],
    ["white where nothing is", 0, "#2040c0", "#ffffff"],
  ])("is %s", async (_, share, background, colour) => {
    expect((await placeholderOf(await partlySeen(share, background))).color).toBe(colour);
  });
});
