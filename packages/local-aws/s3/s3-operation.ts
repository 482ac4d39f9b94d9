import type { RequestContext } from "../iam/condition";

/** An operation of S3 in the terms of IAM. */
export interface S3Operation {
  /** S3's name for it, for the log. */
  readonly operation: string;
  /** What IAM is asked. */
  readonly checks: readonly S3Check[];
  readonly bucket?: string;
  readonly key?: string;
  /** The object that has to be there: the one that is read, or the source of a copy. */
  readonly source?: S3Address;
}

/** Where an object is. */
export interface S3Address {
  readonly bucket: string;
  readonly key: string;
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
  switch (asked) {
    case "GET":
      return { operation: "ListObjects", bucket, checks: [{ action: "s3:ListBucket", bucket, context }] };
    case "HEAD":
      return { operation: "HeadBucket", bucket, checks: [{ action: "s3:ListBucket", bucket }] };
    case "POST delete":
      // Each key of the body is asked for when the body is there.
      return { operation: "DeleteObjects", bucket, checks: [] };
    default:
      return undefined;
  }
}

/** An operation on an object; `asked` is the method with the parameters that make it another one: `GET attributes`. */
export function objectOperation(asked: string, object: S3Address, copySource?: string): S3Operation | undefined {
  const write = (operation: string, action: string): S3Operation => ({
    operation,
    ...object,
    checks: [{ action, ...object }],
  });
  const read = (operation: string, ...actions: readonly string[]): S3Operation => ({
    operation,
    ...object,
    source: object,
    checks: actions.map((action) => ({ action, ...object })),
  });
  const copies = copySource !== undefined;
  switch (asked) {
    case "GET":
    case "GET partNumber":
      return read("GetObject", "s3:GetObject");
    case "HEAD":
      return read("HeadObject", "s3:GetObject");
    case "GET attributes":
      return read("GetObjectAttributes", "s3:GetObject", "s3:GetObjectAttributes");
    case "PUT":
      return copies ? copyFrom(copySource, write("CopyObject", "s3:PutObject")) : write("PutObject", "s3:PutObject");
    case "DELETE":
      return write("DeleteObject", "s3:DeleteObject");
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
    default:
      return undefined;
  }
}

/** A source is encoded as a whole, its slashes perhaps too; a `?` that is not encoded begins a version. */
function copyFrom(copySource: string, target: S3Operation): S3Operation | undefined {
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodeURIComponent(copySource)) ?? [];
  if (bucket === undefined || key === undefined || copySource.includes("?")) return undefined;
  const source = { bucket, key };
  return { ...target, source, checks: [{ action: "s3:GetObject", ...source }, ...target.checks] };
}
