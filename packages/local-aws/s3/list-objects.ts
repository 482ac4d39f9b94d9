import { createHash } from "node:crypto";
import { AwsError } from "../aws-error";
import { listPage } from "./list-page";
import type { ObjectStore, StoredObject } from "./object-store";
import { escapeXml } from "./xml";

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html: "up to 1,000 key names"
const MAX_KEYS = 1000;
const MAX_INTEGER = 2 ** 31 - 1;

/**
 * The answer to ListObjects or, with `list-type=2`, to ListObjectsV2.
 * @throws AwsError InvalidArgument
 */
export function listObjects(store: ObjectStore, bucket: string, query: URLSearchParams, accountId: string): string {
  const parameter = (name: string) => query.get(name) ?? "";
  const second = query.get("list-type") === "2";
  const [prefix, delimiter, maxKeys] = [
    parameter("prefix"),
    parameter("delimiter"),
    readMaxKeys(parameter("max-keys")),
  ];
  const token = second ? query.get("continuation-token") : null;
  const after = token === null ? parameter(second ? "start-after" : "marker") : readToken(token);
  const page = listPage(store.withPrefix(bucket, prefix), { prefix, delimiter, maxKeys, after });

  const encoding = parameter("encoding-type");
  if (encoding !== "" && encoding !== "url") throw invalidArgument("Invalid Encoding Method specified in Request");
  const name = (text: string) =>
    encoding === "url" ? encodeURIComponent(text).replaceAll("%2F", "/") : escapeXml(text);
  const owner =
    second && query.get("fetch-owner") !== "true" ? "" : `<Owner><ID>${canonicalId(accountId)}</ID></Owner>`;
  const fields = [
    element("Name", escapeXml(bucket)),
    element("Prefix", name(prefix)),
    delimiter && element("Delimiter", name(delimiter)),
    element("MaxKeys", String(maxKeys)),
    encoding && element("EncodingType", encoding),
    element("IsTruncated", String(page.next !== undefined)),
    ...(second
      ? [
          element("KeyCount", String(page.objects.length + page.commonPrefixes.length)),
          query.has("start-after") && element("StartAfter", name(parameter("start-after"))),
          token !== null && element("ContinuationToken", escapeXml(token)),
          page.next !== undefined && element("NextContinuationToken", toToken(page.next)),
        ]
      : [
          element("Marker", name(after)),
          // "This element is returned only if you have the delimiter request parameter specified."
          page.next !== undefined && delimiter !== "" && element("NextMarker", name(page.next)),
        ]),
    ...page.objects.map((object) => element("Contents", contents(object, name, owner))),
    ...page.commonPrefixes.map((common) => element("CommonPrefixes", element("Prefix", name(common)))),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${fields
    .filter((field) => field !== false)
    .join("")}</ListBucketResult>`;
}

function contents(
  { key, contentLength, etag, lastModified }: StoredObject,
  name: (key: string) => string,
  owner: string,
) {
  // S3 knows whole seconds.
  const modified = lastModified.toISOString().replace(/\d{3}Z$/, "000Z");
  return [
    element("Key", name(key)),
    element("LastModified", modified),
    element("ETag", escapeXml(etag)),
    element("Size", String(contentLength)),
    owner,
    element("StorageClass", "STANDARD"),
  ].join("");
}

function readMaxKeys(text: string): number {
  if (text === "") return MAX_KEYS;
  if (!/^\d+$/.test(text) || Number(text) > MAX_INTEGER)
    throw invalidArgument("Provided max-keys not an integer or within integer range");
  return Math.min(Number(text), MAX_KEYS);
}

function toToken(entry: string): string {
  return Buffer.from(entry).toString("base64url");
}

function readToken(token: string): string {
  const entry = Buffer.from(token, "base64url").toString();
  if (entry === "" || toToken(entry) !== token) throw invalidArgument("The continuation token provided is incorrect");
  return entry;
}

/** Accounts have an id of 64 hexadecimal digits here. */
function canonicalId(accountId: string): string {
  return createHash("sha256").update(accountId).digest("hex");
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

function invalidArgument(message: string): AwsError {
  return new AwsError("InvalidArgument", 400, message);
}
