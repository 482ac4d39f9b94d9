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

/** The size that serves every preset: the whole picture, no larger than it is and than the largest preset needs. */
export function sharedSize(source: Size, presets: readonly RenditionPreset[]): Size {
  return scaledSize(source, Math.min(1, Math.max(...presets.map((preset) => presetScale(source, preset)))));
}
