import sharp from "sharp";
import { jpegSegments } from "../../../../handlers/resize-image/picture/jpeg-segments";
import { colourAt, photoLike } from "../../../support/pictures";
import { renderAll } from "../../../support/rendering";

async function animation() {
  const pictures = [0, 90, 180, 270].map((hue) => photoLike(96, 72).modulate({ hue }).png().toBuffer());
  return sharp(await Promise.all(pictures), { join: { animated: true } });
}

const tiff = (compression: "deflate" | "lzw" | "jpeg", tile: boolean) => async () =>
  photoLike(160, 120).tiff({ compression, tile, tileWidth: 64, tileHeight: 64 }).toBuffer();

const KINDS: readonly (readonly [name: string, make: () => Promise<Buffer>])[] = [
  ["baseline JPEG", () => photoLike(160, 120).jpeg().toBuffer()],
  ["progressive JPEG", () => photoLike(160, 120).jpeg({ progressive: true }).toBuffer()],
  ["PNG", () => photoLike(160, 120).png().toBuffer()],
  ["interlaced PNG", () => photoLike(160, 120).png({ progressive: true }).toBuffer()],
  ["lossy WebP", () => photoLike(160, 120).webp().toBuffer()],
  ["lossless WebP", () => photoLike(160, 120).webp({ lossless: true }).toBuffer()],
  ["animated WebP", async () => (await animation()).webp().toBuffer()],
  ["GIF", () => photoLike(160, 120).gif().toBuffer()],
  ["interlaced GIF", () => photoLike(160, 120).gif({ progressive: true }).toBuffer()],
  ["animated GIF", async () => (await animation()).gif().toBuffer()],
  ["AVIF", () => photoLike(160, 120).avif({ effort: 0 }).toBuffer()],
  ["TIFF of deflated strips", tiff("deflate", false)],
  ["TIFF of deflated tiles", tiff("deflate", true)],
  ["TIFF of LZW strips", tiff("lzw", false)],
  ["TIFF of LZW tiles", tiff("lzw", true)],
  ["TIFF of JPEG strips", tiff("jpeg", false)],
  ["TIFF of JPEG tiles", tiff("jpeg", true)],
];
// Here a decoder takes the stretch for other pixels: it has no checksum, or is not looked at, and every code means something.
// (The middle of the animated GIF is a table of colours; other places of it are looked at below.)
const WITHOUT_CHECK = new Set(["animated GIF", "TIFF of deflated tiles"]);

/** What comes of one preset and of five, which has to be the same. */
async function outcome(file: Buffer): Promise<string> {
  const attempt = async (presets: Parameters<typeof renderAll>[1]) => {
    const failure = await renderAll(file, presets).then(() => undefined, String);
    return failure?.split(":")[0] ?? "SUCCESS";
  };
  const alone = await attempt([{ format: "jpeg" }]);
  const five = [{ width: 20 }, { format: "webp", animated: true }, { fit: "cover" }, { animated: true }, {}] as const;
  expect(await attempt(five)).toBe(alone);
  return alone;
}

describe.each(KINDS)("a %s", (name, make) => {
  it("is a picture when it is whole", async () => {
    expect(await outcome(await make())).toBe("SUCCESS");
  });

  it.each([25, 50, 75, 98])("is damaged when it is cut off at %i %%", async (percent) => {
    const file = await make();
    expect(await outcome(file.subarray(0, Math.floor((file.length * percent) / 100)))).toBe("CorruptImage");
  });

  if (WITHOUT_CHECK.has(name)) return;
  it("is damaged when there is a stretch of 0xff in it", async () => {
    const file = await make();
    file.fill(0xff, Math.floor(file.length / 2), Math.floor(file.length / 2) + 64);
    expect(await outcome(file)).toBe("CorruptImage");
  });
});

describe("an animation, wherever there is a stretch of 0xff in it,", () => {
  const PLACES = Array.from({ length: 19 }, (_, index) => (index + 1) / 20);
  it.each([
    // Codes that are changed may end just where the frame does. Colours that are changed, a seventh of the GIF, are colours.
    ["WebP", async () => (await animation()).webp().toBuffer(), 1],
    ["GIF", async () => (await animation()).gif().toBuffer(), 3],
    ["GIF of few colours", async () => (await animation()).gif({ colours: 8, dither: 0 }).toBuffer(), 0],
  ])("is damaged: %s", async (_, make, missed) => {
    const file = await make();
    const outcomes = await Promise.all(
      PLACES.map((place) => {
        const damaged = Buffer.from(file);
        const at = Math.floor(file.length * place);
        return outcome(damaged.fill(0xff, at, at + 64));
      }),
    );
    expect(outcomes.filter((each) => each === "SUCCESS").length).toBeLessThanOrEqual(missed);
  });

  it("is a picture when it is whole, with transparency, without loss and in frames of a pixel too", async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    for (const [width, height] of [
      [96, 72],
      [17, 1],
      [1, 1],
    ] as const) {
      const pictures = [0, 90, 180].map((hue) => {
        const extended = photoLike(width, height).modulate({ hue }).extend({ right: 2, background: clear });
        return extended.png().toBuffer();
      });
      const joined = sharp(await Promise.all(pictures), { join: { animated: true } });
      for (const options of [{}, { lossless: true }, { nearLossless: true }, { alphaQuality: 50 }]) {
        expect(await outcome(await joined.clone().webp(options).toBuffer())).toBe("SUCCESS");
      }
      expect(await outcome(await joined.clone().gif().toBuffer())).toBe("SUCCESS");
    }
  });
});

