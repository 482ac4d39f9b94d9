import type { RenditionPreset } from "../config";

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** By how much the whole picture is scaled for a preset; above 1 only where the preset allows to enlarge. */
export function presetScale(source: Size, preset: RenditionPreset): number {
  const across = preset.width / source.width;
  const down = preset.height / source.height;
  const scale = preset.fit === "inside" ? Math.min(across, down) : Math.max(across, down);
  return preset.enlarge ? scale : Math.min(1, scale);
}

/** The size of a picture scaled, never less than a pixel. */
export function scaledSize(source: Size, scale: number): Size {
  return {
    width: Math.max(1, Math.round(source.width * scale)),
    height: Math.max(1, Math.round(source.height * scale)),
  };
}

/** The largest box of the same shape that a picture fills without being enlarged. */
export function boxWithin(source: Size, box: Size): Size {
  return scaledSize(box, Math.min(1, source.width / box.width, source.height / box.height));
}
