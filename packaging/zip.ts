import { type Zippable, zipSync } from "fflate";

/** What goes into a zip: the path inside it (forward slashes) and the bytes of each file. */
export type ZipEntries = ReadonlyMap<string, Uint8Array>;

// fflate writes the local date fields as they are, so a local date gives the same bytes in every time zone.
// The zip format knows no earlier year, and noon exists on that day wherever clocks were changed.
const FIXED_MODIFICATION_TIME = new Date(1980, 0, 1, 12);
const UNIX = 3;
const READABLE_FILE = 0o100644;
const MODE_SHIFT = 16;

/**
 * A zip whose bytes depend on the names and contents of its files and on nothing else: not on the order they were
 * found in, their times or modes, the time zone or the machine. Unchanged sources plan to no change.
 */
export function zip(entries: ZipEntries): Uint8Array {
  const files: Zippable = {};
  for (const [name, bytes] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    files[name] = [bytes, { mtime: FIXED_MODIFICATION_TIME, os: UNIX, attrs: READABLE_FILE << MODE_SHIFT, level: 6 }];
  }
  return zipSync(files);
}
