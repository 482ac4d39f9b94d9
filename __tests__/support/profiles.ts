import sharp from "sharp";
import { photoLike } from "./pictures";

/** A profile that sharp brings. */
export async function profileOf(name: "p3" | "srgb" | "cmyk"): Promise<Buffer> {
  const picture = photoLike(16, 16)
    .toColourspace(name === "cmyk" ? "cmyk" : "srgb")
    .withIccProfile(name)
    .jpeg();
  const { icc } = await sharp(await picture.toBuffer()).metadata();
  if (!icc) throw new Error(`Expected a picture with the profile ${name}`);
  return icc;
}

type Tag = readonly [name: string, data: Buffer];

function profile(colours: "RGB " | "GRAY", tags: readonly Tag[]): Buffer {
  const head = Buffer.alloc(128 + 4 + 12 * tags.length);
  const length = tags.reduce((sum, [, data]) => sum + data.length, head.length);
  head.writeUInt32BE(length);
  head.write("\x02\x10\0\0mntr", 8, "latin1");
  head.write(`${colours}XYZ `, 16);
  head.write("acsp", 36);
  for (const [index, value] of [0.9642, 1, 0.8249].entries()) {
    head.writeInt32BE(Math.round(value * 65_536), 68 + 4 * index);
  }
  head.writeUInt32BE(tags.length, 128);
  let offset = head.length;
  tags.forEach(([name, data], index) => {
    head.write(name, 132 + 12 * index);
    head.writeUInt32BE(offset, 136 + 12 * index);
    head.writeUInt32BE(data.length, 140 + 12 * index);
    offset += data.length;
  });
  return Buffer.concat([head, ...tags.map(([, data]) => data)]);
}

function xyz(...values: readonly number[]): Buffer {
  const tag = Buffer.alloc(20);
  tag.write("XYZ ");
  for (const [index, value] of values.entries()) tag.writeInt32BE(Math.round(value * 65_536), 8 + 4 * index);
  return tag;
}

/** A profile with the primaries of sRGB and another curve. */
export function profileWithCurve(trc: Buffer): Buffer {
  return profile("RGB ", [
    ["rXYZ", xyz(0.43607, 0.22249, 0.01392)],
    ["gXYZ", xyz(0.38515, 0.71687, 0.09708)],
    ["bXYZ", xyz(0.14307, 0.06061, 0.7141)],
    ["rTRC", trc],
    ["gTRC", trc],
    ["bTRC", trc],
  ]);
}

/** A profile of grey with a gamma. */
export function greyProfile(gamma: number): Buffer {
  const white: Tag = ["wtpt", xyz(0.9642, 1, 0.8249)];
  return profile("GRAY", [white, ["kTRC", curve("curv", [0, 1, Math.round(gamma * 256), 0])]]);
}

/** A curve as a profile holds it: words of 16 bits, then parameters of 32. */
export function curve(type: "curv" | "para", words: readonly number[], ...parameters: readonly number[]): Buffer {
  const head = Buffer.from([...Buffer.from(type), 0, 0, 0, 0]);
  const body = Buffer.alloc(words.length * 2 + parameters.length * 4);
  for (const [index, word] of words.entries()) body.writeUInt16BE(word, 2 * index);
  for (const [index, value] of parameters.entries())
    body.writeInt32BE(Math.round(value * 65_536), words.length * 2 + 4 * index);
  return Buffer.concat([head, body]);
}
