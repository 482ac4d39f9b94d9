import { END_OF_IMAGE, endsImage, jpegSegments, MARKER, START_OF_SCAN } from "./jpeg-segments";

const END = Buffer.from([MARKER, END_OF_IMAGE]);
const TWO_MARKERS = Buffer.from([MARKER, MARKER]);

/**
 * Whether a JPEG has its end, by the bytes of its scans alone: "missing" when there is none, and the scans may be whole
 * or cut off; "damaged" when something else stands where a marker has to.
 */
export function jpegEnd(jpeg: Buffer): "there" | "missing" | "damaged" {
  const scan = [...jpegSegments(jpeg, "header")].at(-1);
  if (scan?.marker !== START_OF_SCAN) return "missing";
  const end = jpeg.indexOf(END, scan.end);
  if (end === -1) return "missing";
  // Nowhere else in a scan does a marker's first byte come twice. Only then is every segment looked at, which takes time.
  const suspicious = jpeg.indexOf(TWO_MARKERS, scan.end);
  if (suspicious === -1 || suspicious > end) return "there";
  const last = [...jpegSegments(jpeg, "whole")].at(-1);
  return last && endsImage(jpeg, last) ? "there" : "damaged";
}

/** A JPEG that has lost its end, or the second half of it, with one. */
export function withEnd(jpeg: Buffer): Buffer {
  return Buffer.concat([jpeg.at(-1) === MARKER ? jpeg.subarray(0, -1) : jpeg, END]);
}
