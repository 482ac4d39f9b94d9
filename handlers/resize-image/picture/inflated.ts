import { inflateSync } from "node:zlib";

/** What a zlib stream holds; undefined where it is damaged or cut off, or holds more than so many bytes. */
export function inflated(stream: Buffer, most: number): Buffer | undefined {
  try {
    return inflateSync(stream, { maxOutputLength: Math.max(1, most) });
  } catch {
    return undefined;
  }
}
