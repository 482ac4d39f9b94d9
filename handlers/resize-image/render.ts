import sharp, { type Sharp } from "sharp";
import type { RenditionPreset } from "./config";
import type { Deadline } from "./deadline";
import { Refusal } from "./errors";
import { bareCopy } from "./picture/bare-copy";
import { isSrgb, paletteConversion } from "./picture/colour-conversion";
import { decoding } from "./picture/decoding";
import { embedCredits } from "./picture/embed-credits";
import { type Encoding, encode, encodingOf, encodings, hasQuality, otherEncodings, quickly } from "./picture/encode";
import { FORMATS, type ImageFormat, keepsAnimation, renditionFormat } from "./picture/formats";
import { renditionSize } from "./picture/geometry";
import type { Header } from "./picture/header";
import { MAX_OUTPUT_BYTES } from "./picture/limits";
import { noLarger, type Ways } from "./picture/no-larger";
import { type Placeholder, placeholderOf } from "./picture/placeholder";
import { animation, type Source, type StillPixels, stillPixels } from "./picture/still-pixels";
import { isTight } from "./picture/tight";
import { checkFrames } from "./picture/webp-frames";
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

/** All that is made of a picture. */
export interface Made {
  readonly renditions: readonly Rendered[];
  readonly placeholder: Placeholder;
}

/**
 * Makes all renditions of a picture, and its placeholder. They share one decode, of no more pixels than the largest needs.
 * @throws Refusal CorruptImage, OutputTooLarge, DeadlineExceeded
 */
export async function render(source: Source, renditions: readonly NamedPreset[], deadline: Deadline): Promise<Made> {
  const { header } = source;
  for (const rendition of renditions) checkSide(rendition, header);
  await checkFrames(source.bytes, header, deadline);
  const isStill = ({ preset }: NamedPreset) => !keepsAnimation(preset, header);
  const still = renditions.filter(isStill).map(({ preset }) => preset);
  const pixels = still.length > 0 ? await stillPixels(source, still, deadline) : undefined;
  const { shared } = pixels?.shared ? pixels : await stillPixels(source, [SMALL], deadline);
  if (!shared) throw new Error("Expected pixels of a small size to be few enough to share");
  const moving = { start: () => animation(source, deadline) };
  const made = renditions.map((rendition) => {
    return renderOne(rendition, isStill(rendition) && pixels ? pixels : moving, source, deadline);
  });
  return { placeholder: placeholderOf(shared), renditions: await Promise.all(made) };
}

// For the placeholder, where all of the frames are kept or the pixels are too many to be shared.
const SMALL: RenditionPreset = { width: 100, height: 100, fit: "inside", format: "png" };

/** Checks that a rendition is not longer or wider than its format can be. @throws Refusal OutputTooLarge */
function checkSide({ name, preset }: NamedPreset, header: Header): void {
  const format = renditionFormat(preset, header.format);
  const { longestSide } = FORMATS[format];
  const { width, height } = renditionSize(header, preset);
  if (Math.max(width, height) > longestSide) {
    throw new Refusal(
      "OutputTooLarge",
      `Expected at most ${longestSide} pixels a side for ${name} in ${format} but it has ${width} x ${height}`,
    );
  }
}

async function renderOne(
  { name, preset }: NamedPreset,
  { start, finish }: StillPixels,
  source: Source,
  deadline: Deadline,
): Promise<Rendered> {
  const { header } = source;
  const format = renditionFormat(preset, header.format);
  const sized = () => resize(start(), preset, header);
  const inSrgb = finish ? await finish(sized()) : sized;
  const picture = () => {
    const opaque = FORMATS[format].transparency
      ? inSrgb()
      : inSrgb().flatten({ background: preset.background ?? "#ffffff" });
    // A background may have colours where the picture has none.
    return header.colours === "grey" && preset.background === undefined ? opaque.toColourspace("b-w") : opaque;
  };
  const encoding = encodingOf(format, preset.quality, header, renditionSize(header, preset));
  const began = performance.now();
  const encoded = await Promise.all(
    encodings(format, encoding).map((encode) => {
      return decoding(deadline, encode(picture()).toBuffer({ resolveWithObject: true }));
    }),
  );
  const milliseconds = performance.now() - began;
  const { data: bare, info } = encoded.reduce((least, other) =>
    other.data.length < least.data.length ? other : least,
  );
  const [width, height] = [info.width, info.pageHeight ?? info.height];
  let data = header.credits ? embedCredits(bare, format, header.credits) : bare;
  const shrunk = width !== header.width || height !== header.height;
  // A lossless file may be small for what is in it: in another format it would be torn to pieces to become as small.
  const comparable = format === header.format || (hasQuality(format) && hasQuality(header.format));
  if (data.length > source.bytes.length && !shrunk && comparable) {
    const whole = header.frames === 1 || keepsAnimation(preset, header);
    // A rendition that is too large is better than none: a search takes half of the time there is, for what another try takes
    // is only a guess, and the uploads need some, too.
    const kept = deadline.secondsLeft / 2;
    const inTime = () => deadline.secondsLeft > kept + milliseconds / 1000;
    const ways = waysOf(picture, source, format, quickly(encoding), whole, deadline);
    data = await noLarger(data, source.bytes.length, encoding, { ...ways, inTime });
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
  picture: () => Sharp,
  { bytes, header }: Source,
  format: ImageFormat,
  encoding: Encoding,
  whole: boolean,
  deadline: Deadline,
): Omit<Ways, "inTime"> {
  const withCredits = (file: Buffer) => (header.credits ? embedCredits(file, format, header.credits) : file);
  const made = async (file: Sharp) => withCredits(await decoding(deadline, file.toBuffer()));
  const encodeAs = (changes: Partial<Encoding>) => made(encode(picture(), format, { ...encoding, ...changes }));
  // Of a TIFF the first of its pictures is served, and copied.
  const all = whole || format === "tiff";
  const untouched = all && format === header.format && !header.turned && !header.warningsCount;
  const recolour = paletteConversion(header);
  return {
    copy: async () => {
      const copy = untouched && (recolour || isSrgb(header)) ? bareCopy(bytes, format, recolour) : undefined;
      return copy && (await isTight(copy, format, header, deadline)) ? withCredits(copy) : undefined;
    },
    others: otherEncodings(format, encoding).map((other) => () => made(other(picture()))),
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
  const size = renditionSize(header, preset);
  return picture.resize({
    width: size.width,
    height: size.height,
    ...(fit === "inside" ? { fit: "fill" } : { fit, position }),
  });
}
