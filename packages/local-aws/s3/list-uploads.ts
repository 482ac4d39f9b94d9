import { DEFAULT_CHECKSUM } from "./checksums";
import type { Handling } from "./handling";
import { canonicalId, invalidArgument, ListRequest, wholeSeconds } from "./list-request";
import { uploadOf } from "./multipart-operations";
import type { S3Answer } from "./s3-answer";
import { compareKeys } from "./store/sorted-keys";
import { element, escapeXml, xmlDocument } from "./xml";

/** ListMultipartUploads. @throws AwsError InvalidArgument */
export function listUploads({ request, store }: Handling, accountId: string): S3Answer {
  const asked = new ListRequest(request.query);
  const most = asked.most("max-uploads");
  const [keyMarker, idMarker] = [asked.text("key-marker"), asked.text("upload-id-marker")];
  const sorted = store
    .uploads()
    .filter(({ key }) => key.startsWith(asked.prefix))
    .sort(
      (a, b) =>
        compareKeys(a.key, b.key) ||
        a.initiated.getTime() - b.initiated.getTime() ||
        (a.uploadId < b.uploadId ? -1 : 1),
    );
  const marked = idMarker === "" ? -1 : sorted.findIndex(({ uploadId }) => uploadId === idMarker);
  const behind = sorted.filter(({ key }, index) => {
    const order = compareKeys(key, keyMarker);
    return keyMarker === "" || order > 0 || (order === 0 && marked >= 0 && index > marked);
  });
  const common = new Set<string>();
  const uploads = behind.filter(({ key }) => {
    const end = asked.delimiter === "" ? -1 : key.indexOf(asked.delimiter, asked.prefix.length);
    if (end >= 0) common.add(key.slice(0, end + asked.delimiter.length));
    return end < 0;
  });
  const shown = uploads.slice(0, most);
  const last = shown.at(-1);
  const truncated = uploads.length > most && most > 0;
  const person = (name: string) => element(name, element("ID", canonicalId(accountId)));
  const fields = [
    element("Bucket", escapeXml(request.bucket ?? "")),
    element("KeyMarker", asked.name(keyMarker)),
    element("UploadIdMarker", escapeXml(idMarker)),
    truncated && last && element("NextKeyMarker", asked.name(last.key)),
    truncated && last && element("NextUploadIdMarker", last.uploadId),
    element("Prefix", asked.name(asked.prefix)),
    element("MaxUploads", String(most)),
    ...asked.common(),
    element("IsTruncated", String(truncated)),
    ...shown.map(({ key, uploadId, initiated, checksum }) =>
      element(
        "Upload",
        [
          element("Key", asked.name(key)),
          element("UploadId", uploadId),
          person("Initiator"),
          person("Owner"),
          element("StorageClass", "STANDARD"),
          element("Initiated", wholeSeconds(initiated)),
          checksum ? element("ChecksumAlgorithm", checksum.algorithm) + element("ChecksumType", checksum.type) : "",
        ].join(""),
      ),
    ),
    ...asked.prefixes([...common].sort(compareKeys)),
  ];
  return { status: 200, body: xmlDocument("ListMultipartUploadsResult", fields) };
}

/** ListParts. @throws AwsError NoSuchUpload, InvalidArgument */
export function listParts(handling: Handling, accountId: string): S3Answer {
  const { request, key } = handling;
  const asked = new ListRequest(request.query);
  const upload = uploadOf(handling);
  const most = asked.most("max-parts");
  const marker = Number(asked.text("part-number-marker") || 0);
  if (!Number.isInteger(marker) || marker < 0)
    throw invalidArgument("Argument part-number-marker must be an integer between 0 and 2147483647");
  const behind = [...upload.parts.values()]
    .filter(({ partNumber }) => partNumber > marker)
    .sort((a, b) => a.partNumber - b.partNumber);
  const shown = behind.slice(0, most);
  const truncated = behind.length > most;
  const person = (name: string) => element(name, element("ID", canonicalId(accountId)));
  const fields = [
    element("Bucket", escapeXml(request.bucket ?? "")),
    element("Key", asked.name(key)),
    element("UploadId", upload.uploadId),
    person("Initiator"),
    person("Owner"),
    element("StorageClass", "STANDARD"),
    element("PartNumberMarker", String(marker)),
    element("NextPartNumberMarker", String(shown.at(-1)?.partNumber ?? 0)),
    element("MaxParts", String(most)),
    element("IsTruncated", String(truncated)),
    upload.checksum && element("ChecksumAlgorithm", upload.checksum.algorithm),
    upload.checksum && element("ChecksumType", upload.checksum.type),
    ...shown.map(({ partNumber, lastModified, etag, body, checksum }) =>
      element(
        "Part",
        [
          element("PartNumber", String(partNumber)),
          element("LastModified", lastModified.toISOString()),
          element("ETag", `&quot;${etag}&quot;`),
          // What S3 computed unasked is not listed: https://github.com/versity/versitygw/issues/1547
          checksum && (upload.checksum !== undefined || checksum.algorithm !== DEFAULT_CHECKSUM)
            ? element(`Checksum${checksum.algorithm}`, checksum.value)
            : "",
          element("Size", String(body.bytes)),
        ].join(""),
      ),
    ),
  ];
  return { status: 200, body: xmlDocument("ListPartsResult", fields) };
}
