import sharp, { type Sharp, type SharpOptions } from "sharp";
import type { Deadline } from "../deadline";
import { Refusal } from "../errors";
import { MAX_SOURCE_PIXELS } from "./limits";

/** Opens a source for sharp. Cut off or damaged is refused; an oddity that cameras and editors write is not. */
export function open(bytes: Buffer, deadline: Deadline, options: SharpOptions = {}): Sharp {
  return sharp(isAvifSequence(bytes) ? asAvif(bytes) : bytes, {
    failOn: "error",
    limitInputPixels: MAX_SOURCE_PIXELS,
    ...options,
  }).timeout({
    seconds: deadline.secondsLeft,
  });
}

const BRAND = 8;

function isAvifSequence(bytes: Buffer): boolean {
  return bytes.toString("latin1", 4, BRAND + 4) === "ftypavis";
}

/** libvips goes by the brand and does not open a sequence, but a sequence has a picture too, which its readers show first. */
function asAvif(sequence: Buffer): Buffer {
  const copy = Buffer.from(sequence);
  copy.write("avif", BRAND, "latin1");
  return copy;
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
    const reason = inShort(error instanceof Error ? error.message : String(error));
    throw new Refusal("CorruptImage", `Expected a whole picture but it cannot be decoded: ${reason}`, { cause: error });
  }
}

const REASON_CHARACTERS = 200;

// The first line tells the cause; libvips repeats it for every thread, and adds what became of the output.
function inShort(message: string): string {
  const [line = ""] = message.trim().split("\n");
  return line.length > REASON_CHARACTERS ? `${line.slice(0, REASON_CHARACTERS)}…` : line;
}