describe("what is whole but for its last bytes is a picture:", () => {
  it.each([
    [1, false],
    [2, false],
    [1, true],
    [2, true],
  ])("a JPEG without the last %i, progressive %s", async (bytes, progressive) => {
    const file = await photoLike(160, 120).jpeg({ progressive }).toBuffer();
    const cut = file.subarray(0, file.length - bytes);
    expect(await outcome(cut)).toBe("SUCCESS");
    const [shown, whole] = await Promise.all([cut, file].map((source) => renderAll(source, [{ format: "png" }])));
    expect(shown?.[0]?.bytes).toEqual(whole?.[0]?.bytes);
  });

  it("a GIF without its trailer", async () => {
    const file = await (await animation()).gif().toBuffer();
    expect(await outcome(file.subarray(0, file.length - 1))).toBe("SUCCESS");
  });
});

describe("what some programs write is a picture:", () => {
  const MARKER_FILL = Buffer.from([0xff, 0xff, 0xff]);
  it.each([
    ["fill before a JPEG's last marker", (jpeg: Buffer) => [jpeg.subarray(0, -2), MARKER_FILL, jpeg.subarray(-2)]],
    ["zeros behind a JPEG's scan", (jpeg: Buffer) => [jpeg.subarray(0, -2), Buffer.alloc(9), jpeg.subarray(-2)]],
    ["other bytes behind a JPEG's end", (jpeg: Buffer) => [jpeg, MARKER_FILL, Buffer.from("trailer")]],
  ])("%s", async (_, change) => {
    const jpeg = await photoLike(160, 120).jpeg().toBuffer();
    expect(await outcome(Buffer.concat(change(jpeg)))).toBe("SUCCESS");
  });
});

describe("stray bytes between the segments of a JPEG's header", () => {
  const STRAY = [
    ["zeros", Buffer.alloc(5)],
    ["text", Buffer.from("left over")],
    ["a marker that is none", Buffer.from([0x12, 0xff, 0x00, 0x34])],
    ["fill", Buffer.from([0x56, 0xff, 0xff])],
  ] as const;
  /** Where a segment of the header ends. */
  const places = (jpeg: Buffer) => [...jpegSegments(jpeg, "header")].slice(0, -1).map(({ end }) => end);
  const strewn = (jpeg: Buffer, at: number, bytes: Buffer) =>
    Buffer.concat([jpeg.subarray(0, at), bytes, jpeg.subarray(at)]);

  it.each(STRAY)("are passed over: %s", async (_, bytes) => {
    for (const progressive of [false, true]) {
      const jpeg = await photoLike(160, 120).jpeg({ progressive }).toBuffer();
      const [whole] = await renderAll(jpeg, [{ format: "png" }]);
      for (const at of places(jpeg)) {
        const [rendered] = await renderAll(strewn(jpeg, at, bytes), [{ format: "png" }]);
        expect(rendered?.bytes).toEqual(whole?.bytes);
      }
      expect(await outcome(strewn(jpeg, places(jpeg)[0] ?? 0, bytes))).toBe("SUCCESS");
    }
  });

  it("are passed over where a segment says that it is shorter than it is", async () => {
    const jpeg = await photoLike(160, 120).jpeg().toBuffer();
    const comment = Buffer.from("\xff\xfe\x00\x06as long as this", "latin1");
    expect(await outcome(strewn(jpeg, 2, comment))).toBe("SUCCESS");
  });

  it("do not hide damage behind them", async () => {
    const jpeg = await photoLike(160, 120).jpeg().toBuffer();
    const file = strewn(jpeg, places(jpeg)[0] ?? 0, Buffer.alloc(3));
    for (const percent of [25, 50, 75, 98]) {
      expect(await outcome(file.subarray(0, Math.floor((file.length * percent) / 100)))).toBe("CorruptImage");
    }
    file.fill(0x55, Math.floor(file.length / 2), Math.floor(file.length / 2) + 64);
    expect(await outcome(file)).toBe("CorruptImage");
  });
});

describe("the canvas of a GIF that no frame covers", () => {
  /** A canvas of 8 x 8, and a green frame of 4 x 4 in its left upper corner. */
  const gif = (frames: number) => {
    const head = Buffer.from("47494638396108000800800000" + "00ff00" + "00c000", "hex");
    // Sixteen pixels of the one colour, or of the other: two frames that are alike would become one.
    const pixels = ["04081020408000010205", "4c983061c28409132605"];
    const frame = (index: number) => Buffer.from(`2c000000000400040000020a${pixels[index % 2]}00`, "hex");
    return Buffer.concat([
      head,
      ...Array.from({ length: frames }, (_, index) => frame(index)),
      Buffer.from("3b", "hex"),
    ]);
  };

  it.each([1, 3])("is transparent, with %i frames", async (count) => {
    const [png, webp, jpeg] = await renderAll(gif(count), [
      { format: "png" },
      { format: "webp", animated: true },
      { format: "jpeg", background: "#0000ff" },
    ]);
    for (const { bytes } of [png, webp].flatMap((rendered) => rendered ?? [])) {
      expect((await colourAt(bytes, 0.9, 0.9))[3]).toBe(0);
      expect((await colourAt(bytes, 0.1, 0.1))[3]).toBe(255);
    }
    const { pages = 1 } = await sharp(webp?.bytes).metadata();
    expect(pages).toBe(count);
    expect((await colourAt(jpeg?.bytes ?? Buffer.alloc(0), 0.9, 0.9))[2]).toBeGreaterThan(240);
  });
});
