import { END_OF_IMAGE, endsImage, jpegSegments, MARKER, type Segment, START_OF_SCAN } from "./jpeg-segments";

// A progressive JPEG holds coarse values first (one DC coefficient per 8 x 8 block) and detail (AC) in later scans. When
// a picture is shrunk to an eighth or less, libjpeg looks at nothing but DC, but decodes all the scans first: most of
// the work. Markers and scans: https://www.w3.org/Graphics/JPEG/itu-t81.pdf (B.1, B.2, G.1).

const START_OF_PROGRESSIVE_FRAME = 0xc2;
const FRAME_HEADER_BYTES = 10;
const BLOCK = 8;

interface Component {
  readonly id: number;
  readonly horizontal: number;
  readonly vertical: number;
}

/**
 * The same JPEG without the scans that cannot be seen at an eighth of its size or less: decoded at that scale it
 * gives exactly the same pixels. What is not plainly a whole progressive JPEG comes back as it is.
 */
export function withoutUnseenScans(jpeg: Buffer): Buffer {
  const segments = [...jpegSegments(jpeg, "whole")];
  const frames = segments.filter(({ marker }) => marker === START_OF_PROGRESSIVE_FRAME);
  const [frame] = frames;
  const last = segments.at(-1);
  if (!last || !endsImage(jpeg, last) || !frame || frames.length > 1 || frame.end - frame.start < FRAME_HEADER_BYTES)
    return jpeg;
  const height = jpeg.readUInt16BE(frame.start + 5);
  const width = jpeg.readUInt16BE(frame.start + 7);
  const unseen = unseenComponents(jpeg, frame);
  const kept = segments.filter((segment) => !isDetailScan(jpeg, segment, unseen));
  if (kept.length === segments.length || width === 0 || height === 0) return jpeg;
  const blocks = Math.ceil(width / BLOCK) * Math.ceil(height / BLOCK);
  return Buffer.concat([
    jpeg.subarray(0, 2),
    ...kept.map(({ start, end }) => jpeg.subarray(start, end)),
    NO_RESTARTS,
    ...[...unseen].map((id) => emptyScan(id, blocks)),
    Buffer.from([MARKER, END_OF_IMAGE]),
  ]);
}

// Colour that is stored smaller than the brightness is shown from more than its DC: those components are kept whole.
function unseenComponents(jpeg: Buffer, frame: Segment): Set<number> {
  const count = jpeg[frame.start + 9] ?? 0;
  const components: Component[] = Array.from({ length: count }, (_, index) => {
    const at = frame.start + 10 + 3 * index;
    const sampling = jpeg[at + 1] ?? 0;
    return { id: jpeg[at] ?? 0, horizontal: sampling >> 4, vertical: sampling & 15 };
  });
  const horizontal = Math.max(...components.map((component) => component.horizontal));
  const vertical = Math.max(...components.map((component) => component.vertical));
  const full = components.filter((each) => each.horizontal === horizontal && each.vertical === vertical);
  return new Set(full.map(({ id }) => id));
}

function isDetailScan(jpeg: Buffer, { marker, start }: Segment, components: Set<number>): boolean {
  if (marker !== START_OF_SCAN || jpeg[start + 4] !== 1) return false;
  const spectralStart = jpeg[start + 7] ?? 0;
  return spectralStart > 0 && components.has(jpeg[start + 5] ?? 0);
}

const NO_RESTARTS = Buffer.from([MARKER, 0xdd, 0, 4, 0, 0]);
const RUN_LENGTH_CODES = 15;
const CODE_BITS = 4;

/**
 * A scan that says "all detail is zero" for every block. Without one libjpeg takes the detail for not yet arrived and
 * smooths the blocks over, which is neither the same picture nor free.
 */
function emptyScan(component: number, blocks: number): Buffer {
  // One Huffman table (AC, number 0) whose 15 codes of 4 bits say that the next 2^n to 2^(n+1) - 1 blocks are zero.
  const lengths = Array.from({ length: 16 }, (_, index) => (index === CODE_BITS - 1 ? RUN_LENGTH_CODES : 0));
  const symbols = Array.from({ length: RUN_LENGTH_CODES }, (_, exponent) => exponent << 4);
  const table = [MARKER, 0xc4, 0, 2 + 1 + 16 + RUN_LENGTH_CODES, 0x10, ...lengths, ...symbols];
  const header = [MARKER, START_OF_SCAN, 0, 8, 1, component, 0, 1, 63, 0];
  let bits = "";
  for (let left = blocks; left > 0; ) {
    const exponent = Math.min(RUN_LENGTH_CODES - 1, Math.floor(Math.log2(left)));
    const run = Math.min(left, 2 ** (exponent + 1) - 1);
    bits += exponent.toString(2).padStart(CODE_BITS, "0");
    if (exponent > 0) bits += (run - 2 ** exponent).toString(2).padStart(exponent, "0");
    left -= run;
  }
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, "1"), 2));
  return Buffer.from([...table, ...header, ...bytes.flatMap((byte) => (byte === MARKER ? [byte, 0] : [byte]))]);
}
