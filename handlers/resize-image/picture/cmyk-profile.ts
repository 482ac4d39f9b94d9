import { D50 } from "./colour-space";
import { writeSrgb } from "./to-srgb";

// https://www.color.org/icc34.pdf and ICC.1:2022 (10.10, 10.11): a curve for each ink, a table over all four, and a curve
// for each of L, a and b.
const VERSION = 8;
const FIRST_VERSION_WITH_ANOTHER_BLACK = 4;
const COLOUR_SPACE = 16;
const CONNECTION_SPACE = 20;
const TAG_COUNT = 128;
const TAG_BYTES = 12;
const MAX_TAGS = 100;
const [INKS, LAB] = [4, 3];
const LEVELS = 256;
const NODES = 2; // At least, of a table along an ink and of a curve.
// A table of 16 bits says 100 and 127 by 0xff00, one of 8 bits by 0xff.
const WIDE_LAB = 65_535 / 65_280;

/** Turns pixels of CMYK into sRGB, in place: three values where four were, and what they take up comes back. */
export type FromCmyk = (pixels: Uint8Array | Uint16Array) => Uint8Array | Uint16Array;

/**
 * The conversion that a profile of a press means, straight through its table. Undefined when it is damaged or of another
 * kind. libvips computes a table of its own for each picture first, which takes several times as long as a thumbnail.
 */
export function cmykConversion(profile: Buffer): FromCmyk | undefined {
  try {
    const table = readTable(profile);
    return table && conversion(table);
  } catch {
    return undefined; // What is read lies past the end: the profile is damaged.
  }
}

/** What a profile has for the perceptual intent; all values from 0 to 1. */
interface Table {
  readonly inks: readonly Float64Array[];
  /** How many nodes there are along each ink. */
  readonly side: number;
  /** L, a and b for each node; black comes fastest. */
  readonly nodes: Float64Array;
  readonly lab: readonly Float64Array[];
  /** What 1 stands for, as a part of 100 for L and of 255 for a and b. */
  readonly highest: number;
}

function readTable(profile: Buffer): Table | undefined {
  const signature = (at: number) => profile.toString("latin1", at, at + 4);
  if (profile.readUInt8(VERSION) >= FIRST_VERSION_WITH_ANOTHER_BLACK) return undefined;
  if (signature(COLOUR_SPACE) !== "CMYK" || signature(CONNECTION_SPACE) !== "Lab ") return undefined;
  const entries = Array.from({ length: Math.min(profile.readUInt32BE(TAG_COUNT), MAX_TAGS) }, (_, index) => {
    return TAG_COUNT + 4 + index * TAG_BYTES;
  });
  const entry = entries.find((at) => signature(at) === "A2B0");
  if (entry === undefined) return undefined;
  const at = profile.readUInt32BE(entry + 4);
  const wide = signature(at) === "mft2";
  if (!wide && signature(at) !== "mft1") return undefined;
  const [inks, outputs, side] = [profile.readUInt8(at + 8), profile.readUInt8(at + 9), profile.readUInt8(at + 10)];
  const inkLength = wide ? profile.readUInt16BE(at + 48) : LEVELS;
  const labLength = wide ? profile.readUInt16BE(at + 50) : LEVELS;
  if (inks !== INKS || outputs !== LAB || Math.min(side, inkLength, labLength) < NODES) return undefined;
  let next = at + (wide ? 52 : 48);
  const values = (length: number) => {
    const start = next;
    next += length * (wide ? 2 : 1);
    if (next > profile.length) throw new RangeError("Expected a table to lie within the profile");
    return Float64Array.from({ length }, (_, index) => {
      return wide ? profile.readUInt16BE(start + 2 * index) / 65_535 : profile.readUInt8(start + index) / 255;
    });
  };
  return {
    side,
    inks: Array.from({ length: INKS }, () => values(inkLength)),
    nodes: values(side ** INKS * LAB),
    lab: Array.from({ length: LAB }, () => values(labLength)),
    highest: wide ? WIDE_LAB : 1,
  };
}

/** For each level of an ink: the node below, and how far on it lies to the next. */
function places(ink: Float64Array, side: number, step: number) {
  const place = Float64Array.from({ length: LEVELS }, (_, level) => onCurve(ink, level / (LEVELS - 1)) * (side - 1));
  const below = place.map((value) => Math.min(Math.floor(value), side - 2));
  return {
    node: Int32Array.from(below, (node) => node * step),
    part: place.map((value, i) => value - (below[i] ?? 0)),
  };
}

function onCurve(curve: Float64Array, value: number): number {
  const place = value * (curve.length - 1);
  const below = Math.min(place | 0, curve.length - 2);
  const start = curve[below] ?? 0;
  return start + ((curve[below + 1] ?? 0) - start) * (place - below);
}

// By which of magenta, yellow and black has gone farthest, and which comes next: (magenta >= yellow) x 4 + (yellow >= black) x 2
// + (magenta >= black). Two of the eight cannot be.
const FARTHEST = ["k", "", "y", "y", "k", "m", "", "m"] as const;
const NEXT = ["y", "", "k", "m", "m", "k", "", "y"] as const;

