import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

const PICTURE = /\.(jpe?g|png|webp|avif|gif|tiff?)$/i;

/** The pictures in `folder`, by path. @throws Error when there are none, or no folder */
export function picturesIn(folder: string): string[] {
  if (!existsSync(folder)) throw new Error(`Expected a folder of pictures but there is no ${folder}; see --help`);
  const names = readdirSync(folder).filter((name) => PICTURE.test(name));
  if (names.length === 0) throw new Error(`Expected pictures in ${folder} but found none`);
  return names.sort().map((name) => join(folder, name));
}

const WIDTH = 4000;
const HEIGHT = 3000;

/** Makes a picture of each kind, for who has no photos at hand: waves, edges and noise, the same every time. */
export async function makePictures(folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 3) {
      const edge = (x >> 8) % 2 === (y >> 8) % 2 ? 40 : 0;
      pixels[at] = 100 + 80 * Math.sin(x / 90) + edge + ((x * 31 + y * 17) % 13);
      pixels[at + 1] = 100 + 80 * Math.sin(y / 70) + edge + ((x * 13 + y * 29) % 11);
      pixels[at + 2] = 100 + 80 * Math.sin((x + y) / 110) + edge;
    }
  }
  const picture = sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
  await picture.clone().jpeg({ quality: 88 }).toFile(join(folder, "12mp-baseline.jpg"));
  await picture.clone().jpeg({ quality: 88, progressive: true }).toFile(join(folder, "12mp-progressive.jpg"));
  await picture.clone().withIccProfile("p3").jpeg({ quality: 88 }).toFile(join(folder, "12mp-display-p3.jpg"));
  await picture.clone().resize({ width: 2000 }).png().toFile(join(folder, "3mp.png"));
  await picture.clone().resize({ width: 2000 }).webp().toFile(join(folder, "3mp.webp"));
  return picturesIn(folder);
}

/** Draws what screens and documents have: flat areas, edges and shades, in many colours and in a palette. */
export async function makeGraphics(folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const bars = Array.from({ length: 40 }, (_, bar) => {
    const tall = 60 + ((bar * 67) % 500);
    return `<rect x="${60 + bar * 36}" y="${760 - tall}" width="26" height="${tall}" fill="hsl(${bar * 9}, 70%, 50%)"/>`;
  });
  const lines = Array.from({ length: 60 }, (_, line) => {
    const [x, y] = [40 + ((line * 193) % 900), 830 + Math.floor(line / 4) * 22];
    return `<path d="M${x} ${y}h${40 + ((line * 71) % 400)}" stroke="#333" stroke-width="9" stroke-dasharray="${5 + (line % 7)} 3"/>`;
  });
  const drawing = sharp(
    Buffer.from(`<svg width="1600" height="1200" xmlns="http://www.w3.org/2000/svg">
      <linearGradient id="g"><stop stop-color="#e8f0ff"/><stop offset="1" stop-color="#fff4e0"/></linearGradient>
      <rect width="100%" height="100%" fill="url(#g)"/>${bars.join("")}${lines.join("")}
      <circle cx="1250" cy="250" r="180" fill="#c33" stroke="#036" stroke-width="6"/></svg>`),
  ).flatten({ background: "#ffffff" });
  await drawing.clone().png().toFile(join(folder, "drawing.png"));
  await drawing.clone().png({ palette: true, colours: 64 }).toFile(join(folder, "drawing-palette.png"));
  return picturesIn(folder);
}
