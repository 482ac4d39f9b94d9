import type { BucketStore } from "../../s3/store/bucket-store";
import type { ObjectVersion } from "../../s3/store/version";
import type { Page, StoredObject } from "../wire";

/** What a list of objects is asked for. */
export interface ObjectQuery {
  /** Anywhere in the key. */
  readonly search: string;
  readonly from: number;
  readonly limit: number;
}

/** The objects of a bucket whose keys have a text, in the order of their keys. */
export function listStored(store: BucketStore, { search, from, limit }: ObjectQuery): Page<StoredObject> {
  const words = search.toLowerCase();
  const items: StoredObject[] = [];
  let total = 0;
  for (const entry of store.objectEntries({ prefix: "", delimiter: "", after: "" })) {
    if (!("key" in entry) || !entry.key.toLowerCase().includes(words)) continue;
    const version = total >= from && items.length < limit ? store.current(entry.key) : undefined;
    if (version !== undefined) items.push(storedObject(store.name, version));
    total += 1;
  }
  return { total, from, items };
}

/** An object without its bytes. */
export function storedObject(bucket: string, version: ObjectVersion): StoredObject {
  const { key, body, etag, lastModified, headers, metadata } = version;
  const contentType = headers["content-type"] ?? "binary/octet-stream";
  const cacheControl = headers["cache-control"];
  return {
    bucket,
    key,
    bytes: body.bytes,
    etag,
    lastModified: lastModified.getTime(),
    contentType,
    ...(cacheControl !== undefined && { cacheControl }),
    metadata,
  };
}

/** By the first bytes: what an upload calls itself may be anything, and often is nothing. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^\xff\xd8\xff/, "image/jpeg"],
  [/^\x89PNG\r\n/, "image/png"],
  [/^GIF8[79]a/, "image/gif"],
  [/^RIFF.{4}WEBP/s, "image/webp"],
  [/^.{4}ftypavi[fs]/s, "image/avif"],
  [/^BM/, "image/bmp"],
];

/** As what an object is shown; undefined for what is only given as a file. */
export function shownType({ headers }: ObjectVersion, firstBytes: Uint8Array): string | undefined {
  const begin = Buffer.from(firstBytes).toString("latin1");
  const found = SIGNATURES.find(([signature]) => signature.test(begin))?.[1];
  const [said = ""] = (headers["content-type"] ?? "").split(";");
  return found ?? (said === "image/svg+xml" ? said : undefined);
}
