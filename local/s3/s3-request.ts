import type { RequestContext } from "../iam/condition";

/** An S3 request in the terms of IAM. */
export interface S3Request {
  /** S3's name for the operation, for the log. */
  readonly operation: string;
  /** What IAM is asked; empty for an operation that is not served. */
  readonly checks: readonly S3Check[];
  readonly bucket?: string;
  readonly key?: string;
}

/** One question to IAM; without a bucket it is about all of S3. */
export interface S3Check {
  readonly action: string;
  readonly bucket?: string;
  readonly key?: string;
  /** What conditions may ask about this request alone. */
  readonly context?: RequestContext;
}

/** What of an HTTP request decides which operation it is. */
export interface S3HttpRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly header: (name: string) => string | undefined;
}

/** Path-style only: `/bucket/key`. Says which operation of S3 a request is; undefined for one that is not served. */
export function parseS3Request({ method, url, header }: S3HttpRequest): S3Request | undefined {
  // Not `new URL`: it would resolve "..", and IAM would be asked about another object than the one that is served.
  const [path = "", search = ""] = splitOnce(url, "?");
  const [bucket = "", key = ""] = splitOnce(path.slice(1), "/").map(decodeURIComponent);
  const parameters = new URLSearchParams(search);
  const query = [...parameters.keys()].filter((name) => SUBRESOURCES.has(name)).sort();
  if (bucket === "") {
    return method === "GET" ? { operation: "ListBuckets", checks: [{ action: "s3:ListAllMyBuckets" }] } : undefined;
  }
  if (key === "") return bucketRequest(method, bucket, query, listContext(parameters));
  return objectRequest(method, bucket, key, query, header("x-amz-copy-source"));
}

/** Query parameters that turn a request into another operation. Everything else S3 knows is a parameter of one. */
const SUBRESOURCES = new Set([
  ...[
    "accelerate",
    "acl",
    "analytics",
    "attributes",
    "cors",
    "delete",
    "encryption",
    "intelligent-tiering",
    "inventory",
  ],
  ...["legal-hold", "lifecycle", "location", "logging", "metrics", "notification", "object-lock", "ownershipControls"],
  ...["policy", "policyStatus", "publicAccessBlock", "renameObject", "replication", "requestPayment", "restore"],
  ...[
    "retention",
    "select",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versioning",
    "versionId",
    "versions",
    "website",
  ],
]);

/** The keys ListObjects has, with the parameters they come from: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const LIST_PARAMETERS = ["prefix", "delimiter", "max-keys"];

function listContext(parameters: URLSearchParams): RequestContext {
  return Object.fromEntries(
    LIST_PARAMETERS.flatMap((name) => {
      const value = parameters.get(name);
      return value === null ? [] : [[`s3:${name}`, value]];
    }),
  );
}

function bucketRequest(
  method: string,
  bucket: string,
  query: readonly string[],
  listed: RequestContext,
): S3Request | undefined {
  const request = (operation: string, action: string): S3Request => ({
    operation,
    bucket,
    checks: [{ action, bucket }],
  });
  switch (`${method} ${query.join(",")}`.trim()) {
    case "GET":
      return { operation: "ListObjects", bucket, checks: [{ action: "s3:ListBucket", bucket, context: listed }] };
    case "HEAD":
      return request("HeadBucket", "s3:ListBucket");
    case "POST delete":
      // Each key of the body is checked when the body is there.
      return { operation: "DeleteObjects", bucket, checks: [] };
    default:
      return undefined;
  }
}

function objectRequest(
  method: string,
  bucket: string,
  key: string,
  query: readonly string[],
  copySource: string | undefined,
): S3Request | undefined {
  const request = (operation: string, action: string): S3Request => ({
    operation,
    bucket,
    key,
    checks: [{ action, bucket, key }],
  });
  switch (`${method} ${query.join(",")}`.trim()) {
    case "GET":
      return request("GetObject", "s3:GetObject");
    case "HEAD":
      return request("HeadObject", "s3:GetObject");
    case "GET attributes":
      return request("GetObjectAttributes", "s3:GetObject");
    case "PUT":
      return copySource === undefined ? request("PutObject", "s3:PutObject") : copyRequest(bucket, key, copySource);
    case "DELETE":
      return request("DeleteObject", "s3:DeleteObject");
    case "POST uploads":
      return request("CreateMultipartUpload", "s3:PutObject");
    case "PUT uploadId":
      return copySource === undefined ? request("UploadPart", "s3:PutObject") : undefined;
    case "POST uploadId":
      return request("CompleteMultipartUpload", "s3:PutObject");
    case "DELETE uploadId":
      return request("AbortMultipartUpload", "s3:AbortMultipartUpload");
    default:
      return undefined;
  }
}

function copyRequest(bucket: string, key: string, copySource: string): S3Request | undefined {
  const [, sourceBucket, sourceKey] = /^\/?([^/]+)\/([^?]+)$/.exec(decodeURIComponent(copySource)) ?? [];
  if (sourceBucket === undefined || sourceKey === undefined) return undefined;
  return {
    operation: "CopyObject",
    bucket,
    key,
    checks: [
      { action: "s3:GetObject", bucket: sourceBucket, key: sourceKey },
      { action: "s3:PutObject", bucket, key },
    ],
  };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
