import sharp from "sharp";
import { colourAt, frames, photoLike, redAndBlue } from "../../support/pictures";
import { renderAll, renderOne } from "../../support/rendering";

const RED = [255, 0, 0];
const BLUE = [0, 0, 255];
const near = (colour: readonly number[], tolerance = 12) =>
  colour.map((value) => expect.closeTo(value, -Math.log10(tolerance * 2)));

describe("the orientation of a picture", () => {
  // Where red is seen, and how wide the picture is, by the EXIF value: https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf
  it.each([
    [1, "left", 256, 128],
    [2, "right", 256, 128],
    [3, "right", 256, 128],
    [4, "left", 256, 128],
    [5, "top", 128, 256],
    [6, "top", 128, 256],
    [7, "bottom", 128, 256],
    [8, "bottom", 128, 256],
  ] as const)("is applied: %i puts red %s", async (orientation, side, width, height) => {
    const source = await redAndBlue(800, 400).withMetadata({ orientation }).jpeg().toBuffer();
    for (const rendered of await renderAll(source, [{}, { width: 128, height: 128, fit: "cover" }]).then(
      (all) => all,
    )) {
      const place = { left: [0.1, 0.5], right: [0.9, 0.5], top: [0.5, 0.1], bottom: [0.5, 0.9] } as const;
      const [across, down] = place[side];
      expect(await colourAt(rendered.bytes, across, down)).toEqual(near(RED));
      expect(await colourAt(rendered.bytes, 1 - across, 1 - down)).toEqual(near(BLUE));
      expect((await sharp(rendered.bytes).metadata()).orientation ?? 1).toBe(1);
    }
    expect(await renderOne(source)).toMatchObject({ width, height });
  });
});

describe("the size of a rendition", () => {
  it.each([
    ["inside", 1000, 500, 256, 128],
    ["inside", 500, 1000, 128, 256],
    ["inside", 10_000, 3, 256, 1],
    ["cover", 1000, 500, 256, 256],
  ] as const)("is %s of %i x %i: %i x %i", async (fit, fromWidth, fromHeight, width, height) => {
    const source = await redAndBlue(fromWidth, fromHeight).png().toBuffer();
    const presets = [{ fit }, { fit, format: "jpeg" }] as const;
    expect(await renderOne(source, { fit })).toMatchObject({ width, height });
    expect(await renderAll(source, presets)).toMatchObject([
      { width, height },
      { width, height },
    ]);
  });

  it("is never larger than the source, unless the preset says so", async () => {
    const source = await redAndBlue(100, 50).png().toBuffer();
    expect(await renderOne(source)).toMatchObject({ width: 100, height: 50 });
    expect(await renderOne(source, { fit: "cover" })).toMatchObject({ width: 50, height: 50 });
    expect(await renderOne(source, { enlarge: true })).toMatchObject({ width: 256, height: 128 });
    expect(await renderOne(source, { enlarge: true, fit: "cover" })).toMatchObject({ width: 256, height: 256 });
  });

  it.each([
    [500, 333, 640, 360, 500, 281],
    [333, 500, 640, 360, 333, 187],
    [100, 50, 30, 60, 25, 50],
    [700, 700, 640, 360, 640, 360],
  ])("of %i x %i as a cover keeps the shape of the box %i x %i: %i x %i", async (...sizes) => {
    const [fromWidth, fromHeight, boxWidth, boxHeight, width, height] = sizes;
    const source = await photoLike(fromWidth, fromHeight).jpeg().toBuffer();
    const preset = { fit: "cover", width: boxWidth, height: boxHeight } as const;
    expect(await renderOne(source, preset)).toMatchObject({ width, height });
    expect(await renderAll(source, [preset, {}])).toMatchObject([{ width, height }, {}]);
  });

  it.each([
    [960, 641],
    [1362, 1112],
    [333, 1001],
  ])("of %i x %i is the same alone and among others", async (fromWidth, fromHeight) => {
    const source = await photoLike(fromWidth, fromHeight).jpeg().toBuffer();
    const presets = [{ width: 160 }, { width: 640, height: 640 }, { width: 255, height: 99 }] as const;
    const together = await renderAll(source, presets);
    const alone = await Promise.all(presets.map((preset) => renderOne(source, preset)));
    const size = ({ width, height }: { width: number; height: number }) => ({ width, height });
    expect(together.map(size)).toEqual(alone.map(size));
  });
});

