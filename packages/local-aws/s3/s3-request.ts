import type { RequestContext } from "@image-pipeline/iam-policy";
import { bucketOperation, objectOperation, type S3Operation } from "./s3-operation";

/** An S3 request in the terms of IAM. */
export interface S3Request extends S3Operation {
  readonly query: URLSearchParams;
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
  const query = new URLSearchParams(search);
  const subresources = [...query.keys()].filter((name) => SUBRESOURCES.has(name)).sort();
  const asked = `${method} ${subresources.join(",")}`.trim();
  const operation = operationOf(asked, bucket, key, query, header("x-amz-copy-source"));
  return operation && { ...operation, query };
}

function operationOf(
  asked: string,
  bucket: string,
  key: string,
  query: URLSearchParams,
  copySource: string | undefined,
): S3Operation | undefined {
  if (key !== "") return objectOperation(asked, { bucket, key }, query.get("versionId") ?? undefined, copySource);
  if (bucket !== "") return bucketOperation(asked, bucket, listContext(query));
  return asked === "GET" ? { operation: "ListBuckets", checks: [{ action: "s3:ListAllMyBuckets" }] } : undefined;
}

/** Query parameters that turn a request into another operation. Everything else S3 knows is a parameter of one. */
const SUBRESOURCES = new Set(
  (
    "accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle " +
    "location logging metrics notification object-lock ownershipControls partNumber policy policyStatus " +
    "publicAccessBlock renameObject replication requestPayment restore retention select tagging torrent uploadId " +
    "uploads versioning versionId versions website"
  ).split(" "),
);

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

function splitOnce(text: string, separator: string): readonly string[] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
