import type { StoredObject } from "./object-store";

/** What a list is asked for. */
export interface ListQuery {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  readonly maxKeys: number;
  /** The key or common prefix that the list goes on behind; empty for its beginning. */
  readonly after: string;
}

/** A part of a list: objects and common prefixes are entries alike. */
export interface ListPage {
  readonly objects: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  /** The last entry, where more of them follow. */
  readonly next?: string;
}

/**
 * A page of the keys that start with the prefix, in the order of their UTF-8 bytes, each key and each common prefix once.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html
 */
export function listPage(objects: readonly StoredObject[], { prefix, delimiter, maxKeys, after }: ListQuery): ListPage {
  const start = Buffer.from(after);
  const behind = objects
    .map((object) => ({ object, bytes: Buffer.from(object.key) }))
    .filter(({ object, bytes }) => object.key.startsWith(prefix) && bytes.compare(start) > 0)
    .sort((a, b) => a.bytes.compare(b.bytes));
  const page = { objects: [] as StoredObject[], commonPrefixes: [] as string[] };
  let last = after;
  // Nothing of nothing is missing.
  if (maxKeys === 0) return page;
  for (const { object } of behind) {
    const common = commonPrefix(object.key, prefix, delimiter);
    if (common !== undefined && common === last) continue;
    if (page.objects.length + page.commonPrefixes.length === maxKeys) return { ...page, next: last };
    last = common ?? object.key;
    if (common === undefined) page.objects.push(object);
    else page.commonPrefixes.push(common);
  }
  return page;
}

/** A key up to the first delimiter behind the prefix. */
function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const index = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
  return index < 0 ? undefined : key.slice(0, index + delimiter.length);
}
