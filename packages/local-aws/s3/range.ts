import { AwsError } from "../aws-error";

/** Positions of bytes: the first, and the one behind the last. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * What a Range header asks of so many bytes; undefined for what is no single range, which S3 passes over.
 * @throws AwsError InvalidRange
 */
export function parseRange(range: string, bytes: number): ByteRange | undefined {
  const [, last] = /^bytes=-(\d+)$/.exec(range) ?? [];
  if (last !== undefined) {
    if (Number(last) === 0 || bytes === 0) throw invalidRange(range, bytes);
    return { from: Math.max(0, bytes - Number(last)), to: bytes };
  }
  const [, from, end] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  if (from === undefined || (end && Number(end) < Number(from))) return undefined;
  if (Number(from) >= bytes) throw invalidRange(range, bytes);
  return { from: Number(from), to: end ? Math.min(Number(end) + 1, bytes) : bytes };
}

export function contentRange({ from, to }: ByteRange, bytes: number): string {
  return `bytes ${from}-${to - 1}/${bytes}`;
}

function invalidRange(range: string, bytes: number): AwsError {
  const details = { RangeRequested: range, ActualObjectSize: String(bytes) };
  return new AwsError("InvalidRange", 416, "The requested range is not satisfiable", {}, details);
}
