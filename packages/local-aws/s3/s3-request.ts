import type { RequestContext } from "@image-pipeline/iam-policy";
import { AwsError } from "../aws-error";
import { methodNotAllowed } from "./method-not-allowed";
import { notServed } from "./s3-error";
import { bucketOperation, objectOperation, type S3Operation } from "./s3-operation";
import { unservedOperation } from "./unserved-operations";

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

/**
 * Path-style only: `/bucket/key`. Says which operation of S3 a request is.
 * @throws AwsError NotImplemented for an operation that is not here, MethodNotAllowed or PreconditionFailed for what is none
 */
export function parseS3Request({ method, url, header }: S3HttpRequest): S3Request {
  // Not `new URL`: it would resolve "..", and IAM would be asked about another object than the one that is served.
  const [path = "", search = ""] = splitOnce(url, "?");
  const [bucket = "", key = ""] = splitOnce(path.slice(1), "/").map(decodeURIComponent);
  const query = new URLSearchParams(search);
  const subresources = [...query.keys()].filter((name) => SUBRESOURCES.has(name)).sort();
  const asked = `${method} ${subresources.join(",")}`.trim();
  const operation = operationOf(asked, bucket, key, query, header("x-amz-copy-source"));
  if (operation !== undefined) return { ...operation, query };
  if (bucket === "") throw methodNotAllowed(method, "SERVICE");
  const kind = key === "" ? "BUCKET" : "OBJECT";
  const unserved = unservedOperation(asked, kind, query);
  if (unserved !== undefined)
    throw notServed(`${unserved} (${method} ${url}); of S3 it serves objects, multipart uploads and lists`);
  if (asked === "POST" && kind === "BUCKET") throw noForm();
  throw methodNotAllowed(method, kind, subresources[0]);
}

/** @throws AwsError InvalidArgument for a source of a copy that is none */
function operationOf(
  asked: string,
  bucket: string,
  key: string,
  query: URLSearchParams,
  copySource: string | undefined,
): S3Operation | undefined {
  if (key !== "") return objectOperation(asked, { bucket, key }, query.get("versionId") ?? undefined, copySource);
  if (bucket !== "") {
    const operation = bucketOperation(asked, bucket, listContext(query));
    const second = operation?.operation === "ListObjects" && query.get("list-type") === "2";
    return second ? { ...operation, operation: "ListObjectsV2" } : operation;
  }
  return asked === "GET" ? { operation: "ListBuckets", checks: [{ action: "s3:ListAllMyBuckets" }] } : undefined;
}

/** Seen in https://github.com/blueimp/jQuery-File-Upload/issues/2586 */
function noForm(): AwsError {
  return new AwsError(
    "PreconditionFailed",
    412,
    "At least one of the pre-conditions you specified did not hold",
    {},
    { Condition: "Bucket POST must be of the enclosure-type multipart/form-data" },
  );
}

/** Query parameters that turn a request into another operation. Everything else S3 knows is a parameter of one. */
const SUBRESOURCES = new Set(
  (
    "abac accelerate acl analytics annotation attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle " +
    "location logging metadataAnnotationTable metadataConfiguration metadataInventoryTable metadataJournalTable " +
    "metadataTable metrics notification object-lock ownershipControls partNumber policy policyStatus " +
    "publicAccessBlock renameObject replication requestPayment restore retention select session tagging torrent uploadId " +
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
