import { Refusal } from "../errors";
import {
  type Chromaticity,
  type ColourSpace,
  type Curve,
  colourSpace,
  D65,
  type Primaries,
  SRGB_PRIMARIES,
  srgbCurve,
} from "./colour-space";

// The numbers by which PNG (cICP) and AVIF (nclx) name a colour space: https://www.itu.int/rec/T-REC-H.273 (8.1, 8.2)
const C: Chromaticity = [0.31, 0.316];
const PRIMARIES: ReadonlyMap<number, Primaries> = new Map([
  [4, { red: [0.67, 0.33], green: [0.21, 0.71], blue: [0.14, 0.08], white: C }],
  [5, { red: [0.64, 0.33], green: [0.29, 0.6], blue: [0.15, 0.06], white: D65 }],
  [6, { red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07], white: D65 }],
  [7, { red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07], white: D65 }],
  [8, { red: [0.681, 0.319], green: [0.243, 0.692], blue: [0.145, 0.049], white: C }],
  [9, { red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046], white: D65 }],
  [10, { red: [1, 0], green: [0, 1], blue: [0, 0], white: [1 / 3, 1 / 3] }],
  [11, { red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06], white: [0.314, 0.351] }],
  [12, { red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06], white: D65 }],
  [22, { red: [0.63, 0.34], green: [0.295, 0.605], blue: [0.155, 0.077], white: D65 }],
]);
const CURVES: ReadonlyMap<number, Curve> = new Map([
  [4, (value) => value ** 2.2],
  [5, (value) => value ** 2.8],
  [8, (value) => value],
  [17, (value) => (value ** 2.6 * 52.37) / 48],
]);
const NOT_SERVED: ReadonlyMap<number, string> = new Map([
  [9, "a logarithmic transfer"],
  [10, "a logarithmic transfer"],
  [16, "HDR (PQ, SMPTE ST 2084)"],
  [18, "HDR (HLG, ARIB STD-B67)"],
]);

/**
 * The colour space that two numbers of H.273 name. Where nothing or a number of no meaning is given it is sRGB; so it is
 * for the curves of television cameras (1, 6, 14 and others), as pictures with them are shown everywhere.
 * @throws Refusal UnsupportedFormat for high dynamic range, which would have to be mapped to what sRGB can show
 */
export function codedColourSpace(primaries: number, transfer: number): ColourSpace {
  const unserved = NOT_SERVED.get(transfer);
  if (unserved) throw new Refusal("UnsupportedFormat", `Expected a picture of standard range but received ${unserved}`);
  return colourSpace(CURVES.get(transfer) ?? srgbCurve, PRIMARIES.get(primaries) ?? SRGB_PRIMARIES);
}
