import { createHash } from "node:crypto";
import type { RenditionPreset } from "./config";
import { QUALITY } from "./picture/encode";

const DIGITS = 16; // Of two presets that one rendition has had, no two will share so many.

/**
 * Says which preset made a rendition, so that a changed one is noticed: the same for fields in another order, and for a
 * default that is spelled out. The quality has a default of its own in each format, so a preset that keeps the format has none.
 */
export function presetDigest({ format, background = "#ffffff", ...preset }: RenditionPreset): string {
  const whole = {
    quality: format === "source" ? undefined : QUALITY[format],
    position: "centre",
    animated: false,
    enlarge: false,
    ...preset,
    format,
    background: background.toLowerCase(),
  };
  const fields = Object.entries(whole).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex").slice(0, DIGITS);
}
