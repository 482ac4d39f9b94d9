/** How light a value is: both from 0 to 1, the value as it is stored, the light linear. */
export type Curve = (value: number) => number;

/** What the values of red, green and blue (or of grey, three times the same) mean. */
export interface ColourSpace {
  readonly curves: readonly [Curve, Curve, Curve];
  /** Where red, green and blue lie in XYZ (D50), by rows. */
  readonly matrix: readonly number[];
}

/** A chromaticity: x and y of CIE 1931. */
export type Chromaticity = readonly [x: number, y: number];

/** The chromaticities of red, green and blue, and of white. */
export interface Primaries {
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
  readonly white: Chromaticity;
}

/** Daylight of 6504 K, the white of most colour spaces. */
export const D65: Chromaticity = [0.3127, 0.329];

/** The primaries of sRGB, which are those of high definition television. */
export const SRGB_PRIMARIES: Primaries = { red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06], white: D65 };

/** sRGB's own curve, IEC 61966-2-1. */
export const srgbCurve: Curve = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** A colour space with the same curve for each of its colours. */
export function colourSpace(curve: Curve, primaries: Primaries): ColourSpace {
  return { curves: [curve, curve, curve], matrix: matrixOf(primaries) };
}

// The profile connection space's white, and the matrix between XYZ and the cone responses by Bradford, in which one
// white is adapted to another: https://www.color.org/specification/ICC.1-2022-05.pdf (7.2.16, Annex E)
export const D50 = [0.9642, 1, 0.8249] as const;
const BRADFORD = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];

function matrixOf({ red, green, blue, white }: Primaries): number[] {
  const columns = [red, green, blue].map(([x, y]) => [x, y, 1 - x - y]);
  const chromaticities = [0, 1, 2].flatMap((row) => columns.map((column) => column[row] ?? 0));
  const [x, y] = white;
  const whitePoint = [x / y, 1, (1 - x - y) / y];
  const amounts = apply(inverse(chromaticities), whitePoint);
  const toXyz = multiply(chromaticities, diagonal(amounts));
  const [from, to] = [apply(BRADFORD, whitePoint), apply(BRADFORD, D50)];
  const adapted = multiply(diagonal(to.map((cone, index) => cone / (from[index] ?? 1))), BRADFORD);
  return multiply(multiply(inverse(BRADFORD), adapted), toXyz);
}

/** Matrices of three rows and columns are written by rows. */
export function multiply(left: readonly number[], right: readonly number[]): number[] {
  return [0, 1, 2].flatMap((row) => {
    return [0, 1, 2].map((column) => {
      return [0, 1, 2].reduce((sum, k) => sum + (left[3 * row + k] ?? 0) * (right[3 * k + column] ?? 0), 0);
    });
  });
}

function apply(matrix: readonly number[], vector: readonly number[]): number[] {
  return [0, 1, 2].map((row) => [0, 1, 2].reduce((sum, k) => sum + (matrix[3 * row + k] ?? 0) * (vector[k] ?? 0), 0));
}

function diagonal([a = 0, b = 0, c = 0]: readonly number[]): number[] {
  return [a, 0, 0, 0, b, 0, 0, 0, c];
}

function inverse([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0]: readonly number[]): number[] {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const adjugate = [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f];
  return [...adjugate, d * h - e * g, b * g - a * h, a * e - b * d].map((value) => value / determinant);
}
