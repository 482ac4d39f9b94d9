import type { Encoding } from "./encode";

/** Halvings of the qualities from 1 to 100. */
const STEPS = 7;
/** Share of the bytes there may be from which on another try is not worth its time. */
const CLOSE_ENOUGH = 0.9;
// How much lower a quality is at which a picture has half the bytes, about, in JPEG, WebP and AVIF from 40 to 80.
const QUALITY_OF_HALF = 20;

/** How a rendition can be made smaller. */
export interface Ways {
  /** The source itself without all that is not pixels; undefined where the rendition's pixels are others. */
  readonly copy: () => Promise<Buffer | undefined>;
  /** Encodes the same pixels in other ways, one after the other. */
  readonly others: readonly (() => Promise<Buffer>)[];
  /** Encodes at a quality; undefined for formats without one. */
  readonly atQuality: ((quality: number) => Promise<Buffer>) | undefined;
  /** What is left when even the lowest quality is too large: pictures of few hundred bytes. */
  readonly last: readonly (() => Promise<Buffer>)[];
  /** Whether there is time for another of them. */
  readonly inTime: () => boolean;
}

/**
 * A rendition that is not larger than `most` bytes, the source's: the source itself before anything is encoded anew, then
 * the best quality that fits. Where nothing fits, or in the time there is, the smallest of all there was.
 */
export async function noLarger(made: Buffer, most: number, { quality }: Encoding, ways: Ways): Promise<Buffer> {
  const copy = await ways.copy();
  if (copy && copy.length <= most) return copy;
  const start = copy && copy.length < made.length ? copy : made;
  const smallest = await smallestOf(start, most, ways.others, ways.inTime);
  if (smallest.length <= most || !ways.atQuality) return smallest;
  return (
    (await bestThatFits(most, quality, made.length, ways.atQuality, ways.inTime)) ??
    smallestOf(smallest, most, ways.last, ways.inTime)
  );
}

async function smallestOf(start: Buffer, most: number, ways: Ways["others"], inTime: () => boolean): Promise<Buffer> {
  let smallest = start;
  for (const encode of ways) {
    if (smallest.length <= most || !inTime()) break;
    const other = await encode();
    if (other.length < smallest.length) smallest = other;
  }
  return smallest;
}

/** The first try is a guess, as encoding may take so long that there is time for few. */
async function bestThatFits(
  most: number,
  quality: number,
  length: number,
  atQuality: (quality: number) => Promise<Buffer>,
  inTime: () => boolean,
): Promise<Buffer | undefined> {
  let best: Buffer | undefined;
  let [fits, tooLarge] = [0, quality];
  let next = Math.floor(quality - QUALITY_OF_HALF * Math.log2(length / most));
  for (let step = 0; step < STEPS && tooLarge - fits > 1 && inTime(); step++) {
    const tried = Math.min(tooLarge - 1, Math.max(fits + 1, next));
    const file = await atQuality(tried);
    if (file.length <= most) [fits, best] = [tried, file];
    else tooLarge = tried;
    if (best && best.length >= CLOSE_ENOUGH * most) break;
    next = Math.floor((fits + tooLarge) / 2);
  }
  return best;
}
