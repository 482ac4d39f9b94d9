import { createHash } from "node:crypto";
import { AwsError } from "../aws-error";
import {
  checksumHeader,
  checksumOf,
  DEFAULT_CHECKSUM,
  joinedChecksum,
  requireChecksumValue,
  startChecksum,
} from "./checksums";
import { requireWriteConditions } from "./conditions";
import type { Handling } from "./handling";
import { uploadOf } from "./multipart-operations";
import { encryptionHeaders, versionHeader } from "./object-headers";
import { created } from "./object-operations";
import { readXml, textOf, type XmlNode } from "./read-xml";
import type { S3Answer } from "./s3-answer";
import { malformedXml } from "./s3-error";
import { Body } from "./store/body";
import type { Upload, UploadedPart } from "./store/upload";
import { CHECKSUM_ALGORITHMS, type Checksum, type ChecksumAlgorithm, type ObjectVersion } from "./store/version";
import { element, escapeXml, xmlDocument } from "./xml";

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
const MAX_PARTS = 10_000;
const MIN_PART_BYTES = 5 * 1024 ** 2;

interface ListedPart {
  readonly partNumber: number;
  readonly etag: string;
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>;
}

/** CompleteMultipartUpload. @throws AwsError MalformedXML, InvalidPart, InvalidPartOrder, EntityTooSmall, BadDigest */
export async function completeUpload(handling: Handling, payload: string): Promise<S3Answer> {
  const { headers, store, key, request } = handling;
  const listed = readList(payload);
  const uploadId = request.query.get("uploadId") ?? "";
  const repeated = handling.completed(uploadId);
  // SDKs repeat it after a time-out, and what was made once is not made again.
  if (repeated !== undefined) return completed(request.bucket ?? "", repeated, []);
  const upload = uploadOf(handling);
  requireWriteConditions(headers, key, store.find(key));
  const parts = listed.map((part, index) => matched(part, listed[index - 1], upload));
  for (const part of parts.slice(0, -1)) requireSize(part);
  const size = headers["x-amz-mp-object-size"]?.toString();
  const body = Body.concat(parts.map((part) => part.body));
  if (size !== undefined && Number(size) !== body.bytes)
    throw new AwsError(
      "InvalidRequest",
      400,
      "The provided 'x-amz-mp-object-size' header value does not match what was computed.",
    );
  const checksum = await wholeChecksum(upload, parts, body);
  requireChecksum(headers, checksum);
  const { uploadId: _id, key: _key, initiated: _initiated, parts: _parts, checksum: _checksum, ...properties } = upload;
  const version = store.complete(upload, {
    ...properties,
    body: body.retain(),
    etag: `${hashOfHashes(
      "md5",
      parts.map(({ etag }) => Buffer.from(etag, "hex")),
    ).toString("hex")}-${parts.length}`,
    parts: parts.map((part) => ({
      partNumber: part.partNumber,
      bytes: part.body.bytes,
      ...(part.checksum && { checksum: part.checksum }),
    })),
    checksum,
  });
  handling.complete(uploadId, version);
  return completed(request.bucket ?? "", version, [created(version, "CompleteMultipartUpload")]);
}

function completed(bucket: string, version: ObjectVersion, events: S3Answer["events"]): S3Answer {
  const { key, etag, checksum } = version;
  const fields = [
    element("Location", escapeXml(`http://${bucket}.s3.amazonaws.com/${encodeURIComponent(key)}`)),
    element("Bucket", escapeXml(bucket)),
    element("Key", escapeXml(key)),
    element("ETag", `&quot;${etag}&quot;`),
    checksum && element(`Checksum${checksum.algorithm}`, checksum.value),
    checksum && element("ChecksumType", checksum.type),
  ];
  return {
    status: 200,
    headers: { ...versionHeader(version.versionId), ...encryptionHeaders(version.encryption) },
    body: xmlDocument("CompleteMultipartUploadResult", fields),
    ...(events && { events }),
  };
}

function readList(text: string): readonly ListedPart[] {
  const { Part: parts = [] } = readXml(text, "CompleteMultipartUpload");
  if (parts.length === 0 || parts.length > MAX_PARTS) throw malformedXml();
  return parts.map(readPart);
}

