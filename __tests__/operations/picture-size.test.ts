import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";

const SCRIPT = join(__dirname, "../../operations/picture-size.sh");
const folder = mkdtempSync(join(tmpdir(), "picture-size-"));
afterAll(() => rmSync(folder, { recursive: true }));

// Sizes whose bytes all differ, so that a swapped byte or side shows.
const picture = (width = 1290, height = 515): Sharp =>
  sharp({ create: { width, height, channels: 4, background: { r: 200, g: 40, b: 90, alpha: 0.5 } } });

describe("picture-size.sh", () => {
  it.each<[string, Sharp, string]>([
    ["a baseline JPEG", picture().jpeg(), "jpeg 1290 515"],
    ["a progressive JPEG", picture().jpeg({ progressive: true }), "jpeg 1290 515"],
    [
      "a JPEG with an ICC profile and EXIF",
      picture()
        .withIccProfile("p3")
        .withExif({ IFD0: { Artist: "A" } })
        .jpeg(),
      "jpeg 1290 515",
    ],
    ["a PNG", picture().png(), "png 1290 515"],
    ["a GIF", picture().gif(), "gif 1290 515"],
    ["a lossy WebP with alpha", picture().webp(), "webp 1290 515"],
    ["a lossy WebP without", picture().removeAlpha().webp(), "webp 1290 515"],
    ["a lossless WebP", picture().removeAlpha().webp({ lossless: true }), "webp 1290 515"],
    ["an AVIF", picture(130, 67).avif({ effort: 0 }), "avif 130 67"],
  ])("reads %s", async (name, image, expected) => {
    const file = join(folder, name);
    await image.toFile(file);

    expect(execFileSync("bash", [SCRIPT, file], { encoding: "utf8" })).toBe(`${expected}\n`);
  });

  it.each<[string, Buffer]>([
    ["an empty file", Buffer.alloc(0)],
    ["a text", Buffer.from("<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>")],
    [
      "a JPEG cut off before its frame",
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00, 0x01]),
    ],
  ])("exits 1 for %s and prints nothing", (name, content) => {
    const file = join(folder, name);
    writeFileSync(file, content);

    const { status, stdout, stderr } = spawnSync("bash", [SCRIPT, file], { encoding: "utf8" });

    expect([status, stdout, stderr]).toEqual([1, "", ""]);
  });
});
