/**
 * A Range header as fauxqs has to read it to do what S3 does: the last 100 bytes of ten are all ten, and what is no single
 * range is no range; undefined then.
 */
export function servedRange(range: string, objectBytes: number): string | undefined {
  const [, last] = /^bytes=-(\d+)$/.exec(range) ?? [];
  if (last !== undefined) return objectBytes > 0 && Number(last) > objectBytes ? "bytes=0-" : range;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  return from === undefined || (to && Number(to) < Number(from)) ? undefined : range;
}
