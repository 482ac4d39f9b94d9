import type { RenditionPreset } from "../../../../handlers/resize-image/config";
import type { Header } from "../../../../handlers/resize-image/picture/header";
import { checkHeader, maxSourceBytes } from "../../../../handlers/resize-image/picture/limits";
import { THUMBNAIL } from "../../../support/rendition-presets";

const HEADER: Header = {
  format: "jpeg",
  width: 4000,
  height: 3000,
  frames: 1,
  channels: 3,
  bitsPerSample: 8,
  transparency: false,
  colours: "rgb",
  progressive: false,
};

function outcome(header: Partial<Header>, preset: Partial<RenditionPreset> = {}, memoryMb = 1024): string {
  try {
    checkHeader({ ...HEADER, ...header }, [{ ...THUMBNAIL, ...preset }], memoryMb);
    return "accepted";
  } catch (error) {
    return String(error);
  }
}

describe("checkHeader", () => {
  it.each([
    ["a photo of 12 megapixels", {}],
    ["a baseline photo of 100 megapixels", { width: 11_648, height: 8_736 }],
    ["a GIF of 10,000 frames of which one is shown", { format: "gif", width: 400, height: 300, frames: 10_000 }],
  ] as const)("accepts %s", (_, header) => {
    expect(outcome(header)).toBe("accepted");
  });

  it.each([
    [
      { width: 70_000, height: 10 },
      {},
      "DimensionsTooLarge: Expected at most 65500 pixels a side but received 70000 x 10",
    ],
    [
      { format: "png", width: 70_000, height: 10 },
      {},
      "DimensionsTooLarge: Expected at most 65535 pixels a side but received 70000 x 10",
    ],
    [
      { width: 12_000, height: 12_000 },
      {},
      "TooManyPixels: Expected at most 120000000 pixels but received 12000 x 12000",
    ],
    [
      { format: "gif", width: 10, height: 10, frames: 301 },
      { animated: true },
      "TooManyFrames: Expected at most 300 frames but received 10 x 10 x 301 frames",
    ],
    [
      { format: "webp", width: 2000, height: 2000, frames: 40 },
      { animated: true },
      "TooManyPixels: Expected at most 48444211 pixels for webp in 1024 MB of memory but received 2000 x 2000 x 40 frames",
    ],
  ] as const)("refuses %j for %j", (header, preset, message) => {
    expect(outcome(header, preset)).toBe(message);
  });

  it.each([
    ["a progressive JPEG", { progressive: true }],
    ["an interlaced PNG", { format: "png", progressive: true, bitsPerSample: 16 }],
    ["a WebP", { format: "webp" }],
    ["an AVIF", { format: "avif" }],
    ["a TIFF", { format: "tiff" }],
  ] as const)("refuses %s that half of the memory cannot hold", (_, header) => {
    const large = { width: 9_000, height: 9_000, ...header };
    expect(outcome(large, {}, 256)).toMatch(/^TooManyPixels: .* in 256 MB of memory but received 9000 x 9000$/);
    expect(outcome(large, {}, 4096)).toBe("accepted");
  });
});

describe("maxSourceBytes", () => {
  it.each([
    [128, 16],
    [512, 64],
    [10_240, 64],
  ])("is, in a function with %i MB of memory, %i MiB", (memoryMb, mebibytes) => {
    expect(maxSourceBytes(memoryMb)).toBe(mebibytes * 1024 * 1024);
  });
});
