import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error";
import { noSuchKey } from "./s3-error";
import type { ObjectVersion, Version } from "./store/version";

/** Whether a read may go on; one that fails by the latter two conditions is answered with 304, in a copy with 412. */
export type Verdict =
  | { readonly kind: "holds" }
  | { readonly kind: "failed" | "not modified"; readonly condition: string };

const HOLDS: Verdict = { kind: "holds" };

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
  const failed = (kind: "failed" | "not modified", condition: string) => ({ kind, condition: `${prefix}${condition}` });
  if (match !== undefined && !names(match, etag)) return failed("failed", "If-Match");
  if (match === undefined && modified > Date.parse(header("if-unmodified-since") ?? ""))
    return failed("failed", "If-Unmodified-Since");
  if (noneMatch !== undefined && names(noneMatch, etag)) return failed("not modified", "If-None-Match");
  if (noneMatch === undefined && modified <= Date.parse(header("if-modified-since") ?? ""))
    return failed("not modified", "If-Modified-Since");
  return HOLDS;
}

/**
 * The conditions of a write: only where nothing is, or only over what is expected.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * @throws AwsError PreconditionFailed, NoSuchKey, NotImplemented
 */
export function requireWriteConditions(headers: IncomingHttpHeaders, key: string, current: Version | undefined): void {
  const [match, noneMatch] = [headers["if-match"], headers["if-none-match"]?.toString()];
  const object = current?.kind === "object" ? current : undefined;
  if (noneMatch !== undefined && noneMatch.trim() !== "*") {
    throw new AwsError("NotImplemented", 501, "A header you provided implies functionality that is not implemented");
  }
  if (noneMatch !== undefined && object !== undefined) throw preconditionFailed("If-None-Match");
  if (match === undefined) return;
  if (object === undefined) throw noSuchKey(key);
  if (!names(match, object.etag)) throw preconditionFailed("If-Match");
}

/** @throws AwsError PreconditionFailed where a deletion is bound to another object */
export function requireDeleteCondition(match: string | undefined, key: string, current: Version | undefined): void {
  if (match === undefined) return;
  const object = current?.kind === "object" ? current : undefined;
  // Nothing is left to be deleted, and that is what was wanted: S3 says so with 204 or 404.
  if (object === undefined) throw noSuchKey(key);
  if (!names(match, object.etag)) throw preconditionFailed("If-Match");
}

/** @param condition the header that did not hold */
export function preconditionFailed(condition: string): AwsError {
  const message = "At least one of the pre-conditions you specified did not hold";
  return new AwsError("PreconditionFailed", 412, message, {}, { Condition: condition });
}

/** Whether a list of entity tags has this one; S3 takes them without quotes too. */
function names(list: string, etag: string): boolean {
  const plain = (tag: string) => tag.trim().replaceAll('"', "");
  return list.split(",").some((tag) => plain(tag) === "*" || plain(tag) === plain(etag));
}
