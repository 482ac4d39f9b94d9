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

/** The size a preset gives a still picture. */
export function renditionSize(source: Size, preset: RenditionPreset): Size {
  // Computed from the source's own size, so that a detour over shared pixels cannot round it differently.
  if (preset.fit === "inside") return scaledSize(source, presetScale(source, preset));
  return preset.enlarge ? preset : boxWithin(source, preset);
}

/** The largest box of the same shape that a picture fills without being enlarged. */
function boxWithin(source: Size, box: Size): Size {
  return scaledSize(box, Math.min(1, source.width / box.width, source.height / box.height));
}
