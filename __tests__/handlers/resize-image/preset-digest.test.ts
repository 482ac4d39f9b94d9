import type { RenditionPreset } from "../../../handlers/resize-image/config";
import { presetDigest } from "../../../handlers/resize-image/preset-digest";
import { THUMBNAIL } from "../../support/rendition-presets";

const WEBP: RenditionPreset = { width: 640, height: 360, fit: "cover", format: "webp" };

describe("presetDigest", () => {
  it("is the same for the same preset on each day: all that was made would be made again", () => {
    expect(presetDigest(THUMBNAIL)).toBe("23e4d518dac3f82b");
    expect(presetDigest(WEBP)).toBe("baeae9dbc58519f2");
  });

  it("does not depend on the order of the fields", () => {
    const entries = Object.entries({ ...WEBP, position: "attention", enlarge: true } satisfies RenditionPreset);
    const turned: RenditionPreset = { ...THUMBNAIL, ...Object.fromEntries(entries.reverse()) };
    expect(presetDigest(turned)).toBe(presetDigest({ ...WEBP, position: "attention", enlarge: true }));
  });

  it.each<[RenditionPreset, Partial<RenditionPreset>]>([
    [WEBP, { position: "centre" }],
    [WEBP, { background: "#ffffff" }],
    [WEBP, { background: "#FFFFFF" }],
    [WEBP, { animated: false }],
    [WEBP, { enlarge: false }],
    [WEBP, { quality: 80 }],
    [{ ...WEBP, format: "jpeg" }, { quality: 80 }],
    [{ ...WEBP, format: "avif" }, { quality: 50 }],
  ])("of %j does not change where the default %j is spelled out", (preset, spelledOut) => {
    expect(presetDigest({ ...preset, ...spelledOut })).toBe(presetDigest(preset));
  });

  const CHANGES: Required<{ readonly [Field in keyof RenditionPreset]: RenditionPreset[Field] }> = {
    width: 641,
    height: 361,
    fit: "inside",
    format: "avif",
    quality: 79,
    position: "entropy",
    background: "#fffffe",
    animated: true,
    enlarge: true,
  };

  it.each(Object.entries(CHANGES))("changes with %s", (field, value) => {
    expect(presetDigest({ ...WEBP, [field]: value })).not.toBe(presetDigest(WEBP));
  });

  it("differs for every two presets that differ in any of their fields", () => {
    const fields = Object.entries(CHANGES);
    const digests = Array.from({ length: 2 ** fields.length }, (_, bits) =>
      presetDigest({ ...WEBP, ...Object.fromEntries(fields.filter((_, index) => bits & (1 << index))) }),
    );
    expect(new Set(digests).size).toBe(2 ** fields.length);
  });
});
