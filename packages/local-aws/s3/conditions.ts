import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error";
import type { ObjectVersion, Version } from "./store/version";

/** Whether a read may go on; one that fails by the latter two conditions is answered with 304. */
export type Verdict = "holds" | "failed" | "not modified";

/** Begins the names of a copy's conditions, which are about its source. */
export const COPY_SOURCE = "x-amz-copy-source-";

/**
 * Looks at If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since. The former of each pair that belong together
 * makes the latter count for nothing.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function readConditions(
  headers: IncomingHttpHeaders,
  prefix: "" | typeof COPY_SOURCE,
  { etag, lastModified }: ObjectVersion,
): Verdict {
  const header = (condition: string) => headers[`${prefix}${condition}`]?.toString();
  const [match, noneMatch] = [header("if-match"), header("if-none-match")];
  // Headers know whole seconds.
  const modified = Math.floor(lastModified.getTime() / 1000) * 1000;
  if (match === undefined ? modified > Date.parse(header("if-unmodified-since") ?? "") : !names(match, etag))
    return "failed";
  if (noneMatch === undefined ? modified <= Date.parse(header("if-modified-since") ?? "") : names(noneMatch, etag))
    return "not modified";
  return "holds";
}

/**
 * The conditions of a write: only where nothing is, or only over what is expected.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * @throws AwsError PreconditionFailed, NoSuchKey, NotImplemented
 */
export function requireWriteConditions(headers: IncomingHttpHeaders, current: Version | undefined): void {
  const [match, noneMatch] = [headers["if-match"], headers["if-none-match"]?.toString()];
  const object = current?.kind === "object" ? current : undefined;
  if (noneMatch !== undefined && noneMatch.trim() !== "*") {
    throw new AwsError("NotImplemented", 501, "A header you provided implies functionality that is not implemented");
  }
  if (noneMatch !== undefined && object !== undefined) throw preconditionFailed();
  if (match === undefined) return;
  if (object === undefined) throw new AwsError("NoSuchKey", 404, "The specified key does not exist.");
  if (!names(match, object.etag)) throw preconditionFailed();
}

/** @throws AwsError PreconditionFailed where a deletion is bound to another object */
export function requireDeleteCondition(match: string | undefined, current: Version | undefined): void {
  if (match === undefined) return;
  const object = current?.kind === "object" ? current : undefined;
  // Nothing is left to be deleted, and that is what was wanted: S3 says so with 204 or 404.
  if (object === undefined) throw new AwsError("NoSuchKey", 404, "The specified key does not exist.");
  if (!names(match, object.etag)) throw preconditionFailed();
}

export function preconditionFailed(): AwsError {
  return new AwsError("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold");
}

/** Whether a list of entity tags has this one; S3 takes them without quotes too. */
function names(list: string, etag: string): boolean {
  const plain = (tag: string) => tag.trim().replaceAll('"', "");
  return list.split(",").some((tag) => plain(tag) === "*" || plain(tag) === plain(etag));
}
