import { createHash } from "node:crypto";
import { AwsError } from "../aws-error";
import { checksumAlgorithm, checksumOf, DEFAULT_CHECKSUM } from "./checksums";
import {
  COPY_SOURCE,
  preconditionFailed,
  readConditions,
  requireDeleteCondition,
  requireWriteConditions,
} from "./conditions";
import { type Handling, requireVersionId } from "./handling";
import { encryptionHeaders, etagOf, propertiesOf, readHeaders, versionHeader, writtenHeaders } from "./object-headers";
import type { Payload } from "./payload";
import { type ByteRange, contentRange, parseRange } from "./range";
import { responseHeaders } from "./response-headers";
import type { S3Answer, S3Change } from "./s3-answer";
import { invalidArgument } from "./s3-error";
import type { Body } from "./store/body";
import type { Deletion } from "./store/bucket-store";
import type { Checksum, ObjectVersion } from "./store/version";
import { element, xmlDocument } from "./xml";

/** GetObject and HeadObject. @throws AwsError NoSuchKey, NoSuchVersion, PreconditionFailed, InvalidRange, InvalidPartNumber */
export function readObject(handling: Handling): S3Answer {
  const { headers, request } = handling;
  const version = handling.source();
  const verdict = readConditions(headers, "", version);
  if (verdict.kind === "failed") throw preconditionFailed(verdict.condition);
  const part = request.query.get("partNumber");
  const asked = wantsChecksum(handling) ? shownChecksum(version, part) : undefined;
  const said = { ...readHeaders(version, asked), ...responseHeaders(request.query) };
  // Clients that check the checksum of what they get would check nothing at all.
  if (verdict.kind === "not modified") return { status: 304, headers: withoutChecksums(said) };
  const { bytes } = version.body;
  const partRange = part === null ? undefined : rangeOfPart(version, part);
  const range = partRange ?? (headers.range === undefined ? undefined : parseRange(headers.range, bytes));
  const extra: Record<string, string> = {};
  if (range !== undefined) extra["content-range"] = contentRange(range, bytes);
  if (part !== null && version.parts !== undefined) extra["x-amz-mp-parts-count"] = String(version.parts.length);
  // A checksum of the whole says nothing of a range of it.
  const whole = range === undefined || range.to - range.from === bytes;
  const shown = whole || part !== null ? said : withoutChecksums(said);
  const body = range === undefined ? version.body : version.body.slice(range.from, range.to);
  const status = range === undefined ? 200 : 206;
  if (request.operation === "HeadObject") return { status, headers: { ...shown, ...extra }, contentLength: body.bytes };
  return { status, headers: { ...shown, ...extra }, body };
}

export const wantsChecksum = ({ headers }: Handling): boolean =>
  headers["x-amz-checksum-mode"]?.toString().toUpperCase() === "ENABLED";

/**
 * A part has a checksum where that of the whole is made of them.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
function shownChecksum({ parts, checksum }: ObjectVersion, part: string | null): Checksum | undefined {
  if (part === null || parts === undefined || checksum === undefined) return checksum;
  const own = checksum.type === "COMPOSITE" ? parts[Number(part) - 1]?.checksum : undefined;
  return own && { ...own, type: "COMPOSITE" };
}

/** An object that was uploaded whole is its own only part. */
function rangeOfPart({ parts, body }: ObjectVersion, part: string): ByteRange | undefined {
  const number = Number(part);
  if (!/^\d{1,5}$/.test(part) || number < 1 || number > 10_000)
    throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", part);
  const all = parts ?? [{ partNumber: 1, bytes: body.bytes }];
  const found = all.findIndex((_, index) => index + 1 === number);
  if (found < 0) throw new AwsError("InvalidPartNumber", 416, "The requested partnumber is not satisfiable");
  const from = all.slice(0, found).reduce((sum, { bytes }) => sum + bytes, 0);
  const to = from + (all[found]?.bytes ?? 0);
  return from === to ? undefined : { from, to };
}

function withoutChecksums(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("x-amz-checksum-")));
}

/** PutObject. @throws AwsError PreconditionFailed */
export function putObject({ headers, store, key, byDefault }: Handling, payload: Payload): S3Answer {
  requireWriteConditions(headers, key, store.find(key));
  const { body, md5, checksum } = payload;
  const properties = propertiesOf(headers, byDefault);
  const version = store.put(key, {
    ...properties,
    body,
    etag: etagOf(md5, properties.encryption),
    ...(checksum && { checksum: { ...checksum, type: "FULL_OBJECT" as const } }),
  });
  return { status: 200, headers: writtenHeaders(version), events: [created(version, "PutObject")] };
}