describe("the position of a cover", () => {
  // Grey all over, but for one bright, detailed spot at the right edge.
  const withSpot = async () =>
    sharp({ create: { width: 900, height: 300, channels: 3, background: "#808080" } })
      .composite([{ input: await photoLike(200, 200).png().toBuffer(), left: 690, top: 50 }])
      .png()
      .toBuffer();
  const spot = async (bytes: Uint8Array) => {
    const { channels } = await sharp(bytes).stats();
    return Math.max(...channels.map(({ stdev }) => stdev)) > 20;
  };

  it.each([
    ["centre", false],
    ["attention", true],
    ["entropy", true],
  ] as const)("%s finds the spot at the edge: %s", async (position, found) => {
    const source = await withSpot();
    const preset = { width: 200, height: 200, fit: "cover", position } as const;
    expect(await spot((await renderOne(source, preset)).bytes)).toBe(found);
    const [among] = await renderAll(source, [preset, {}]);
    expect(among && (await spot(among.bytes))).toBe(found);
  });
});

describe("the format of a rendition", () => {
  it.each(["jpeg", "png", "webp", "avif", "gif"] as const)("is %s when the preset says so", async (format) => {
    const source = await redAndBlue(300, 300).png().toBuffer();
    const { bytes } = await renderOne(source, { format });
    const metadata = await sharp(bytes).metadata();
    expect(metadata.format).toBe(format === "avif" ? "heif" : format);
    expect(await colourAt(bytes, 0.1, 0.5)).toEqual(near(RED.concat(metadata.hasAlpha ? [255] : []), 16));
  });

  it.each(["jpeg", "png", "webp", "avif", "gif", "tiff"] as const)(
    "stays %s when the preset says source",
    async (format) => {
      const source = await redAndBlue(300, 300).toFormat(format).toBuffer();
      expect(await renderOne(source)).toMatchObject({ format, width: 256, height: 256 });
    },
  );

  it("is AVIF for an AVIF sequence, of which the picture is shown that it has besides", async () => {
    const source = await redAndBlue(300, 300).avif({ effort: 0 }).toBuffer();
    source.write("avis", source.indexOf("ftyp") + 4, "latin1");
    const { bytes, format } = await renderOne(source);
    expect(format).toBe("avif");
    expect((await colourAt(bytes, 0.1, 0.5)).slice(0, 3)).toEqual(near(RED, 16));
  });

  it("follows the quality of the preset", async () => {
    const source = await photoLike(400, 400).png().toBuffer();
    for (const format of ["jpeg", "webp", "avif"] as const) {
      const [low, high] = await renderAll(source, [
        { format, quality: 20 },
        { format, quality: 95 },
      ]);
      expect(low?.bytes.length).toBeLessThan(high?.bytes.length ?? 0);
    }
  });
});

describe("the colours of a rendition", () => {
  const orange = { r: 220, g: 120, b: 60 };
  const plain = () => sharp({ create: { width: 300, height: 300, channels: 3, background: orange } });
  const ORANGE = [220, 120, 60];

  it.each([
    ["Display P3", 4, () => plain().withIccProfile("p3").jpeg({ quality: 95 })],
    ["sRGB with its profile", 4, () => plain().withIccProfile("srgb").jpeg({ quality: 95 })],
    ["CMYK", 25, () => plain().toColourspace("cmyk").withIccProfile("cmyk").jpeg({ quality: 95 })],
    ["a 16 bit PNG", 4, () => plain().toColourspace("rgb16").png()],
    ["a palette PNG", 4, () => plain().png({ palette: true })],
    ["a 10 bit AVIF", 6, () => plain().avif({ bitdepth: 10, quality: 90 })],
    ["a TIFF", 4, () => plain().tiff()],
  ])("are sRGB, without a profile, from %s (within %i)", async (_, tolerance, picture) => {
    const source = await picture().toBuffer();
    for (const { bytes } of [
      ...(await renderAll(source, [{ format: "png" }, { format: "png", width: 99 }])),
      await renderOne(source, { format: "png" }),
    ]) {
      expect((await colourAt(bytes, 0.5, 0.5)).slice(0, 3)).toEqual(near(ORANGE, tolerance));
      const { space, depth, hasProfile } = await sharp(bytes).metadata();
      expect({ space, depth, hasProfile }).toEqual({ space: "srgb", depth: "uchar", hasProfile: false });
    }
  });

  it("keep their transparency from grey with alpha", async () => {
    const grey = sharp({ create: { width: 300, height: 300, channels: 4, background: "#80808080" } });
    const source = await grey.toColourspace("b-w").png().toBuffer();
    for (const { bytes } of [await renderOne(source), ...(await renderAll(source, [{}, { width: 64 }]))]) {
      const pixel = await colourAt(bytes, 0.5, 0.5);
      expect(pixel[0]).toBeCloseTo(128, -1);
      expect(pixel.at(-1)).toBeCloseTo(128, -1);
    }
  });

  it.each([
    [undefined, [255, 255, 255]],
    ["#ff0000", RED],
  ])("lie on the background %s where JPEG has no transparency", async (background, expected) => {
    const clear = sharp({ create: { width: 300, height: 300, channels: 4, background: "#00000000" } });
    const preset = { format: "jpeg", ...(background && { background }) } as const;
    const { bytes } = await renderOne(await clear.png().toBuffer(), preset);
    expect(await colourAt(bytes, 0.5, 0.5)).toEqual(near(expected));
  });
});

