import type { Handling } from "./handling";
import { ListRequest, owner, pageOf, readToken, toToken, wholeSeconds } from "./list-request";
import type { S3Answer } from "./s3-answer";
import type { ObjectVersion } from "./store/version";
import { element, escapeXml, xmlDocument } from "./xml";

/** ListObjects or, with `list-type=2`, ListObjectsV2. @throws AwsError InvalidArgument */
export function listObjects({ request, store }: Handling, accountId: string): S3Answer {
  const asked = new ListRequest(request.query);
  const second = asked.text("list-type") === "2";
  const most = asked.most("max-keys");
  const token = second ? request.query.get("continuation-token") : null;
  const after = token === null ? asked.text(second ? "start-after" : "marker") : readToken(token);
  const { keys, prefixes, next } = pageOf(
    store.objectEntries({ ...asked, prefix: asked.prefix, delimiter: asked.delimiter, after }),
    most,
  );
  const withOwner = !second || asked.text("fetch-owner") === "true";
  const contents = keys.flatMap((key) => {
    const version = store.current(key);
    return version === undefined
      ? []
      : [element("Contents", objectFields(version, asked, withOwner ? owner(accountId) : ""))];
  });
  const fields = [
    ...asked.head(request.bucket ?? ""),
    ...(second
      ? [
          element("KeyCount", String(keys.length + prefixes.length)),
          request.query.has("start-after") && element("StartAfter", asked.name(asked.text("start-after"))),
          token !== null && element("ContinuationToken", escapeXml(token)),
          next !== undefined && element("NextContinuationToken", toToken(next)),
        ]
      : [
          element("Marker", asked.name(after)),
          // "This element is returned only if you have the delimiter request parameter specified."
          next !== undefined && asked.delimiter !== "" && element("NextMarker", asked.name(next)),
        ]),
    element("MaxKeys", String(most)),
    ...asked.common(),
    element("IsTruncated", String(next !== undefined)),
    ...contents,
    ...asked.prefixes(prefixes),
  ];
  return { status: 200, body: xmlDocument("ListBucketResult", fields) };
}

function objectFields(
  { key, body, etag, lastModified, checksum }: ObjectVersion,
  asked: ListRequest,
  ownerXml: string,
): string {
  return [
    element("Key", asked.name(key)),
    element("LastModified", wholeSeconds(lastModified)),
    element("ETag", `&quot;${etag}&quot;`),
    checksum ? element("ChecksumAlgorithm", checksum.algorithm) + element("ChecksumType", checksum.type) : "",
    element("Size", String(body.bytes)),
    ownerXml,
    element("StorageClass", "STANDARD"),
  ].join("");
}
