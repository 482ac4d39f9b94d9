import { Refusal } from "../errors";
import { codedColourSpace } from "./coding-points";
import { type ColourSpace, colourSpace, type Primaries, SRGB_PRIMARIES, srgbCurve } from "./colour-space";

const SIGNATURE_BYTES = 8;
const CHUNK_HEAD_BYTES = 8;
const CHECKSUM_BYTES = 4;

/**
 * The colour space that a PNG tells by other chunks than a profile; undefined where a profile goes first or nothing is
 * told. Which chunk goes first: https://www.w3.org/TR/png-3/ (4.3, 11.3.2).
 * @throws Refusal UnsupportedFormat for high dynamic range
 */
export function pngColourSpace(png: Buffer): ColourSpace | undefined {
  const chunks = chunksBeforePixels(png);
  const coded = chunks.get("cICP");
  if (coded && coded.length >= 4) {
    if (coded[2] !== 0 || coded[3] !== 1) {
      throw new Refusal("UnsupportedFormat", "Expected a PNG with RGB of full range but its cICP says otherwise");
    }
    return codedColourSpace(coded[0] ?? 0, coded[1] ?? 0);
  }
  if (chunks.has("iCCP") || chunks.has("sRGB")) return undefined;
  const curve = curveOf(chunks.get("gAMA"));
  const primaries = primariesOf(chunks.get("cHRM"));
  return curve || primaries ? colourSpace(curve ?? srgbCurve, primaries ?? SRGB_PRIMARIES) : undefined;
}

function chunksBeforePixels(png: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = SIGNATURE_BYTES; at + CHUNK_HEAD_BYTES <= png.length; ) {
    const name = png.toString("latin1", at + 4, at + CHUNK_HEAD_BYTES);
    if (name === "IDAT") break;
    const end = at + CHUNK_HEAD_BYTES + png.readUInt32BE(at);
    chunks.set(name, png.subarray(at + CHUNK_HEAD_BYTES, end));
    at = end + CHECKSUM_BYTES;
  }
  return chunks;
}

const SCALE = 100_000;
// What libpng takes, png.h (PNG_LIB_GAMMA_MIN, PNG_LIB_GAMMA_MAX); and that is sRGB which is within 5 % of 1/2.2.
const [MIN_GAMMA, MAX_GAMMA] = [1000, 10_000_000];
const SRGB_GAMMA = 45_455;
const SRGB_TOLERANCE = 0.05;

function curveOf(gAMA: Buffer | undefined) {
  if (!gAMA || gAMA.length < 4) return undefined;
  const gamma = gAMA.readUInt32BE(0);
  if (gamma < MIN_GAMMA || gamma > MAX_GAMMA) return undefined;
  if (Math.abs(gamma / SRGB_GAMMA - 1) < SRGB_TOLERANCE) return srgbCurve;
  return (value: number) => value ** (SCALE / gamma);
}

function primariesOf(cHRM: Buffer | undefined): Primaries | undefined {
  if (!cHRM || cHRM.length < 32) return undefined;
  const at = (place: number) => [cHRM.readUInt32BE(place) / SCALE, cHRM.readUInt32BE(place + 4) / SCALE] as const;
  const primaries = { white: at(0), red: at(8), green: at(16), blue: at(24) };
  const { red, green, blue, white } = primaries;
  const area = (green[0] - red[0]) * (blue[1] - red[1]) - (green[1] - red[1]) * (blue[0] - red[0]);
  return Math.abs(area) < 0.001 || white[1] < 0.001 ? undefined : primaries;
}
