import sharp, { type Sharp } from "sharp";
import type { RenditionPreset } from "./config";
import type { Deadline } from "./deadline";
import { Refusal } from "./errors";
import { bareCopy } from "./picture/bare-copy";
import { decoding } from "./picture/decoding";
import { embedCredits } from "./picture/embed-credits";
import { type Encoding, encode, encodingOf, hasQuality, otherEncodings } from "./picture/encode";
import { FORMATS, type ImageFormat, keepsAnimation, renditionFormat } from "./picture/formats";
import { boxWithin, presetScale, scaledSize } from "./picture/geometry";
import type { Header } from "./picture/header";
import { MAX_OUTPUT_BYTES } from "./picture/limits";
import { noLarger, type Ways } from "./picture/no-larger";
import { animation, isSrgb, type Source, type StillPixels, stillPixels } from "./picture/still-pixels";
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
      return renderOne(rendition, isStill(rendition) && pixels ? pixels : moving, source, deadline);
    }),
  );
}

async function renderOne(
  { name, preset }: NamedPreset,
  { start, finish }: StillPixels,
  source: Source,
  deadline: Deadline,
): Promise<Rendered> {
  const { header } = source;
  const format = renditionFormat(preset, header.format);
  const sized = resize(start(), preset, header);
  let picture = finish ? await finish(sized) : sized;
  if (!FORMATS[format].transparency) picture = picture.flatten({ background: preset.background ?? "#ffffff" });
  // A background may have colours where the picture has none.
  if (header.colours === "grey" && preset.background === undefined) picture = picture.toColourspace("b-w");
  const encoding = encodingOf(format, preset.quality, header);
  const encoded = encode(picture.clone(), format, encoding).toBuffer({ resolveWithObject: true });
  const { data: bare, info } = await decoding(deadline, encoded);
  const [width, height] = [info.width, info.pageHeight ?? info.height];
  let data = header.credits ? embedCredits(bare, format, header.credits) : bare;
  const shrunk = width !== header.width || height !== header.height;
  // A lossless file may be small for what is in it: in another format it would be torn to pieces to become as small.
  const comparable = format === header.format || (hasQuality(format) && hasQuality(header.format));
  if (data.length > source.bytes.length && !shrunk && comparable) {
    const whole = header.frames === 1 || keepsAnimation(preset, header);
    data = await noLarger(
      data,
      source.bytes.length,
      encoding,
      waysOf(picture, source, format, encoding, whole, deadline),
    );
  }
  if (data.length > MAX_OUTPUT_BYTES) {
    throw new Refusal(
      "OutputTooLarge",
      `Expected at most ${MAX_OUTPUT_BYTES} bytes for ${name} but made ${data.length}`,
    );
  }
  return { name, preset, format, width, height, bytes: data };
}

/** How a rendition of its source's size can be made smaller; `whole` when it has all of its source's frames. */
function waysOf(
  picture: Sharp,
  { bytes, header }: Source,
  format: ImageFormat,
  encoding: Encoding,
  whole: boolean,
  deadline: Deadline,
): Ways {
  const withCredits = (file: Buffer) => (header.credits ? embedCredits(file, format, header.credits) : file);
  const made = async (file: Sharp) => withCredits(await decoding(deadline, file.toBuffer()));
  const encodeAs = (changes: Partial<Encoding>) => made(encode(picture.clone(), format, { ...encoding, ...changes }));
  const untouched = whole && format === header.format && !header.turned && !header.warningsCount && isSrgb(header);
  return {
    copy: () => {
      const copy = untouched ? bareCopy(bytes, format) : undefined;
      return copy && withCredits(copy);
    },
    others: otherEncodings(format, encoding).map((other) => () => made(other(picture.clone()))),
    atQuality: hasQuality(format) ? (quality) => encodeAs({ quality }) : undefined,
    last: format === "avif" ? [3, 6, 9].map((effort) => () => encodeAs({ quality: 1, effort })) : [],
  };
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
