import sharp, { type Sharp } from "sharp";

/** Left half red, right half blue: tells turned and mirrored apart, and cropped left from cropped right. */
export function redAndBlue(width: number, height: number): Sharp {
  return sharp({ create: { width, height, channels: 3, background: "#0000ff" } }).composite([
    { input: { create: { width: width / 2, height, channels: 3, background: "#ff0000" } }, left: 0, top: 0 },
  ]);
}

/** Smooth in every channel and full of detail: what a photo asks of a decoder. The same for the same size. */
export function photoLike(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels[at++] = 128 + 100 * Math.sin(x / 9 + y / 31) + ((x * 7 + y * 13) % 17);
      pixels[at++] = 128 + 100 * Math.cos(y / 11) + ((x * 5 + y * 3) % 11);
      pixels[at++] = (255 * (x + y)) / (width + height);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** An animation with a frame of each colour. */
export async function frames(colours: readonly string[], side: number): Promise<Sharp> {
  const plain = (background: string) => sharp({ create: { width: side, height: side, channels: 4, background } });
  return sharp(await Promise.all(colours.map((colour) => plain(colour).png().toBuffer())), {
    join: { animated: true },
  });
}

/** Red, green, blue (and alpha) at a place given in parts of the width and height. */
export async function colourAt(picture: Uint8Array, across: number, down: number): Promise<number[]> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const x = Math.floor(across * info.width);
  const y = Math.floor(down * info.height);
  return [...data.subarray((y * info.width + x) * info.channels).subarray(0, info.channels)];
}
