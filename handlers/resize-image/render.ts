import sharp, { type Sharp } from "sharp";
import type { RenditionPreset } from "./config";
import type { Deadline } from "./deadline";
import { Refusal } from "./errors";
import { credits } from "./picture/credits";
import { decoding, open } from "./picture/decoding";
import { encode } from "./picture/encode";
import { FORMATS, type ImageFormat, keepsAnimation, renditionFormat } from "./picture/formats";
import { presetScale, scaledSize, sharedSize } from "./picture/geometry";
import type { Header } from "./picture/header";
import { MAX_OUTPUT_BYTES, MAX_SHARED_PIXELS } from "./picture/limits";
import type { NamedPreset } from "./request";

// A sandbox sees each picture once: remembering operations only costs memory.
sharp.cache(false);

/** A picture ready to be stored. */
export interface Rendered {
  readonly name: string;
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** The bytes of a picture with its header, which has passed the limits. */
export interface Source {
  readonly bytes: Buffer;
  readonly header: Header;
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
  const still = renditions.filter(({ preset }) => !keepsAnimation(preset, header.format)).map(({ preset }) => preset);
  const shared = still.length > 1 ? await decodeOnce(source, still, deadline) : undefined;
  return Promise.all(
    renditions.map(({ name, preset }) => {
      const animated = keepsAnimation(preset, header.format);
      const picture = (!animated && shared?.()) || open(source.bytes, deadline, { animated, autoOrient: true });
      return renderOne(name, preset, picture, header, deadline);
    }),
  );
}

/** Decodes for all presets; gives a way to start from the pixels any number of times. */
async function decodeOnce(
  { bytes, header }: Source,
  presets: readonly RenditionPreset[],
  deadline: Deadline,
): Promise<(() => Sharp) | undefined> {
  const size = sharedSize(header, presets);
  if (size.width * size.height > MAX_SHARED_PIXELS) return undefined;
  const pixels = open(bytes, deadline, { autoOrient: true })
    .resize({ ...size, fit: "fill" })
    .raw();
  const { data, info } = await decoding(deadline, pixels.toBuffer({ resolveWithObject: true }));
  const { width, height, channels } = info;
  return () => sharp(data, { raw: { width, height, channels } }).timeout({ seconds: deadline.secondsLeft });
}

async function renderOne(
  name: string,
  preset: RenditionPreset,
  picture: Sharp,
  header: Header,
  deadline: Deadline,
): Promise<Rendered> {
  const format = renditionFormat(preset, header.format);
  let resized = resize(picture, preset, header);
  if (!FORMATS[format].transparency) resized = resized.flatten({ background: preset.background ?? "#ffffff" });
  const credit = header.exif && credits(header.exif);
  if (credit) resized = resized.withExif({ IFD0: { ...credit } });
  const encoded = encode(resized, format, preset.quality).toBuffer({ resolveWithObject: true });
  const { data, info } = await decoding(deadline, encoded);
  if (data.length > MAX_OUTPUT_BYTES) {
    throw new Refusal(
      "OutputTooLarge",
      `Expected at most ${MAX_OUTPUT_BYTES} bytes for ${name} but made ${data.length}`,
    );
  }
  return { name, format, width: info.width, height: info.pageHeight ?? info.height, bytes: data };
}

function resize(picture: Sharp, preset: RenditionPreset, header: Header): Sharp {
  // The size is computed from the source's own, so that a detour over shared pixels cannot round it differently.
  if (preset.fit === "inside")
    return picture.resize({ ...scaledSize(header, presetScale(header, preset)), fit: "fill" });
  const { width, height, position = "centre", enlarge = false } = preset;
  return picture.resize({ width, height, fit: "cover", position, withoutEnlargement: !enlarge });
}
