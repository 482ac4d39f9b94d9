import type { Deadline } from "../deadline";
import { open } from "./decoding";
import type { ImageFormat } from "./formats";
import type { Size } from "./geometry";
import { isTightWebp } from "./webp-frames";

const END_OF_IMAGE_BYTES = 2;
// Encoders fill up the last byte, and some write one or two more: what is less than this says nothing.
const SPARE_BYTES = 4;

/**
 * Whether a bare copy ends where its pixels do: decoders do not look at what stands behind the last code of a JPEG or WebP,
 * so anything may stand there. With a few bytes less there must be too few.
 */
export async function isTight(copy: Buffer, format: ImageFormat, size: Size, deadline: Deadline): Promise<boolean> {
  if (format === "webp") return isTightWebp(copy, size, deadline);
  if (format !== "jpeg") return true;
  const end = copy.length - END_OF_IMAGE_BYTES;
  const short = Buffer.concat([copy.subarray(0, Math.max(0, end - SPARE_BYTES)), copy.subarray(end)]);
  // Between scans libjpeg says itself what is too much.
  return (await decodes(copy, deadline)) && !(await decodes(short, deadline));
}

function decodes(jpeg: Buffer, deadline: Deadline): Promise<boolean> {
  const picture = open(jpeg, deadline, { failOn: "warning", ignoreIcc: true });
  return picture.stats().then(
    () => true,
    () => false,
  );
}
