import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error";
import { deleteObjects } from "./delete-objects";
import { listObjects } from "./list-objects";
import { checkCopyRange, checkListOfParts, checkPartNumber, noSuchUpload } from "./multipart-upload";
import type { ObjectStore, StoredObject } from "./object-store";
import { COPY_SOURCE, takePreconditions } from "./preconditions";
import { servedRange } from "./range";
import type { AdmittedRequest, S3Guard } from "./s3-guard";
import type { S3Request } from "./s3-request";

/** What S3 answers itself, before fauxqs would answer otherwise. */
export type Answer = { readonly xml: string } | { readonly notModified: StoredObject };

/** What answers come from. */
export interface AnswerOptions {
  readonly store: ObjectStore;
  readonly guard: S3Guard;
  readonly accountId: string;
}

/**
 * Answers, refuses, or leaves to fauxqs (undefined) what it does as S3 does, with headers that it reads as S3 does.
 * @throws AwsError in the words of S3
 */
export function answer(
  request: AdmittedRequest,
  headers: IncomingHttpHeaders,
  payload: Buffer,
  { store, guard, accountId }: AnswerOptions,
): Answer | undefined {
  const { operation, bucket, source, query } = request;
  // Fauxqs serves more than S3, at paths like those of buckets.
  for (const name of [bucket, source?.bucket])
    if (name !== undefined && !store.hasBucket(name))
      throw new AwsError("NoSuchBucket", 404, "The specified bucket does not exist");
  if (bucket === undefined) return undefined;
  if (operation === "ListObjects") return { xml: listObjects(store, bucket, query, accountId) };
  if (operation === "DeleteObjects") {
    requireDigest(headers);
    const deleteKey = (key: string) => {
      guard.admitDelete(request, key);
      store.deleteObject(bucket, key);
    };
    return { xml: deleteObjects(payload.toString("utf8"), deleteKey) };
  }
  if (query.has("uploadId")) checkUpload(request, bucket, payload, store);
  if (source === undefined) return undefined;
  const object = store.find(source.bucket, source.key);
  if (object === undefined) throw guard.whyMissing(request, source.bucket);
  return request.checks.some(({ action }) => action === "s3:PutObject")
    ? checkCopy(request, headers, object)
    : answerRead(headers, object);
}

/** @throws AwsError NoSuchUpload, InvalidArgument, MalformedXML */
function checkUpload({ operation, key = "", query }: S3Request, bucket: string, payload: Buffer, store: ObjectStore) {
  if (!store.isUploadOf(query.get("uploadId") ?? "", bucket, key)) throw noSuchUpload();
  if (operation.startsWith("UploadPart")) checkPartNumber(query.get("partNumber"));
  if (operation === "CompleteMultipartUpload") checkListOfParts(payload.toString("utf8"));
}

/** @throws AwsError PreconditionFailed */
function answerRead(headers: IncomingHttpHeaders, object: StoredObject): Answer | undefined {
  const verdict = takePreconditions(headers, "", object);
  if (verdict === "failed") throw preconditionFailed();
  if (verdict === "not modified") return { notModified: object };
  const range = headers.range && servedRange(headers.range, object.contentLength);
  if (range === undefined) delete headers.range;
  else headers.range = range;
  return undefined;
}

/** @throws AwsError PreconditionFailed, InvalidArgument, InvalidRequest */
function checkCopy(request: S3Request, headers: IncomingHttpHeaders, object: StoredObject): undefined {
  if (takePreconditions(headers, COPY_SOURCE, object) !== "holds") throw preconditionFailed();
  if (request.operation === "UploadPartCopy")
    return checkCopyRange(headers["x-amz-copy-source-range"]?.toString(), object.contentLength);
  const directive = headers["x-amz-metadata-directive"] ?? "COPY";
  if (directive !== "COPY" && directive !== "REPLACE")
    throw new AwsError("InvalidArgument", 400, "Unknown metadata directive.");
  const ontoItself = request.source?.bucket === request.bucket && request.source?.key === request.key;
  const changes = headers["x-amz-storage-class"] ?? headers["x-amz-server-side-encryption"];
  if (!ontoItself || directive === "REPLACE" || changes !== undefined) return;
  throw new AwsError(
    "InvalidRequest",
    400,
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

function preconditionFailed(): AwsError {
  return new AwsError("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold");
}

/** @throws AwsError unless something vouches for the list of what shall be deleted */
function requireDigest(headers: IncomingHttpHeaders): void {
  const names = Object.keys(headers);
  if (names.some((name) => name === "content-md5" || name.startsWith("x-amz-checksum-"))) return;
  throw new AwsError("InvalidRequest", 400, "Missing required header for this request: Content-MD5");
}
