import type { RenditionPreset } from "../../handlers/resize-image/config";
import { Deadline } from "../../handlers/resize-image/deadline";
import { checkHeader } from "../../handlers/resize-image/picture/limits";
import { readHeader } from "../../handlers/resize-image/picture/read-header";
import { type Made, type Rendered, render } from "../../handlers/resize-image/render";
import { THUMBNAIL } from "./rendition-presets";

const MEMORY_MB = 1024;

/** Renders presets, each given as what differs from a thumbnail, of one picture. */
export async function renderAll(
  bytes: Buffer,
  presets: readonly Partial<RenditionPreset>[],
): Promise<Made["renditions"]> {
  return (await make(bytes, presets)).renditions;
}

/** Renders presets of one picture, and makes its placeholder. */
export async function make(bytes: Buffer, presets: readonly Partial<RenditionPreset>[]): Promise<Made> {
  const deadline = new Deadline(60_000);
  const renditions = presets.map((preset, index) => ({ name: `preset-${index}`, preset: { ...THUMBNAIL, ...preset } }));
  const header = await readHeader(bytes, deadline);
  checkHeader(
    header,
    renditions.map(({ preset }) => preset),
    MEMORY_MB,
  );
  return render({ bytes, header }, renditions, deadline);
}

/** Renders one preset, given as what differs from a thumbnail. */
export async function renderOne(bytes: Buffer, preset: Partial<RenditionPreset> = {}): Promise<Rendered> {
  const [rendered] = await renderAll(bytes, [preset]);
  if (!rendered) throw new Error("Expected one rendition of one preset");
  return rendered;
}
