import type { IncomingHttpHeaders } from "node:http";
import type { StoredObject } from "./object-store";

/** Whether a request may go on; a read that fails by the latter two conditions is answered with 304. */
export type Verdict = "holds" | "failed" | "not modified";

/** Begins the names of a copy's conditions, which are about its source. */
export const COPY_SOURCE = "x-amz-copy-source-";

/**
 * Looks at If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since, and takes them out of the headers: nobody
 * has to look again. The former of each pair that belong together makes the latter count for nothing.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function takePreconditions(
  headers: IncomingHttpHeaders,
  prefix: "" | typeof COPY_SOURCE,
  { etag, lastModified }: StoredObject,
): Verdict {
  const take = (condition: string) => {
    const value = headers[`${prefix}${condition}`]?.toString();
    delete headers[`${prefix}${condition}`];
    return value;
  };
  const [match, noneMatch] = [take("if-match"), take("if-none-match")];
  const [modifiedSince, unmodifiedSince] = [take("if-modified-since"), take("if-unmodified-since")];
  // Headers know whole seconds.
  const modified = Math.floor(lastModified.getTime() / 1000) * 1000;
  if (match === undefined ? modified > Date.parse(unmodifiedSince ?? "") : !names(match, etag)) return "failed";
  if (noneMatch === undefined ? modified <= Date.parse(modifiedSince ?? "") : names(noneMatch, etag))
    return "not modified";
  return "holds";
}

/** Whether a list of entity tags has this one; S3 takes them without quotes too. */
function names(list: string, etag: string): boolean {
  const plain = (tag: string) => tag.trim().replaceAll('"', "");
  return list.split(",").some((tag) => plain(tag) === "*" || plain(tag) === plain(etag));
}