/** CopyObject. @throws AwsError PreconditionFailed, InvalidArgument, InvalidRequest */
export async function copyObject(handling: Handling): Promise<S3Answer> {
  const { headers, store, key, request, byDefault } = handling;
  const source = handling.source();
  const verdict = readConditions(headers, COPY_SOURCE, source);
  if (verdict.kind !== "holds") throw preconditionFailed(verdict.condition);
  const directive = headers["x-amz-metadata-directive"] ?? "COPY";
  if (directive !== "COPY" && directive !== "REPLACE")
    throw new AwsError("InvalidArgument", 400, "Unknown metadata directive.");
  refuseIdleCopy(handling, directive);
  requireWriteConditions(headers, key, store.find(key));
  const { encryption, ...own } = propertiesOf(headers, byDefault);
  const properties = directive === "REPLACE" ? own : { headers: source.headers, metadata: source.metadata };
  const checksum = await checksumOfCopy(source, headers["x-amz-checksum-algorithm"]?.toString());
  const version = store.put(key, {
    ...properties,
    encryption,
    body: source.body.retain(),
    etag: etagOf(await md5OfCopy(source), encryption),
    checksum,
  });
  const said = { ...versionHeader(version.versionId), ...encryptionHeaders(version.encryption) };
  const { versionId: sourceId } = request.source ?? {};
  const from = sourceId === undefined ? {} : { "x-amz-copy-source-version-id": sourceId };
  const fields = [
    element("LastModified", version.lastModified.toISOString()),
    element("ETag", `&quot;${version.etag}&quot;`),
    element("ChecksumType", checksum.type),
    element(`Checksum${checksum.algorithm}`, checksum.value),
  ];
  return {
    status: 200,
    headers: { ...said, ...from },
    body: xmlDocument("CopyObjectResult", fields),
    events: [created(version, "CopyObject")],
  };
}

function refuseIdleCopy({ headers, request }: Handling, directive: string): void {
  const { source, bucket, key } = request;
  const ontoItself = source?.bucket === bucket && source?.key === key && source?.versionId === undefined;
  const changes = headers["x-amz-storage-class"] ?? headers["x-amz-server-side-encryption"];
  if (!ontoItself || directive === "REPLACE" || changes !== undefined) return;
  throw new AwsError(
    "InvalidRequest",
    400,
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

async function checksumOfCopy(source: ObjectVersion, asked: string | undefined): Promise<Checksum> {
  const own = source.checksum?.algorithm ?? DEFAULT_CHECKSUM;
  const algorithm = asked === undefined ? own : checksumAlgorithm(asked);
  if (source.checksum?.algorithm === algorithm && source.checksum.type === "FULL_OBJECT") return source.checksum;
  return { algorithm, type: "FULL_OBJECT", value: await checksumOf(source.body, algorithm) };
}

/** An object in parts becomes one that was never in any. */
async function md5OfCopy({ parts, etag, body, encryption }: ObjectVersion): Promise<string> {
  return parts === undefined && encryption.algorithm === "AES256" ? etag : md5Of(body);
}

async function md5Of(body: Body): Promise<string> {
  const hash = createHash("md5");
  for await (const piece of body.chunks()) hash.update(piece);
  return hash.digest("hex");
}

/** DeleteObject. */
export function deleteObject({ headers, store, key, request }: Handling): S3Answer {
  const versionId = request.query.get("versionId") ?? undefined;
  if (versionId !== undefined) requireVersionId(versionId);
  requireDeleteCondition(headers["if-match"]?.toString(), key, store.find(key, versionId));
  const deletion = versionId === undefined ? store.delete(key) : store.deleteVersion(key, versionId);
  return { status: 204, headers: deletionHeaders(deletion), events: deletionEvents(deletion) };
}

/** What is said of a deletion: the marker it put, or that a marker was what it took away. */
export function deletionHeaders(deletion: Deletion): Record<string, string> {
  if (deletion.kind === "nothing") return {};
  const { version } = deletion;
  return { ...versionHeader(version.versionId), ...(version.kind === "marker" && { "x-amz-delete-marker": "true" }) };
}

export function deletionEvents(deletion: Deletion): readonly S3Change[] {
  if (deletion.kind === "nothing") return [];
  const deletionType = deletion.kind === "marked" ? "Delete Marker Created" : "Permanently Deleted";
  return [{ kind: "deleted", version: deletion.version, deletionType }];
}

export function created(version: ObjectVersion, reason: Extract<S3Change, { kind: "created" }>["reason"]): S3Change {
  return { kind: "created", version, reason };
}
