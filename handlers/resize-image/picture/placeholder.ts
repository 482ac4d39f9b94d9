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
  let to = 0;
  for (const lines of samples(pixels.height, height)) {
    for (const places of columns) {
      writeMean(pixels, places, lines, rgba, to);
      to += 4;
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

function writeMean(
  { data, width, channels }: Pixels,
  places: readonly number[],
  lines: readonly number[],
  rgba: Uint8Array,
  to: number,
): void {
  const green = channels > 2 ? 1 : 0;
  const alpha = channels % 2 === 0 ? channels - 1 : undefined;
  const shift = data.BYTES_PER_ELEMENT > 1 ? 8 : 0;
  let reds = 0;
  let greens = 0;
  let blues = 0;
  let alphas = 0;
  for (const y of lines) {
    for (const x of places) {
      const at = (y * width + x) * channels;
      const opacity = alpha === undefined ? 255 : (data[at + alpha] ?? 0) >> shift;
      reds += ((data[at] ?? 0) >> shift) * opacity;
      greens += ((data[at + green] ?? 0) >> shift) * opacity;
      blues += ((data[at + 2 * green] ?? 0) >> shift) * opacity;
      alphas += opacity;
    }
  }
  const visible = alphas || 1;
  rgba[to] = Math.round(reds / visible);
  rgba[to + 1] = Math.round(greens / visible);
  rgba[to + 2] = Math.round(blues / visible);
  rgba[to + 3] = Math.round(alphas / (places.length * lines.length));
}

const BITS = 4;
const HALF_TRANSPARENT = 128;

/** White where nothing of the picture is to be seen. */
function mostCommonColour(rgba: Uint8Array): string {
  const counts = new Uint16Array(2 ** (3 * BITS));
  let most = -1;
  for (let at = 0; at < rgba.length; at += 4) {
    const bin = binOf(rgba, at);
    if (bin === -1) continue;
    counts[bin] = (counts[bin] ?? 0) + 1;
    if (most === -1 || (counts[bin] ?? 0) > (counts[most] ?? 0)) most = bin;
  }
  if (most === -1) return "#ffffff";
  const sums: [number, number, number] = [0, 0, 0];
  for (let at = 0; at < rgba.length; at += 4) {
    if (binOf(rgba, at) !== most) continue;
    sums[0] += rgba[at] ?? 0;
    sums[1] += rgba[at + 1] ?? 0;
    sums[2] += rgba[at + 2] ?? 0;
  }
  const means = sums.map((sum) => Math.round(sum / (counts[most] ?? 1)));
  return `#${Buffer.from(means).toString("hex")}`;
}

/** The upper bits of a pixel's colour; -1 when it is not seen. */
function binOf(rgba: Uint8Array, at: number): number {
  if ((rgba[at + 3] ?? 0) < HALF_TRANSPARENT) return -1;
  const [red, green, blue] = [rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0];
  return ((red >> BITS) << (2 * BITS)) | ((green >> BITS) << BITS) | (blue >> BITS);
}
