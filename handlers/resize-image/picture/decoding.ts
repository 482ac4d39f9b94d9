import sharp, { type Sharp, type SharpOptions } from "sharp";
import type { Deadline } from "../deadline";
import { Refusal } from "../errors";
import { MAX_SOURCE_PIXELS } from "./limits";

/** Opens a source for sharp. Cut off or damaged is refused; an oddity that cameras and editors write is not. */
export function open(bytes: Buffer, deadline: Deadline, options: SharpOptions = {}): Sharp {
  return sharp(bytes, { failOn: "error", limitInputPixels: MAX_SOURCE_PIXELS, ...options }).timeout({
    seconds: deadline.secondsLeft,
  });
}

/**
 * Runs work of sharp's on a source until the deadline.
 * @throws Refusal DeadlineExceeded; CorruptImage for all else: sharp has one class of error, and nothing it is given
 * besides the source comes from outside
 */
export async function decoding<T>(deadline: Deadline, work: Promise<T>): Promise<T> {
  try {
    return await deadline.race(work);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (deadline.signal.aborted) throw deadline.exceeded();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal("CorruptImage", `Expected a whole picture but it cannot be decoded: ${reason}`, { cause: error });
  }
}
