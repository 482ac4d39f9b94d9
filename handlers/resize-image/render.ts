import sharp, { type Sharp } from "sharp";
import type { RenditionPreset } from "./config";
import type { Deadline } from "./deadline";
import { Refusal } from "./errors";
import { decoding } from "./picture/decoding";
import { embedCredits } from "./picture/embed-credits";
import { encode } from "./picture/encode";
import { FORMATS, type ImageFormat, keepsAnimation, renditionFormat } from "./picture/formats";
import { boxWithin, presetScale, scaledSize } from "./picture/geometry";
import type { Header } from "./picture/header";
import { MAX_OUTPUT_BYTES } from "./picture/limits";
import { animation, type Source, type StillPixels, stillPixels } from "./picture/still-pixels";
import type { NamedPreset } from "./request";

// A sandbox sees each picture once: remembering operations only costs memory.
sharp.cache(false);

/** A picture ready to be stored. */
export interface Rendered extends NamedPreset {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/**
 * Makes all renditions of a picture. Several share one decode, of no more pixels than the largest needs.
 * @throws Refusal CorruptImage, OutputTooLarge, DeadlineExceeded
 */
export async function render(
  source: Source,
  renditions: readonly NamedPreset[],
  deadline: Deadline,
): Promise<Rendered[]> {
  const { header } = source;
  const isStill = ({ preset }: NamedPreset) => !keepsAnimation(preset, header);
  const still = renditions.filter(isStill).map(({ preset }) => preset);
  const pixels = still.length > 0 ? await stillPixels(source, still, deadline) : undefined;
  const moving = { start: () => animation(source, deadline) };
  return Promise.all(
    renditions.map((rendition) => {
      return renderOne(rendition, isStill(rendition) && pixels ? pixels : moving, header, deadline);
    }),
  );
}

async function renderOne(
  { name, preset }: NamedPreset,
  { start, finish }: StillPixels,
  header: Header,
  deadline: Deadline,
): Promise<Rendered> {
  const format = renditionFormat(preset, header.format);
  const sized = resize(start(), preset, header);
  let resized = finish ? await finish(sized) : sized;
  if (!FORMATS[format].transparency) resized = resized.flatten({ background: preset.background ?? "#ffffff" });
  const encoded = encode(resized, format, preset.quality).toBuffer({ resolveWithObject: true });
  const { data: bare, info } = await decoding(deadline, encoded);
  const data = header.credits ? embedCredits(bare, format, header.credits) : bare;
  if (data.length > MAX_OUTPUT_BYTES) {
    throw new Refusal(
      "OutputTooLarge",
      `Expected at most ${MAX_OUTPUT_BYTES} bytes for ${name} but made ${data.length}`,
    );
  }
  return { name, preset, format, width: info.width, height: info.pageHeight ?? info.height, bytes: data };
}

function resize(picture: Sharp, preset: RenditionPreset, header: Header): Sharp {
  const { width, height, fit, position = "centre", enlarge = false } = preset;
  // libvips does not turn animations, so their frames have the shape they are stored in and not the header's.
  if (fit === "inside" && keepsAnimation(preset, header)) {
    return picture.resize({ width, height, fit, withoutEnlargement: !enlarge });
  }
  // The size is computed from the source's own, so that a detour over shared pixels cannot round it differently.
  if (fit === "inside") return picture.resize({ ...scaledSize(header, presetScale(header, preset)), fit: "fill" });
  const box = enlarge ? preset : boxWithin(header, preset);
  return picture.resize({ width: box.width, height: box.height, fit, position });
}
