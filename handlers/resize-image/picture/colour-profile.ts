/**
 * What an RGB profile of the common kind says: how light each value of red, green and blue is (0 to 1), and where the
 * three lie in XYZ (D50), by rows. Cameras, phones and screens write this kind: Display P3, Adobe RGB, sRGB itself.
 */
export interface MatrixProfile {
  readonly curves: readonly [Float64Array, Float64Array, Float64Array];
  readonly matrix: readonly number[];
}

// https://www.color.org/specification/ICC.1-2022-05.pdf: header (7.2), tag table (7.3), curves (10.6, 10.18), XYZ (10.31)
const COLOUR_SPACE = 16;
const CONNECTION_SPACE = 20;
const TAG_COUNT = 128;
const TAG_BYTES = 12;
const MAX_TAGS = 100;
const LEVELS = 256;

/** Reads a profile; undefined when it is damaged or of another kind (tables, CMYK, grey), which sharp converts. */
export function readMatrixProfile(profile: Buffer): MatrixProfile | undefined {
  try {
    const signature = (at: number) => profile.toString("latin1", at, at + 4);
    if (signature(COLOUR_SPACE) !== "RGB " || signature(CONNECTION_SPACE) !== "XYZ ") return undefined;
    const tags = new Map<string, number>();
    for (let index = 0; index < Math.min(profile.readUInt32BE(TAG_COUNT), MAX_TAGS); index++) {
      const entry = TAG_COUNT + 4 + index * TAG_BYTES;
      tags.set(signature(entry), profile.readUInt32BE(entry + 4));
    }
    // Where a profile has tables they are what it means, and the matrix is an approximation.
    if (tags.has("A2B0")) return undefined;
    const find = (tag: string) => tags.get(tag) ?? profile.length;
    const [red, green, blue] = ["rXYZ", "gXYZ", "bXYZ"].map((tag) => readXyz(profile, find(tag)));
    if (!red || !green || !blue) return undefined;
    const curves = (["rTRC", "gTRC", "bTRC"] as const).map((tag) => readCurve(profile, find(tag)));
    const [redCurve, greenCurve, blueCurve] = curves;
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

function readCurve(profile: Buffer, at: number): Float64Array | undefined {
  const type = profile.toString("latin1", at, at + 4);
  const curve = type === "curv" ? tableCurve(profile, at) : type === "para" ? formulaCurve(profile, at) : undefined;
  return (
    curve && Float64Array.from({ length: LEVELS }, (_, level) => Math.min(1, Math.max(0, curve(level / (LEVELS - 1)))))
  );
}

function tableCurve(profile: Buffer, at: number): (value: number) => number {
  const count = profile.readUInt32BE(at + 8);
  if (count === 0) return (value) => value;
  if (count === 1) {
    const gamma = profile.readUInt16BE(at + 12) / 256;
    return (value) => value ** gamma;
  }
  const entry = (index: number) => profile.readUInt16BE(at + 12 + 2 * index) / 65_535;
  return (value) => {
    const place = value * (count - 1);
    const below = Math.min(Math.floor(place), count - 2);
    return entry(below) + (entry(below + 1) - entry(below)) * (place - below);
  };
}

function formulaCurve(profile: Buffer, at: number): ((value: number) => number) | undefined {
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
