const pattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** A moment to the last digit that was given: comparable with `compareTimestamps`. */
export interface Timestamp {
  /** Whole seconds since 1970. */
  readonly seconds: number;
  /** The digits behind the point, without zeros at the end. */
  readonly fraction: string;
}

/**
 * Reads a timestamp of RFC 3339 with an uppercase T and an uppercase Z or an offset
 * (docs: amazon-states-language-choice-state, "Timestamp"). `undefined` for any other text.
 */
export function parseTimestamp(text: string): Timestamp | undefined {
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  const [offsetHours, offsetMinutes] = [Number(found[9] ?? 0), Number(found[10] ?? 0)];
  const days = new Date(Date.UTC(2000, month, 0)).setUTCFullYear(year, month, 0);
  if (month < 1 || month > 12 || day < 1 || day > new Date(days).getUTCDate()) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return undefined;
  // Date.UTC reads years below 100 as 1900 and on.
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day) / 1_000;
  const offset = (offsetHours * 60 + offsetMinutes) * (found[8] === "-" ? -60 : 60);
  const seconds = midnight + hour * 3_600 + minute * 60 + second - offset;
  return { seconds, fraction: (found[7] ?? "").replace(/0+$/, "") };
}

/** Below zero when `a` is before `b`, zero for the same moment. */
export function compareTimestamps(a: Timestamp, b: Timestamp): number {
  if (a.seconds !== b.seconds) return a.seconds - b.seconds;
  return a.fraction < b.fraction ? -1 : a.fraction > b.fraction ? 1 : 0;
}

/** Milliseconds since 1970; what is finer is cut off. */
export function toMilliseconds(time: Timestamp): number {
  return time.seconds * 1_000 + Number(time.fraction.slice(0, 3).padEnd(3, "0"));
}
