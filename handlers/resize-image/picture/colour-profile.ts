import { type ColourSpace, type Curve, colourSpace, SRGB_PRIMARIES } from "./colour-space";

// https://www.color.org/specification/ICC.1-2022-05.pdf: header (7.2), tag table (7.3), curves (10.6, 10.18), XYZ (10.31)
const COLOUR_SPACE = 16;
const CONNECTION_SPACE = 20;
const TAG_COUNT = 128;
const TAG_BYTES = 12;
const MAX_TAGS = 100;
const MAX_CURVE_ENTRIES = 65_536;

/**
 * Reads a profile of the common kind, a curve for each colour and a matrix, or a curve for grey: cameras, phones, screens
 * and scanners write it. Undefined when it is damaged, of another kind (tables, CMYK), or not of the picture's `colours`.
 */
export function readProfile(profile: Buffer, colours: "rgb" | "grey"): ColourSpace | undefined {
  try {
    const signature = (at: number) => profile.toString("latin1", at, at + 4);
    const tags = new Map<string, number>();
    for (let index = 0; index < Math.min(profile.readUInt32BE(TAG_COUNT), MAX_TAGS); index++) {
      const entry = TAG_COUNT + 4 + index * TAG_BYTES;
      tags.set(signature(entry), profile.readUInt32BE(entry + 4));
    }
    // Where a profile has tables they are what it means, and the matrix is an approximation.
    if (tags.has("A2B0")) return undefined;
    const find = (tag: string) => tags.get(tag) ?? profile.length;
    if (colours === "grey") {
      const curve = signature(COLOUR_SPACE) === "GRAY" ? readCurve(profile, find("kTRC")) : undefined;
      return curve && colourSpace(curve, SRGB_PRIMARIES); // A grey is the same one whatever the primaries.
    }
    if (signature(COLOUR_SPACE) !== "RGB " || signature(CONNECTION_SPACE) !== "XYZ ") return undefined;
    const [red, green, blue] = ["rXYZ", "gXYZ", "bXYZ"].map((tag) => readXyz(profile, find(tag)));
    if (!red || !green || !blue) return undefined;
    // Most profiles have one curve for all three.
    const places = [...new Set(["rTRC", "gTRC", "bTRC"].map(find))];
    const curves = new Map(places.map((at) => [at, readCurve(profile, at)]));
    const [redCurve, greenCurve, blueCurve] = ["rTRC", "gTRC", "bTRC"].map((tag) => curves.get(find(tag)));
    if (!redCurve || !greenCurve || !blueCurve) return undefined;
    return {
      curves: [redCurve, greenCurve, blueCurve],
      matrix: [0, 1, 2].flatMap((row) => [red[row] ?? 0, green[row] ?? 0, blue[row] ?? 0]),
    };
  } catch {
    return undefined; // A Buffer refuses to be read past its end: the profile is damaged.
  }
}

function readXyz(profile: Buffer, at: number): number[] {
  return [8, 12, 16].map((offset) => fixed(profile, at + offset));
}

function fixed(profile: Buffer, at: number): number {
  return profile.readInt32BE(at) / 65_536;
}

function readCurve(profile: Buffer, at: number): Curve | undefined {
  const type = profile.toString("latin1", at, at + 4);
  return type === "curv" ? tableCurve(profile, at) : type === "para" ? formulaCurve(profile, at) : undefined;
}

function tableCurve(profile: Buffer, at: number): Curve | undefined {
  const count = profile.readUInt32BE(at + 8);
  if (count > MAX_CURVE_ENTRIES) return undefined;
  if (count === 0) return (value) => value;
  if (count === 1) {
    const gamma = profile.readUInt16BE(at + 12) / 256;
    return (value) => value ** gamma;
  }
  const entries = Float64Array.from(
    { length: count },
    (_, index) => profile.readUInt16BE(at + 12 + 2 * index) / 65_535,
  );
  const entry = (index: number) => entries[index] ?? 0;
  return (value) => {
    const place = value * (count - 1);
    const below = Math.min(Math.floor(place), count - 2);
    return entry(below) + (entry(below + 1) - entry(below)) * (place - below);
  };
}

function formulaCurve(profile: Buffer, at: number): Curve | undefined {
  const parameter = (index: number) => fixed(profile, at + 12 + 4 * index);
  const g = parameter(0);
  const type = profile.readUInt16BE(at + 8);
  if (type === 0) return (value) => value ** g;
  const [a, b, c] = [parameter(1), parameter(2), type > 1 ? parameter(3) : 0];
  const power = (value: number) => Math.max(0, a * value + b) ** g;
  if (type === 1) return (value) => (value >= -b / a ? power(value) : 0);
  if (type === 2) return (value) => (value >= -b / a ? power(value) + c : c);
  const d = parameter(4);
  if (type === 3) return (value) => (value >= d ? power(value) : c * value);
  if (type !== 4) return undefined;
  const [e, f] = [parameter(5), parameter(6)];
  return (value) => (value >= d ? power(value) + e : c * value + f);
}