// L is 50 there. What is lighter is no black, whatever a profile says.
const LIGHTEST_BLACK = cubed((50 + 16) / 116);

function conversion(table: Table): FromCmyk | undefined {
  const light = new Float64Array(3);
  const look = lightOf(table, light);
  // What is darkest on paper becomes black on the screen, and all else a little darker with it: black point compensation,
  // as libvips has it done.
  look(255, 255, 255, 255);
  const [darkX = 0, darkY = 0, darkZ = 0] = light;
  if (darkY > LIGHTEST_BLACK) return undefined;
  return (pixels) => {
    let to = 0;
    for (let from = 0; from + INKS <= pixels.length; from += INKS, to += 3) {
      look(pixels[from] ?? 0, pixels[from + 1] ?? 0, pixels[from + 2] ?? 0, pixels[from + 3] ?? 0);
      const x = ((light[0] ?? 0) - darkX) / (1 - darkX);
      const y = ((light[1] ?? 0) - darkY) / (1 - darkY);
      const z = ((light[2] ?? 0) - darkZ) / (1 - darkZ);
      writeSrgb(pixels, to, D50[0] * x, D50[1] * y, D50[2] * z);
    }
    return pixels.subarray(0, to);
  };
}

/** Looks up the light of four levels of ink and writes it to `light`: X, Y and Z as parts of white's. */
function lightOf({ inks, side, nodes, lab, highest }: Table, light: Float64Array) {
  const steps = { m: LAB * side ** 2, y: LAB * side, k: LAB, "": 0 };
  const cyanStep = LAB * side ** 3;
  const [cyan, magenta, yellow, black] = [cyanStep, steps.m, steps.y, steps.k].map((step, index) => {
    return places(inks[index] ?? new Float64Array(NODES), side, step);
  });
  const [lCurve, aCurve, bCurve] = lab;
  if (!cyan || !magenta || !yellow || !black || !lCurve || !aCurve || !bCurve) throw new Error("Expected four inks");
  const first = Int32Array.from(FARTHEST, (ink) => steps[ink]);
  const second = Int32Array.from(NEXT, (ink, order) => steps[ink] + (first[order] ?? 0));
  const last = steps.m + steps.y + steps.k;
  const nextNodes = nodes.subarray(cyanStep); // One step along cyan from each.
  return (c: number, m: number, y: number, k: number): void => {
    const mPart = magenta.part[m] ?? 0;
    const yPart = yellow.part[y] ?? 0;
    const kPart = black.part[k] ?? 0;
    // Along magenta, yellow and black a point lies in a tetrahedron: from the node below, one step along each of them, the
    // farthest first. Then between two of those along cyan. Little CMS, which libvips converts with, does the same.
    const order = (mPart >= yPart ? 4 : 0) + (yPart >= kPart ? 2 : 0) + (mPart >= kPart ? 1 : 0);
    const most = Math.max(mPart, yPart, kPart);
    const least = Math.min(mPart, yPart, kPart);
    const middle = mPart + yPart + kPart - most - least;
    const node = (cyan.node[c] ?? 0) + (magenta.node[m] ?? 0) + (yellow.node[y] ?? 0) + (black.node[k] ?? 0);
    const next = node + (first[order] ?? 0);
    const third = node + (second[order] ?? 0);
    const end = node + last;
    let l = mean(nodes, node, next, third, end, most, middle, least);
    let a = mean(nodes, node + 1, next + 1, third + 1, end + 1, most, middle, least);
    let b = mean(nodes, node + 2, next + 2, third + 2, end + 2, most, middle, least);
    const onward = cyan.part[c] ?? 0;
    if (onward > 0) {
      l += (mean(nextNodes, node, next, third, end, most, middle, least) - l) * onward;
      a += (mean(nextNodes, node + 1, next + 1, third + 1, end + 1, most, middle, least) - a) * onward;
      b += (mean(nextNodes, node + 2, next + 2, third + 2, end + 2, most, middle, least) - b) * onward;
    }
    // From L, a and b to X, Y and Z: ISO/CIE 11664-4.
    const grey = (onCurve(lCurve, l) * highest * 100 + 16) / 116;
    light[0] = cubed(grey + (onCurve(aCurve, a) * highest * 255 - 128) / 500);
    light[1] = cubed(grey);
    light[2] = cubed(grey - (onCurve(bCurve, b) * highest * 255 - 128) / 200);
  };
}

function cubed(value: number): number {
  return value > 6 / 29 ? value * value * value : (value - 4 / 29) * 3 * (6 / 29) * (6 / 29);
}

/** Of the nodes at four places, by how far the way goes to the second, the third and the last. */
function mean(
  nodes: Float64Array,
  first: number,
  second: number,
  third: number,
  last: number,
  most: number,
  middle: number,
  least: number,
): number {
  return (
    (1 - most) * (nodes[first] ?? 0) +
    (most - middle) * (nodes[second] ?? 0) +
    (middle - least) * (nodes[third] ?? 0) +
    least * (nodes[last] ?? 0)
  );
}
