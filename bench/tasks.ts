import type { RenditionPreset } from "../handlers/resize-image/config";

/** One piece of work that every contender is given for every picture. */
export interface Task {
  readonly name: string;
  readonly renditions: readonly RenditionPreset[];
}

const RESPONSIVE_WIDTHS = [160, 320, 640, 1280, 1920];
const TALL_ENOUGH = 10_000;

function responsive(format: "jpeg" | "webp"): RenditionPreset[] {
  return RESPONSIVE_WIDTHS.map((width) => ({ width, height: TALL_ENOUGH, fit: "inside", format, quality: 80 }));
}

/** The thumbnail of the default preset, and the widths of a responsive web page. */
export const TASKS: readonly Task[] = [
  { name: "one thumbnail", renditions: [{ width: 256, height: 256, fit: "inside", format: "source" }] },
  { name: "five JPEG", renditions: responsive("jpeg") },
  { name: "five WebP", renditions: responsive("webp") },
];
