import { createHash } from "node:crypto";
import { AwsError } from "../aws-error";
import { checksumAlgorithm, checksumHeader, DEFAULT_CHECKSUM, startChecksum } from "./checksums";
import { COPY_SOURCE, preconditionFailed, readConditions } from "./conditions";
import type { Handling } from "./handling";
import { encryptionHeaders, etagOf, propertiesOf } from "./object-headers";
import type { Payload } from "./payload";
import type { S3Answer } from "./s3-answer";
import type { Body } from "./store/body";
import type { Upload, UploadedPart } from "./store/upload";
import { CHECKSUM_TYPES, type ChecksumAlgorithm, type ObjectVersion } from "./store/version";
import { element, escapeXml, xmlDocument } from "./xml";

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
const MAX_PARTS = 10_000;

/** CreateMultipartUpload. @throws AwsError InvalidRequest */
export function createUpload({ headers, store, key, request, byDefault }: Handling): S3Answer {
  const checksum = checksumOfUpload(
    headers["x-amz-checksum-algorithm"]?.toString(),
    headers["x-amz-checksum-type"]?.toString(),
  );
  const { encryption, ...properties } = propertiesOf(headers, byDefault);
  const upload = store.createUpload({ key, ...properties, encryption, ...(checksum && { checksum }) });
  const fields = [
    element("Bucket", escapeXml(request.bucket ?? "")),
    element("Key", escapeXml(key)),
    element("UploadId", upload.uploadId),
  ];
  const said = checksum && {
    "x-amz-checksum-algorithm": checksum.algorithm,
    "x-amz-checksum-type": checksum.type,
  };
  return {
    status: 200,
    headers: { ...encryptionHeaders(encryption), ...said },
    body: xmlDocument("InitiateMultipartUploadResult", fields),
  };
}

/** Which types of checksum go with which algorithms: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
function checksumOfUpload(algorithm: string | undefined, type: string | undefined): Upload["checksum"] {
  if (algorithm === undefined) {
    if (type === undefined) return undefined;
    throw new AwsError(
      "InvalidRequest",
      400,
      "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
    );
  }
  const known = checksumAlgorithm(algorithm);
  const chosen = CHECKSUM_TYPES.find((each) => each === type?.toUpperCase());
  if (type !== undefined && chosen === undefined)
    throw new AwsError("InvalidRequest", 400, `Value for x-amz-checksum-type header is invalid.`);
  const whole = known === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE";
  const refused = known === "CRC64NVME" ? chosen === "COMPOSITE" : known.startsWith("SHA") && chosen === "FULL_OBJECT";
  if (refused)
    throw new AwsError(
      "InvalidRequest",
      400,
      `The ${chosen} checksum type cannot be used with the ${known.toLowerCase()} checksum algorithm.`,
    );
  return { algorithm: known, type: chosen ?? whole };
}

/** The upload that a request names. @throws AwsError NoSuchUpload, which does not tell another object's upload from none */
export function uploadOf({ store, key, request }: Handling): Upload {
  const uploadId = request.query.get("uploadId") ?? "";
  const upload = store.upload(uploadId, key);
  if (upload !== undefined) return upload;
  throw new AwsError(
    "NoSuchUpload",
    404,
    "The specified multipart upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    {},
    { UploadId: uploadId },
  );
}

/** @throws AwsError InvalidArgument unless it is one of 1 to 10,000 */
export function partNumberOf({ request }: Handling): number {
  const text = request.query.get("partNumber") ?? "";
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_PARTS) return Number(text);
  throw new AwsError("InvalidArgument", 400, "Part number must be an integer between 1 and 10000, inclusive");
}

/**
 * What S3 computes of a part that comes without a checksum: undefined where the whole is a checksum of those that came.
 * https://github.com/versity/versitygw/issues/1342
 */
export function checksumOfPart({ checksum }: Upload): ChecksumAlgorithm | undefined {
  return checksum?.type === "COMPOSITE" ? undefined : (checksum?.algorithm ?? DEFAULT_CHECKSUM);
}

/** UploadPart. @throws AwsError InvalidRequest for a checksum of another algorithm than the upload's, or none where the whole is made of them */
export function uploadPart(handling: Handling, payload: Payload): S3Answer {
  const upload = uploadOf(handling);
  const { body, md5, checksum } = payload;
  const own = upload.checksum?.algorithm;
  if (own !== undefined && checksum?.algorithm !== own) {
    throw new AwsError(
      "InvalidRequest",
      400,
      `Checksum Type mismatch occurred, expected checksum Type: ${own.toLowerCase()}, actual checksum Type: ${checksum?.algorithm.toLowerCase() ?? null}`,
    );
  }
  const etag = etagOf(md5, upload.encryption);
  handling.store.putPart(upload.uploadId, partOf(partNumberOf(handling), body, etag, checksum, upload));
  const said = checksum && { [checksumHeader(checksum.algorithm)]: checksum.value };
  return { status: 200, headers: { etag: `"${etag}"`, ...encryptionHeaders(upload.encryption), ...said } };
}

/** UploadPartCopy. @throws AwsError PreconditionFailed, InvalidArgument */
export async function copyPart(handling: Handling): Promise<S3Answer> {
  const { headers, store, request } = handling;
  const upload = uploadOf(handling);
  const partNumber = partNumberOf(handling);
  const source = handling.source();
  const verdict = readConditions(headers, COPY_SOURCE, source);
  if (verdict.kind !== "holds") throw preconditionFailed(verdict.condition);
  const body = copiedRange(headers["x-amz-copy-source-range"]?.toString(), source);
  const md5 = createHash("md5");
  const algorithm = upload.checksum?.algorithm ?? DEFAULT_CHECKSUM;
  const running = startChecksum(algorithm);
  for await (const piece of body.chunks()) {
    md5.update(piece);
    running.update(piece);
  }
  const etag = etagOf(md5.digest("hex"), upload.encryption);
  const checksum = { algorithm, value: running.digest() };
  const part = partOf(partNumber, body.retain(), etag, checksum, upload);
  store.putPart(upload.uploadId, part);
  const fields = [
    element("LastModified", part.lastModified.toISOString()),
    element("ETag", `&quot;${etag}&quot;`),
    upload.checksum && element(`Checksum${algorithm}`, checksum.value),
  ];
  const { versionId } = request.source ?? {};
  const from = versionId === undefined ? {} : { "x-amz-copy-source-version-id": versionId };
  return {
    status: 200,
    headers: { ...encryptionHeaders(upload.encryption), ...from },
    body: xmlDocument("CopyPartResult", fields),
  };
}

function copiedRange(range: string | undefined, { body }: ObjectVersion): Body {
  if (range === undefined) return body.slice(0, body.bytes);
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (first === undefined || Number(last) < Number(first)) {
    const message =
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy";
    throw new AwsError("InvalidArgument", 400, message);
  }
  if (Number(last) >= body.bytes) {
    const message = `Range specified is not valid for source object of size: ${body.bytes}`;
    throw new AwsError("InvalidArgument", 400, message);
  }
  return body.slice(Number(first), Number(last) + 1);
}

function partOf(
  partNumber: number,
  body: Body,
  etag: string,
  checksum: Payload["checksum"],
  upload: Upload,
): UploadedPart {
  const type = upload.checksum?.type ?? "COMPOSITE";
  return { partNumber, body, etag, lastModified: new Date(), ...(checksum && { checksum: { ...checksum, type } }) };
}

/** AbortMultipartUpload. @throws AwsError NoSuchUpload */
export function abortUpload(handling: Handling): S3Answer {
  handling.store.abort(uploadOf(handling).uploadId);
  return { status: 204 };
}
