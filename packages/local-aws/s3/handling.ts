import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error";
import type { BucketEncryption } from "../stack/stack-model";
import { noSuchVersion } from "./s3-error";
import type { AdmittedRequest, S3Guard } from "./s3-guard";
import type { S3OperationName } from "./s3-operation";
import type { BucketStore } from "./store/bucket-store";
import { type DeleteMarker, isVersionId, type ObjectVersion } from "./store/version";

/** What the last uploads that were completed became, by their ids. */
export type CompletedUploads = Map<string, ObjectVersion>;

const KEPT_UPLOADS = 1000;

/** An admitted request with the bucket it is about. */
export class Handling {
  constructor(
    readonly request: AdmittedRequest,
    readonly headers: IncomingHttpHeaders,
    readonly store: BucketStore,
    readonly stores: ReadonlyMap<string, BucketStore>,
    readonly guard: S3Guard,
    /** How the bucket encrypts what comes without a word about it. */
    readonly byDefault: BucketEncryption,
    private readonly uploads: CompletedUploads,
  ) {}

  get key(): string {
    return this.request.key ?? "";
  }

  /** What an upload became, if it was completed a little while ago. */
  completed(uploadId: string): ObjectVersion | undefined {
    const version = this.uploads.get(uploadId);
    return version?.key === this.key ? version : undefined;
  }

  complete(uploadId: string, version: ObjectVersion): void {
    const [oldest] = this.uploads.keys();
    if (this.uploads.size >= KEPT_UPLOADS && oldest !== undefined) this.uploads.delete(oldest);
    this.uploads.set(uploadId, version);
  }

  /** The object that is read or copied. @throws AwsError NoSuchKey, NoSuchVersion, InvalidArgument, MethodNotAllowed, AccessDenied */
  source(): ObjectVersion {
    const { source } = this.request;
    if (source === undefined) throw new Error("expected an operation with a source");
    const { bucket, key, versionId } = source;
    const version = this.stores.get(bucket)?.find(key, versionId);
    if (version?.kind === "object") return version;
    if (version !== undefined && versionId !== undefined) throw deleteMarker(version, this.request.operation);
    if (versionId !== undefined) {
      requireVersionId(versionId);
      throw noSuchVersion(key, versionId);
    }
    const missing = this.guard.whyMissing(this.request, { bucket, key });
    if (version?.kind !== "marker") throw missing;
    const said = { "x-amz-delete-marker": "true", "x-amz-version-id": version.versionId };
    throw new AwsError(missing.code, missing.statusCode, missing.message, said, missing.details);
  }
}

/** @throws AwsError InvalidArgument for what is no id of a version */
export function requireVersionId(text: string): void {
  if (text === "") throw new AwsError("InvalidArgument", 400, "Version id cannot be the empty string");
  if (!isVersionId(text)) throw new AwsError("InvalidArgument", 400, "Invalid version id specified");
}

/** "the response returns a 405 Method Not Allowed error and the Last-Modified: timestamp response header": API_GetObject */
function deleteMarker({ versionId, lastModified }: DeleteMarker, operation: S3OperationName): AwsError {
  return new AwsError(
    "MethodNotAllowed",
    405,
    "The specified method is not allowed against this resource.",
    {
      allow: "DELETE",
      "last-modified": lastModified.toUTCString(),
      "x-amz-delete-marker": "true",
      "x-amz-version-id": versionId,
    },
    { Method: operation === "HeadObject" ? "HEAD" : "GET", ResourceType: "DeleteMarker" },
  );
}
