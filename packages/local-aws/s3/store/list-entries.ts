import type { SortedKeys } from "./sorted-keys";

/** What a list is asked for. */
export interface ListQuery {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  /** The key or common prefix that the list goes on behind; empty for its beginning. */
  readonly after: string;
  /** Whether `after` itself is listed again, as far as it has more. */
  readonly includesAfter?: boolean;
}

/** A key, or all keys up to the first delimiter behind the prefix. */
export type ListEntry = { readonly key: string } | { readonly commonPrefix: string };

/**
 * The keys that start with the prefix, in their order, each key and each common prefix once.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html
 * @param isListed whether a key counts at all
 */
export function* listEntries(
  keys: SortedKeys,
  { prefix, delimiter, after, includesAfter = false }: ListQuery,
  isListed: (key: string) => boolean,
): Generator<ListEntry> {
  const begin = includesAfter ? keys.firstFrom(after) : keys.firstAfter(after);
  let index = Math.max(keys.firstFrom(prefix), after === "" ? 0 : begin);
  for (;;) {
    const key = keys.at(index);
    if (key === undefined || !key.startsWith(prefix)) return;
    const common = commonPrefix(key, prefix, delimiter);
    if (common === after && after !== "") index = keys.firstBehindPrefix(common);
    else if (!isListed(key)) index++;
    else if (common === undefined) {
      yield { key };
      index++;
    } else {
      yield { commonPrefix: common };
      index = keys.firstBehindPrefix(common);
    }
  }
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const index = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
  return index < 0 ? undefined : key.slice(0, index + delimiter.length);
}