describe("the metadata of a rendition", () => {
  it("is empty when the source names nobody", async () => {
    const { bytes } = await renderOne(await redAndBlue(300, 300).withMetadata({ density: 300 }).jpeg().toBuffer());
    const { exif, icc, xmp, iptc } = await sharp(bytes).metadata();
    expect({ exif, icc, xmp, iptc }).toEqual({});
  });
});

describe("an animation", () => {
  it.each(["gif", "webp"] as const)("in %s gives its first frame", async (format) => {
    const source = await (await frames(["#ff0000", "#00ff00", "#0000ff"], 300)).toFormat(format).toBuffer();
    const { bytes } = await renderOne(source);
    expect((await sharp(bytes).metadata()).pages ?? 1).toBe(1);
    expect((await colourAt(bytes, 0.5, 0.5)).slice(0, 3)).toEqual(near(RED));
  });

  it.each([
    ["gif", "source"],
    ["webp", "source"],
    ["gif", "webp"],
    ["webp", "gif"],
  ] as const)("from %s keeps its frames as %s when the preset says so", async (from, format) => {
    const source = await (await frames(["#ff0000", "#00ff00", "#0000ff"], 300)).toFormat(from).toBuffer();
    const [moving, still] = await renderAll(source, [{ animated: true, format }, { format }]);
    expect(moving).toMatchObject({ width: 256, height: 256 });
    expect(moving && (await sharp(moving.bytes).metadata()).pages).toBe(3);
    expect(still && ((await sharp(still.bytes).metadata()).pages ?? 1)).toBe(1);
  });

  it("keeps its shape, unturned, when it has an orientation too", async () => {
    const wide = await Promise.all([redAndBlue(400, 200), photoLike(400, 200)].map((frame) => frame.png().toBuffer()));
    const source = await sharp(wide, { join: { animated: true } })
      .withMetadata({ orientation: 6 })
      .webp()
      .toBuffer();
    expect(await sharp(source).metadata()).toMatchObject({ orientation: 6, pages: 2 });
    expect(await renderOne(source, { animated: true })).toMatchObject({ width: 256, height: 128 });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("of one frame is turned as any still picture is: %i", async (orientation) => {
    const source = await redAndBlue(80, 40).withMetadata({ orientation }).webp({ lossless: true }).toBuffer();
    const [kept, still] = await renderAll(source, [{ animated: true, format: "png" }, { format: "png" }]);
    const [moving] = await renderAll(source, [{ animated: true }]);
    expect(kept?.bytes).toEqual(still?.bytes);
    expect(moving).toMatchObject({ width: still?.width, height: still?.height });
    const upper = moving && (await colourAt(moving.bytes, 0.1, 0.1)).slice(0, 3);
    expect(upper).toEqual(near((await colourAt(still?.bytes ?? Buffer.alloc(0), 0.1, 0.1)).slice(0, 3)));
  });

  it("becomes its first frame in a format without animation, whatever the preset says", async () => {
    const source = await (await frames(["#ff0000", "#00ff00"], 300)).gif().toBuffer();
    expect(await colourAt((await renderOne(source, { animated: true, format: "jpeg" })).bytes, 0.5, 0.5)).toEqual(
      near(RED),
    );
  });
});