function readPart(node: XmlNode): ListedPart {
  const [number, etag] = [textOf(node, "PartNumber"), textOf(node, "ETag")];
  if (number === undefined || !/^\s*\d{1,5}\s*$/.test(number) || etag === undefined || etag === "")
    throw malformedXml();
  const checksums = CHECKSUM_ALGORITHMS.flatMap((algorithm): [ChecksumAlgorithm, string][] => {
    const value = textOf(node, `Checksum${algorithm}`);
    return value === undefined ? [] : [[algorithm, value]];
  });
  return { partNumber: Number(number), etag: etag.trim().replaceAll('"', ""), checksums: new Map(checksums) };
}

function matched(listed: ListedPart, before: ListedPart | undefined, upload: Upload): UploadedPart {
  const { partNumber, etag, checksums } = listed;
  if (before !== undefined && partNumber <= before.partNumber)
    throw new AwsError(
      "InvalidPartOrder",
      400,
      "The list of parts was not in ascending order. The parts list must be specified in order by part number.",
    );
  const part = upload.parts.get(partNumber);
  const known = [...checksums].every(([algorithm, value]) => {
    return part?.checksum === undefined || part.checksum.algorithm !== algorithm || part.checksum.value === value;
  });
  const { algorithm, type } = upload.checksum ?? {};
  if (algorithm !== undefined && type === "COMPOSITE" && !checksums.has(algorithm))
    throw new AwsError(
      "InvalidRequest",
      400,
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
    );
  if (part !== undefined && part.etag === etag && known) return part;
  throw new AwsError(
    "InvalidPart",
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    {},
    { UploadId: upload.uploadId, PartNumber: String(partNumber), ETag: etag },
  );
}

function requireSize({ body, partNumber, etag }: UploadedPart): void {
  if (body.bytes >= MIN_PART_BYTES) return;
  throw new AwsError(
    "EntityTooSmall",
    400,
    "Your proposed upload is smaller than the minimum allowed size",
    {},
    {
      ProposedSize: String(body.bytes),
      MinSizeAllowed: String(MIN_PART_BYTES),
      PartNumber: String(partNumber),
      ETag: etag,
    },
  );
}

async function wholeChecksum(upload: Upload, parts: readonly UploadedPart[], body: Body): Promise<Checksum> {
  const { algorithm, type } = upload.checksum ?? { algorithm: DEFAULT_CHECKSUM, type: "FULL_OBJECT" };
  if (type === "FULL_OBJECT") {
    const checked = parts.map(({ body, checksum }) => ({ bytes: body.bytes, checksum }));
    return { algorithm, type, value: joinedChecksum(algorithm, checked) ?? (await checksumOf(body, algorithm)) };
  }
  const running = startChecksum(algorithm);
  for (const { checksum } of parts) running.update(Buffer.from(checksum?.value ?? "", "base64"));
  return { algorithm, type, value: `${running.digest()}-${parts.length}` };
}

/** What the request says the whole object is. @throws AwsError BadDigest, InvalidRequest */
function requireChecksum(headers: Handling["headers"], checksum: Checksum): void {
  const type = headers["x-amz-checksum-type"]?.toString();
  if (type !== undefined && type !== checksum.type)
    throw new AwsError(
      "InvalidRequest",
      400,
      `The upload was created using the ${checksum.type} checksum mode. The complete request must use the same checksum mode.`,
    );
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const declared = headers[checksumHeader(algorithm)]?.toString();
    if (declared === undefined || checksum.algorithm !== algorithm) continue;
    // One of parts may have how many there are behind it.
    requireChecksumValue(declared.replace(/-\d+$/, ""), algorithm);
    const [plain] = checksum.value.split("-");
    if (declared === checksum.value || (checksum.type === "COMPOSITE" && declared === plain)) continue;
    throw new AwsError(
      "BadDigest",
      400,
      `The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
    );
  }
}

function hashOfHashes(algorithm: string, hashes: readonly Buffer[]): Buffer {
  return createHash(algorithm).update(Buffer.concat(hashes)).digest();
}
