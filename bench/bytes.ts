import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Table } from "@image-pipeline/command";
import sharp from "sharp";
import type { RenditionPreset } from "../handlers/resize-image/config";
import { type Contender, contenders } from "./contender";
import { type Pixels, pixelsOf, ssim } from "./ssim";
import { geometricMean } from "./statistics";

const FORMATS = ["jpeg", "png", "webp", "avif"] as const;
const SIDE = 640;
const BEST_QUALITY = 100;

/** A file, and how much of the picture is left in it. */
interface Encoded {
  readonly bytes: number;
  readonly ssim: number;
}

/**
 * Bytes at 640 pixels in each format, as ratios to what each rival needs to be as much like the picture. All are given the
 * same pixels, shrunk by plain sharp: it is the encoding that counts.
 */
export async function measureBytes(
  pictures: readonly string[],
  rivals: ReadonlyMap<string, Contender>,
  progress: (line: string) => void,
): Promise<Table> {
  const ours = contenders.ours();
  const rows: (readonly number[])[] = [];
  for (const picture of pictures) {
    progress(`bytes: ${basename(picture)}`);
    rows.push(await ratiosOf(picture, ours, [...rivals.values()]));
  }
  ours.stop();
  const columns = FORMATS.flatMap((format) => [...rivals.keys()].map((rival) => `${format}/${rival}`));
  const means = columns.map((_, column) => {
    return geometricMean(rows.map((row) => row[column] ?? Number.NaN).filter((ratio) => !Number.isNaN(ratio)));
  });
  return {
    title: `Bytes at ${SIDE} px at equal SSIM, ours/theirs (-: theirs is never as good)`,
    head: ["picture", ...columns],
    rows: [
      ...rows.map((row, index) => [basename(pictures[index] ?? ""), ...row.map(inWords)]),
      ["geometric mean", ...means.map(inWords)],
    ],
  };
}

function inWords(ratio: number): string {
  return Number.isNaN(ratio) ? "-" : ratio.toFixed(2);
}

async function ratiosOf(picture: string, ours: Contender, rivals: readonly Contender[]): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-bytes-"));
  const shrunk = join(folder, "shrunk.png");
  try {
    const resized = sharp(picture)
      .autoOrient()
      .resize({ width: SIDE, height: SIDE, fit: "inside", withoutEnlargement: true });
    await resized.png().toFile(shrunk);
    const pixels = await pixelsOf(readFileSync(shrunk));
    const ratios: number[] = [];
    for (const format of FORMATS) {
      const preset = { width: SIDE, height: SIDE, fit: "inside", format } as const;
      // What our PNG is made of says whether there is a palette; others are not told.
      const own = await encoded(ours, format === "png" ? picture : shrunk, preset, pixels);
      const compared = format === "png" ? encoded : asGoodAs(own.ssim);
      for (const rival of rivals) ratios.push(own.bytes / (await compared(rival, shrunk, preset, pixels)).bytes);
    }
    return ratios;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function encoded(
  contender: Contender,
  picture: string,
  preset: RenditionPreset,
  reference: Pixels,
): Promise<Encoded> {
  const file = await contender.render(picture, preset);
  return { bytes: file.length, ssim: ssim(reference, await pixelsOf(file)) };
}

/** Finds the lowest quality that is as good, and reads the bytes off between it and the next lower one. */
function asGoodAs(wanted: number): typeof encoded {
  return async (rival, picture, preset, reference) => {
    const at = (quality: number) => encoded(rival, picture, { ...preset, quality }, reference);
    let [low, high] = [1, BEST_QUALITY];
    let [worse, better] = [await at(low), await at(high)];
    if (better.ssim < wanted) return { bytes: Number.NaN, ssim: better.ssim };
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      const tried = await at(middle);
      if (tried.ssim < wanted) [low, worse] = [middle, tried];
      else [high, better] = [middle, tried];
    }
    const part = (wanted - worse.ssim) / (better.ssim - worse.ssim || 1);
    return { bytes: worse.bytes * (better.bytes / worse.bytes) ** part, ssim: wanted };
  };
}
