import { rgbaToThumbHash } from "thumbhash";

/** What a page can show before the picture is there. */
export interface Placeholder {
  /** A ThumbHash (https://evanw.github.io/thumbhash/) in base64: about 25 bytes, with shape and transparency of the picture. */
  readonly hash: string;
  /** `#rrggbb`: the mean of the colours that agree in the upper four bits of each channel, where most of the picture does. */
  readonly color: string;
}

/** Pixels of 8 or 16 bits in sRGB, row by row: grey or RGB, each with alpha behind it or without. */
export interface Pixels {
  readonly data: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
}

/** A hash holds seven waves across: more pixels cost time and change nothing that is seen. */
const LONGEST_SIDE = 24;

/** The placeholder of a picture, from pixels of any size that show all of it. */
export function placeholderOf(pixels: Pixels): Placeholder {
  const small = shrink(pixels);
  const hash = rgbaToThumbHash(small.width, small.height, small.rgba);
  return { hash: Buffer.from(hash).toString("base64"), color: mostCommonColour(small.rgba) };
}

interface Small {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** Each small pixel is the mean of samples of what it stands for; what is transparent does not count for its colour. */
function shrink(pixels: Pixels): Small {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(pixels.width, pixels.height));
  const width = Math.max(1, Math.round(pixels.width * scale));
  const height = Math.max(1, Math.round(pixels.height * scale));
  const columns = samples(pixels.width, width);
  const rgba = new Uint8Array(width * height * 4);
  for (const [row, lines] of samples(pixels.height, height).entries()) {
    for (const [column, places] of columns.entries()) {
      rgba.set(mean(pixels, places, lines), (row * width + column) * 4);
    }
  }
  return { width, height, rgba };
}

// Sixteen samples, four by four, tell the mean of any number of pixels within a few levels.
const SAMPLES_ACROSS = 4;

/** For each of `parts` equal parts of a side, the places in it that are looked at. */
function samples(side: number, parts: number): number[][] {
  return Array.from({ length: parts }, (_, part) => {
    const from = Math.floor((part * side) / parts);
    const length = Math.floor(((part + 1) * side) / parts) - from;
    const count = Math.min(SAMPLES_ACROSS, length);
    return Array.from({ length: count }, (_, sample) => from + Math.floor(((sample + 0.5) * length) / count));
  });
}

function mean({ data, width, channels }: Pixels, places: readonly number[], lines: readonly number[]): number[] {
  const [green, blue] = channels > 2 ? [1, 2] : [0, 0];
  const alpha = channels % 2 === 0 ? channels - 1 : undefined;
  const shift = data.BYTES_PER_ELEMENT > 1 ? 8 : 0;
  let [reds, greens, blues, alphas] = [0, 0, 0, 0];
  for (const y of lines) {
    for (const x of places) {
      const at = (y * width + x) * channels;
      const opacity = alpha === undefined ? 255 : (data[at + alpha] ?? 0) >> shift;
      reds += ((data[at] ?? 0) >> shift) * opacity;
      greens += ((data[at + green] ?? 0) >> shift) * opacity;
      blues += ((data[at + blue] ?? 0) >> shift) * opacity;
      alphas += opacity;
    }
  }
  const visible = alphas || 1;
  return [reds / visible, greens / visible, blues / visible, alphas / (places.length * lines.length)].map(Math.round);
}

const BITS = 4;
const HALF_TRANSPARENT = 128;

/** White where nothing of the picture is to be seen. */
function mostCommonColour(rgba: Uint8Array): string {
  const bins = new Map<number, { count: number; red: number; green: number; blue: number }>();
  let most = { count: 0, red: 255, green: 255, blue: 255 };
  for (let at = 0; at < rgba.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(at, at + 4);
    if (alpha < HALF_TRANSPARENT) continue;
    const key = ((red >> BITS) << (2 * BITS)) | ((green >> BITS) << BITS) | (blue >> BITS);
    const bin = bins.get(key) ?? { count: 0, red: 0, green: 0, blue: 0 };
    bins.set(key, bin);
    bin.count++;
    bin.red += red;
    bin.green += green;
    bin.blue += blue;
    if (bin.count > most.count) most = bin;
  }
  const hex = (sum: number) =>
    Math.round(sum / Math.max(1, most.count))
      .toString(16)
      .padStart(2, "0");
  return `#${hex(most.red)}${hex(most.green)}${hex(most.blue)}`;
}
