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
