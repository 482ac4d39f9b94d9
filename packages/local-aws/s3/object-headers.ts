import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error";
import { checksumHeader } from "./checksums";
import type { Encryption, ObjectProperties, ObjectVersion } from "./store/version";

const DEFAULT_CONTENT_TYPE = "binary/octet-stream";
const METADATA = "x-amz-meta-";

/** The headers that S3 keeps with an object and gives back as they came. */
const KEPT = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
];

/** What a request says an object is to be stored with. */
export function propertiesOf(headers: IncomingHttpHeaders): ObjectProperties {
  const kept: Record<string, string> = { "content-type": DEFAULT_CONTENT_TYPE };
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    if (name.startsWith(METADATA)) metadata[name.slice(METADATA.length)] = value.toString();
    else if (KEPT.includes(name)) {
      const own = name === "content-encoding" ? withoutFrames(value.toString()) : value.toString();
      if (own !== "") kept[name] = own;
    }
  }
  return { headers: kept, metadata, encryption: encryptionOf(headers) };
}

/** `aws-chunked` is how the payload came, and not what the object is. */
function withoutFrames(encodings: string): string {
  const own = encodings.split(",").filter((encoding) => encoding.trim() !== "aws-chunked");
  return own.join(",").trim();
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingServerSideEncryption.html: SSE-S3 since January 2023 */
export function encryptionOf(headers: IncomingHttpHeaders): Encryption {
  const algorithm = headers["x-amz-server-side-encryption"]?.toString() ?? "AES256";
  if (algorithm === "AES256") return { algorithm };
  if (algorithm !== "aws:kms")
    throw new AwsError("InvalidArgument", 400, "The encryption method specified is not supported");
  const keyArn = headers["x-amz-server-side-encryption-aws-kms-key-id"]?.toString();
  return { algorithm, ...(keyArn !== undefined && { keyArn }) };
}

export function encryptionHeaders({ algorithm, keyArn }: Encryption): Record<string, string> {
  return {
    "x-amz-server-side-encryption": algorithm,
    ...(keyArn !== undefined && { "x-amz-server-side-encryption-aws-kms-key-id": keyArn }),
  };
}

/** What is said of a version when it was written. */
export function writtenHeaders({ etag, versionId, encryption, checksum }: ObjectVersion): Record<string, string> {
  return {
    etag: `"${etag}"`,
    ...versionHeader(versionId),
    ...encryptionHeaders(encryption),
    ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type }),
  };
}

/** What is said of a version when it is read, except of its body. */
export function readHeaders(version: ObjectVersion, withChecksum: boolean): Record<string, string> {
  const { etag, lastModified, headers, metadata, versionId, encryption, checksum } = version;
  return {
    ...headers,
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`${METADATA}${name}`, value])),
    etag: `"${etag}"`,
    "last-modified": lastModified.toUTCString(),
    "accept-ranges": "bytes",
    ...versionHeader(versionId),
    ...encryptionHeaders(encryption),
    ...(withChecksum &&
      checksum && { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type }),
  };
}

/** Buckets without versioning say nothing of the one version there is. */
export function versionHeader(versionId: string): Record<string, string> {
  return versionId === "null" ? {} : { "x-amz-version-id": versionId };
}
