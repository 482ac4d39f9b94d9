import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error";
import { deleteObjects } from "./delete-objects";
import { listObjects } from "./list-objects";
import { checkCopyRange, checkListOfParts, checkPartNumber, noSuchUpload } from "./multipart-upload";
import type { ObjectStore, StoredObject } from "./object-store";
import { COPY_SOURCE, takePreconditions } from "./preconditions";
import { servedRange } from "./range";
import type { AdmittedRequest, S3Guard } from "./s3-guard";

/** What S3 answers itself, before fauxqs would answer otherwise. */
export type Answer = { readonly xml: string } | { readonly notModified: StoredObject };

/** What answers come from. */
export interface AnswerOptions {
  readonly store: ObjectStore;
  readonly guard: S3Guard;
  readonly accountId: string;
}

/**
 * Answers, refuses, or leaves to fauxqs (undefined) what is within its power, with headers that it reads as S3 does.
 * @throws AwsError in the words of S3
 */
export function answer(
  request: AdmittedRequest,
  headers: IncomingHttpHeaders,
  payload: Buffer,
  { store, guard, accountId }: AnswerOptions,
): Answer | undefined {
  const { operation, bucket, key, source, query } = request;
  // Fauxqs serves more than S3, at paths like those of buckets.
  for (const name of [bucket, source?.bucket])
    if (name !== undefined && !store.hasBucket(name))
      throw new AwsError("NoSuchBucket", 404, "The specified bucket does not exist");
  if (bucket === undefined) return undefined;
  if (operation === "ListObjects") return { xml: listObjects(store, bucket, query, accountId) };
  if (operation === "DeleteObjects") {
    requireDigest(headers);
    const deleteKey = (each: string) => {
      guard.admitDelete(request, each);
      store.deleteObject(bucket, each);
    };
    return { xml: deleteObjects(payload.toString("utf8"), deleteKey) };
  }
  if (query.has("uploadId") && !store.isUploadOf(query.get("uploadId") ?? "", bucket, key ?? "")) throw noSuchUpload();
  if (operation.startsWith("UploadPart")) checkPartNumber(query.get("partNumber"));
  if (operation === "CompleteMultipartUpload") checkListOfParts(payload.toString("utf8"));
  if (source === undefined) return undefined;

  const object = store.find(source.bucket, source.key);
  if (object === undefined) throw guard.whyMissing(request, source.bucket);
  const copies = operation === "CopyObject" || operation === "UploadPartCopy";
  const verdict = takePreconditions(headers, copies ? COPY_SOURCE : "", object);
  if (verdict === "not modified" && !copies) return { notModified: object };
  if (verdict !== "holds")
    throw new AwsError("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold");
  if (operation === "CopyObject") checkCopy(headers, source.bucket === bucket && source.key === key);
  if (operation === "UploadPartCopy")
    checkCopyRange(headers["x-amz-copy-source-range"]?.toString(), object.contentLength);
  if (headers.range !== undefined) {
    const range = servedRange(headers.range, object.contentLength);
    if (range === undefined) delete headers.range;
    else headers.range = range;
  }
  return undefined;
}

/** @throws AwsError unless something vouches for the list of what shall be deleted */
function requireDigest(headers: IncomingHttpHeaders): void {
  const names = Object.keys(headers);
  if (names.some((name) => name === "content-md5" || name.startsWith("x-amz-checksum-"))) return;
  throw new AwsError("InvalidRequest", 400, "Missing required header for this request: Content-MD5");
}

/** @throws AwsError InvalidArgument, InvalidRequest */
function checkCopy(headers: IncomingHttpHeaders, ontoItself: boolean): void {
  const directive = headers["x-amz-metadata-directive"] ?? "COPY";
  if (directive !== "COPY" && directive !== "REPLACE")
    throw new AwsError("InvalidArgument", 400, "Unknown metadata directive.");
  const changes = headers["x-amz-storage-class"] ?? headers["x-amz-server-side-encryption"];
  if (!ontoItself || directive === "REPLACE" || changes !== undefined) return;
  throw new AwsError(
    "InvalidRequest",
    400,
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}
