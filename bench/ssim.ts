import sharp from "sharp";

/** Eight-bit RGB on white, row by row. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The pixels of a picture as they are seen on a white page. */
export async function pixelsOf(picture: Uint8Array): Promise<Pixels> {
  const seen = sharp(picture).flatten({ background: "#ffffff" }).toColourspace("srgb").raw();
  const { data, info } = await seen.toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { data: channels === 1 ? Buffer.from([...data].flatMap((grey) => [grey, grey, grey])) : data, width, height };
}

const WINDOW = 8;
const STEP = 4;
const SAMPLES = WINDOW * WINDOW;
// (0.01 x 255)^2 and (0.03 x 255)^2, as in the paper: Wang et al., Image Quality Assessment, 2004.
const [C1, C2] = [6.5025 * SAMPLES * SAMPLES, 58.5225 * SAMPLES * SAMPLES];

/**
 * How alike two pictures of one size look, 1 for the same: the mean of SSIM over windows of 8 x 8 pixels, and over Y, Cb
 * and Cr as four, one and one, which is how FFmpeg weighs its planes.
 */
export function ssim(one: Pixels, other: Pixels): number {
  if (one.width !== other.width || one.height !== other.height) {
    throw new Error(`Expected ${one.width} x ${one.height} but received ${other.width} x ${other.height}`);
  }
  const [y = 0, cb = 0, cr = 0] = YCBCR.map((weights) =>
    ofPlanes(plane(one, weights), plane(other, weights), one.width),
  );
  return (4 * y + cb + cr) / 6;
}

// https://www.w3.org/Graphics/JPEG/jfif3.pdf
const YCBCR = [
  [0.299, 0.587, 0.114],
  [-0.168736, -0.331264, 0.5],
  [0.5, -0.418688, -0.081312],
] as const;

function plane({ data, width, height }: Pixels, [red, green, blue]: (typeof YCBCR)[number]): Float32Array {
  const offset = red + green + blue === 1 ? 0 : 128;
  return Float32Array.from({ length: width * height }, (_, pixel) => {
    const at = pixel * 3;
    return offset + red * (data[at] ?? 0) + green * (data[at + 1] ?? 0) + blue * (data[at + 2] ?? 0);
  });
}

function ofPlanes(one: Float32Array, other: Float32Array, width: number): number {
  const height = one.length / width;
  let [sum, windows] = [0, 0];
  for (let top = 0; top + WINDOW <= height; top += STEP) {
    for (let left = 0; left + WINDOW <= width; left += STEP, windows++)
      sum += ofWindow(one, other, width, top * width + left);
  }
  return sum / windows;
}

function ofWindow(one: Float32Array, other: Float32Array, width: number, start: number): number {
  let [a, b, squares, products] = [0, 0, 0, 0];
  for (let row = start; row < start + WINDOW * width; row += width) {
    for (let at = row; at < row + WINDOW; at++) {
      const [p, q] = [one[at] ?? 0, other[at] ?? 0];
      a += p;
      b += q;
      squares += p * p + q * q;
      products += p * q;
    }
  }
  const [means, variances] = [a * a + b * b, squares * SAMPLES - (a * a + b * b)];
  return ((2 * a * b + C1) * (2 * (products * SAMPLES - a * b) + C2)) / ((means + C1) * (variances + C2));
}
