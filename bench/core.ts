import type { RenditionPreset } from "../handlers/resize-image/config";
import { Deadline } from "../handlers/resize-image/deadline";
import { checkHeader } from "../handlers/resize-image/picture/limits";
import { readHeader } from "../handlers/resize-image/picture/read-header";
import { render } from "../handlers/resize-image/render";

const MEMORY_MB = 1024;
const TEN_MINUTES = 600_000;

/** What the function does between reading the object and writing the renditions. */
export async function renderCore(bytes: Buffer, presets: readonly RenditionPreset[]): Promise<Uint8Array[]> {
  const deadline = new Deadline(TEN_MINUTES);
  const header = await readHeader(bytes, deadline);
  checkHeader(header, presets, MEMORY_MB);
  const renditions = presets.map((preset, index) => ({ name: `${index}`, preset }));
  const made = await render({ bytes, header }, renditions, deadline);
  return made.renditions.map((rendition) => rendition.bytes);
}
