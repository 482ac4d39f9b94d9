import { type ColourSpace, type Curve, multiply } from "./colour-space";

// XYZ (D50) to linear sRGB: the inverse of the columns in the ICC's own sRGB profile,
// https://registry.color.org/rgb-registry/srgbprofiles
const XYZ_TO_LINEAR_SRGB = [
  3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.033454, 0.0719453, -0.2289914, 1.4052427,
] as const;
const LEVELS = 256;
const LINEAR_STEPS = 16_384; // Fine enough that the darkest levels, the closest together, stay apart.
const SRGB_LEVELS = Uint8Array.from({ length: LINEAR_STEPS + 1 }, (_, step) => {
  const light = step / LINEAR_STEPS;
  return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
});
// Of values of 16 bits the last three are not looked at: the steps are fine enough, even where values are light itself.
const WIDE_SHIFT = 3;
const WIDE_LEVELS = Uint16Array.from(SRGB_LEVELS, (level) => (level << 8) + 128);

/** What a value stands for, from 0, black, to 1, white. */
export type Scale = (value: number) => number;

/**
 * Turns the colours of pixels of 3 or 4 channels into sRGB, in place. Of values of 16 bits the upper 8 are the level, and
 * the lower leave room for what is lost when transparency is taken out and put back.
 */
export type ToSrgb = (pixels: Uint8Array | Uint16Array, channels: number, scale: Scale) => void;

/**
 * A conversion from `space`; "identity" when it is sRGB by another name, the most common case of all.
 * About forty times faster than converting through the profile's connection space as libvips does, and within one
 * level of it.
 */
export function toSrgb({ curves, matrix }: ColourSpace): ToSrgb | "identity" {
  const [rr = 0, rg = 0, rb = 0, gr = 0, gg = 0, gb = 0, br = 0, bg = 0, bb = 0] = multiply(XYZ_TO_LINEAR_SRGB, matrix);
  const convert: ToSrgb = (pixels, channels, scale) => {
    const wide = pixels.BYTES_PER_ELEMENT > 1;
    const shift = wide ? WIDE_SHIFT : 0;
    const [red, green, blue] = tables(curves, wide ? (step) => scale((step + 0.5) * 2 ** WIDE_SHIFT) : scale, wide);
    const levels = wide ? WIDE_LEVELS : SRGB_LEVELS;
    for (let at = 0; at + 2 < pixels.length; at += channels) {
      const r = red[(pixels[at] ?? 0) >> shift] ?? 0;
      const g = green[(pixels[at + 1] ?? 0) >> shift] ?? 0;
      const b = blue[(pixels[at + 2] ?? 0) >> shift] ?? 0;
      pixels[at] = levels[step(rr * r + rg * g + rb * b)] ?? 0;
      pixels[at + 1] = levels[step(gr * r + gg * g + gb * b)] ?? 0;
      pixels[at + 2] = levels[step(br * r + bg * g + bb * b)] ?? 0;
    }
  };
  return changesNothing(convert) ? "identity" : convert;
}

/** Writes what a colour of XYZ (D50) is in sRGB over three values of pixels. */
export function writeSrgb(pixels: Uint8Array | Uint16Array, at: number, x: number, y: number, z: number): void {
  const [rx, ry, rz, gx, gy, gz, bx, by, bz] = XYZ_TO_LINEAR_SRGB;
  pixels[at] = SRGB_LEVELS[step((rx * x + ry * y + rz * z) * LINEAR_STEPS)] ?? 0;
  pixels[at + 1] = SRGB_LEVELS[step((gx * x + gy * y + gz * z) * LINEAR_STEPS)] ?? 0;
  pixels[at + 2] = SRGB_LEVELS[step((bx * x + by * y + bz * z) * LINEAR_STEPS)] ?? 0;
}

/** For each colour how light every value is, in steps. */
function tables(curves: ColourSpace["curves"], scale: Scale, wide: boolean) {
  const length = wide ? 2 ** (16 - WIDE_SHIFT) : LEVELS;
  const made = new Map<Curve, Float64Array>();
  const [red, green, blue] = curves.map((curve) => {
    const table =
      made.get(curve) ??
      Float64Array.from({ length }, (_, value) => {
        return light(curve, scale(value)) * LINEAR_STEPS;
      });
    made.set(curve, table);
    return table;
  });
  if (!red || !green || !blue) throw new Error("Expected a colour space to have three curves");
  return [red, green, blue] as const;
}

function light(curve: Curve, value: number): number {
  return Math.min(1, Math.max(0, curve(Math.min(1, Math.max(0, value)))));
}

function step(light: number): number {
  // `| 0` rounds to the nearest step, as light is not negative here, without a call per pixel.
  return light <= 0 ? 0 : light >= LINEAR_STEPS ? LINEAR_STEPS : (light + 0.5) | 0;
}

// Every grey, and the corners of the cube, within two levels: what rounding in a profile's own numbers makes.
function changesNothing(convert: ToSrgb): boolean {
  const greys = Array.from({ length: LEVELS }, (_, value) => [value, value, value]);
  const corners = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 255, 0],
    [255, 0, 255],
    [0, 255, 255],
    [200, 100, 50],
    [50, 100, 200],
  ];
  const before = Uint8Array.from([...greys, ...corners].flat());
  const after = before.slice();
  convert(after, 3, (value) => value / (LEVELS - 1));
  return after.every((value, index) => Math.abs(value - (before[index] ?? 0)) <= 2);
}
