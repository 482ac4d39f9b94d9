import type { RequestContext } from "@image-pipeline/iam-policy";
import { AwsError } from "../aws-error";

/** An operation of S3 in the terms of IAM. */
export interface S3Operation {
  readonly operation: S3OperationName;
  /** What IAM is asked. */
  readonly checks: readonly S3Check[];
  readonly bucket?: string;
  readonly key?: string;
  /** The object that has to be there: the one that is read, or the source of a copy. */
  readonly source?: S3Source;
}

/** The operations that are served, by S3's names for them. */
export const S3_OPERATIONS = [
  "ListBuckets",
  "HeadBucket",
  "GetBucketLocation",
  "GetBucketVersioning",
  "ListObjects",
  "ListObjectsV2",
  "ListObjectVersions",
  "ListMultipartUploads",
  "DeleteObjects",
  "GetObject",
  "HeadObject",
  "PutObject",
  "CopyObject",
  "DeleteObject",
  "CreateMultipartUpload",
  "UploadPart",
  "UploadPartCopy",
  "CompleteMultipartUpload",
  "AbortMultipartUpload",
  "ListParts",
] as const;
export type S3OperationName = (typeof S3_OPERATIONS)[number];

/** Where an object is. */
export interface S3Address {
  readonly bucket: string;
  readonly key: string;
}

/** An object, or one version of it. */
export interface S3Source extends S3Address {
  readonly versionId?: string;
}

/** One question to IAM; without a bucket it is about all of S3. */
export interface S3Check {
  readonly action: string;
  readonly bucket?: string;
  readonly key?: string;
  /** What conditions may ask about this request alone. */
  readonly context?: RequestContext;
}

/** An operation on a bucket; `asked` is the method with the parameters that make it another one: `POST delete`. */
export function bucketOperation(asked: string, bucket: string, context: RequestContext): S3Operation | undefined {
  const ask = (operation: S3OperationName, action: string, asks: RequestContext = {}): S3Operation => ({
    operation,
    bucket,
    checks: [{ action, bucket, context: asks }],
  });
  switch (asked) {
    case "GET":
      return ask("ListObjects", "s3:ListBucket", context);
    case "GET versions":
      return ask("ListObjectVersions", "s3:ListBucketVersions", context);
    case "GET uploads":
      return ask("ListMultipartUploads", "s3:ListBucketMultipartUploads");
    case "GET location":
      return ask("GetBucketLocation", "s3:GetBucketLocation");
    case "GET versioning":
      return ask("GetBucketVersioning", "s3:GetBucketVersioning");
    case "HEAD":
      return { operation: "HeadBucket", bucket, checks: [{ action: "s3:ListBucket", bucket }] };
    case "POST delete":
      // Each key of the body is asked for when the body is there.
      return { operation: "DeleteObjects", bucket, checks: [] };
    default:
      return undefined;
  }
}

/** An operation on an object; `asked` is the method with the parameters that make it another one: `PUT partNumber,uploadId`. */
export function objectOperation(
  asked: string,
  object: S3Address,
  versionId: string | undefined,
  copySource?: string,
): S3Operation | undefined {
  const write = (operation: S3OperationName, action: string): S3Operation => ({
    operation,
    ...object,
    checks: [{ action, ...object }],
  });
  const read = (operation: S3OperationName): S3Operation => {
    const source = { ...object, ...(versionId !== undefined && { versionId }) };
    return { operation, ...object, source, checks: [readCheck(source)] };
  };
  const copies = copySource !== undefined;
  switch (asked) {
    case "GET":
    case "GET partNumber":
    case "GET versionId":
    case "GET partNumber,versionId":
      return read("GetObject");
    case "HEAD":
    case "HEAD partNumber":
    case "HEAD versionId":
    case "HEAD partNumber,versionId":
      return read("HeadObject");
    case "PUT":
      return copies ? copyFrom(copySource, write("CopyObject", "s3:PutObject")) : write("PutObject", "s3:PutObject");
    case "DELETE":
      return write("DeleteObject", "s3:DeleteObject");
    case "DELETE versionId":
      return {
        ...write("DeleteObject", "s3:DeleteObjectVersion"),
        checks: [deleteCheck(object.bucket, object.key, versionId)],
      };
    case "POST uploads":
      return write("CreateMultipartUpload", "s3:PutObject");
    case "PUT partNumber,uploadId":
      return copies
        ? copyFrom(copySource, write("UploadPartCopy", "s3:PutObject"))
        : write("UploadPart", "s3:PutObject");
    case "POST uploadId":
      return write("CompleteMultipartUpload", "s3:PutObject");
    case "DELETE uploadId":
      return write("AbortMultipartUpload", "s3:AbortMultipartUpload");
    case "GET uploadId":
      return write("ListParts", "s3:ListMultipartUploadParts");
    default:
      return undefined;
  }
}

/** A version has an action of its own: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
function readCheck({ bucket, key, versionId }: S3Source): S3Check {
  if (versionId === undefined) return { action: "s3:GetObject", bucket, key };
  return { action: "s3:GetObjectVersion", bucket, key, context: { "s3:versionid": versionId } };
}

export function deleteCheck(bucket: string, key: string, versionId: string | undefined): S3Check {
  if (versionId === undefined) return { action: "s3:DeleteObject", bucket, key };
  return { action: "s3:DeleteObjectVersion", bucket, key, context: { "s3:versionid": versionId } };
}

/**
 * A source is encoded as a whole, its slashes perhaps too; a `?` that is not encoded begins a version.
 * @throws AwsError InvalidArgument
 */
function copyFrom(copySource: string, target: S3Operation): S3Operation {
  const [, path = "", versionId] = /^([^?]*)(?:\?versionId=([^&]+))?$/.exec(copySource) ?? [];
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodeURIComponent(path)) ?? [];
  if (bucket === undefined || key === undefined) {
    const message = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey";
    const details = { ArgumentName: "x-amz-copy-source", ArgumentValue: copySource };
    throw new AwsError("InvalidArgument", 400, message, {}, details);
  }
  const source = { bucket, key, ...(versionId !== undefined && { versionId: decodeURIComponent(versionId) }) };
  return { ...target, source, checks: [readCheck(source), ...target.checks] };
}
