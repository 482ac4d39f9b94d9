/** A marker and what belongs to it, from the marker's first byte to the next marker's. */
export interface Segment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
}

// Markers: https://www.w3.org/Graphics/JPEG/itu-t81.pdf (B.1)
export const MARKER = 0xff;
export const START_OF_SCAN = 0xda;
export const END_OF_IMAGE = 0xd9;
const FIRST_SEGMENT = 0xc0;
const FIRST_RESTART = 0xd0;
const LAST_RESTART = 0xd7;
const START_OF_IMAGE_BYTES = 2;

/**
 * The segments of a JPEG one after the other, as far as they are well formed; the end of the image is not one. Those
 * of the "header" end with the head of the first scan, and the scan itself, nearly all of the file, is not looked at.
 * Stray bytes before the first scan are passed over, as all decoders do: a segment may say that it is shorter than it is.
 */
export function* jpegSegments(jpeg: Buffer, part: "header" | "whole"): Generator<Segment> {
  let start = START_OF_IMAGE_BYTES;
  let scanned = false;
  while (start + 4 <= jpeg.length && jpeg[start] === MARKER && beginsSegment(jpeg[start + 1])) {
    const marker = jpeg[start + 1] ?? 0;
    const headEnd = start + 2 + jpeg.readUInt16BE(start + 2);
    const isScan = marker === START_OF_SCAN;
    const end = isScan && part === "whole" ? endOfScan(jpeg, headEnd) : headEnd;
    yield { marker, start, end };
    if (isScan && part === "header") return;
    scanned ||= isScan;
    start = scanned ? behindFill(jpeg, end) : nextMarker(jpeg, end);
  }
}

/** Whether something stands between two segments of the header that belongs to none. */
export function hasStrayBytes(jpeg: Buffer): boolean {
  let end = START_OF_IMAGE_BYTES;
  for (const segment of jpegSegments(jpeg, "header")) {
    if (behindFill(jpeg, end) !== segment.start) return true;
    end = segment.end;
  }
  return false;
}

/** The same JPEG without its stray bytes. */
export function withoutStrayBytes(jpeg: Buffer): Buffer {
  const segments = [...jpegSegments(jpeg, "header")];
  const rest = segments.at(-1)?.end;
  if (rest === undefined) return jpeg;
  const header = segments.map(({ start, end }) => jpeg.subarray(start, end));
  return Buffer.concat([jpeg.subarray(0, START_OF_IMAGE_BYTES), ...header, jpeg.subarray(rest)]);
}

// A zero behind the first byte of a marker says that it is none.
function nextMarker(jpeg: Buffer, at: number): number {
  for (let start = jpeg.indexOf(MARKER, at); start !== -1; start = jpeg.indexOf(MARKER, start + 2)) {
    const marker = behindFill(jpeg, start);
    if (jpeg[marker + 1] !== 0) return marker;
    start = marker;
  }
  return jpeg.length;
}

// Any number of a marker's first bytes may come before it.
function behindFill(jpeg: Buffer, at: number): number {
  let start = at;
  while (jpeg[start] === MARKER && jpeg[start + 1] === MARKER) start++;
  return start;
}

// What is less is reserved, and no restart or end has anything to it.
function beginsSegment(marker = 0): boolean {
  return marker >= FIRST_SEGMENT && marker !== END_OF_IMAGE && (marker < FIRST_RESTART || marker > LAST_RESTART);
}

/** Whether the image ends where a segment does. */
export function endsImage(jpeg: Buffer, { end }: Segment): boolean {
  const at = behindFill(jpeg, end);
  return jpeg[at] === MARKER && jpeg[at + 1] === END_OF_IMAGE;
}

function endOfScan(jpeg: Buffer, start: number): number {
  for (let at = jpeg.indexOf(MARKER, start); at !== -1; at = jpeg.indexOf(MARKER, at + 2)) {
    const next = jpeg[at + 1] ?? 0;
    const belongsToScan = next === 0 || (next >= FIRST_RESTART && next <= LAST_RESTART);
    if (!belongsToScan) return at;
  }
  return jpeg.length;
}
