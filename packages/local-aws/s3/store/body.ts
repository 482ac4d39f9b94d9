import { createReadStream } from "node:fs";
import type { Holding } from "./holding";

/** A stretch of a holding. */
interface Segment {
  readonly holding: Holding;
  readonly from: number;
  readonly bytes: number;
}

/** The bytes of an object or a part: stretches of what is held in memory and in files, which several bodies may share. */
export class Body {
  static readonly EMPTY = new Body([]);
  readonly bytes: number;

  constructor(readonly segments: readonly Segment[]) {
    this.bytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** One body behind the other, without a copy. */
  static concat(bodies: readonly Body[]): Body {
    return new Body(bodies.flatMap(({ segments }) => segments));
  }

  /** The bytes from the first up to the second position, without the latter. */
  slice(from: number, to: number): Body {
    const segments: Segment[] = [];
    let start = 0;
    for (const segment of this.segments) {
      const [begin, end] = [Math.max(from - start, 0), Math.min(to - start, segment.bytes)];
      if (begin < end) segments.push({ ...segment, from: segment.from + begin, bytes: end - begin });
      start += segment.bytes;
    }
    return new Body(segments);
  }

  /** Keeps the bytes until the same number of releases. */
  retain(): this {
    for (const { holding } of this.segments) holding.retain();
    return this;
  }

  release(): void {
    for (const { holding } of this.segments) holding.release();
  }

  /** The bytes piece by piece; they have to be retained meanwhile. */
  async *chunks(): AsyncGenerator<Buffer> {
    for (const { holding, from, bytes } of this.segments) {
      const { content } = holding;
      if (typeof content !== "string") yield content.subarray(from, from + bytes);
      else yield* createReadStream(content, { start: from, end: from + bytes - 1, highWaterMark: READ_BYTES });
    }
  }

  /** All bytes, where they are one stretch of memory: nobody has to wait for them. */
  get inMemory(): Buffer | undefined {
    const [segment, second] = this.segments;
    if (segment === undefined) return Buffer.alloc(0);
    const { content } = segment.holding;
    if (second !== undefined || typeof content === "string") return undefined;
    return content.subarray(segment.from, segment.from + segment.bytes);
  }
}

const READ_BYTES = 512 * 1024;
