import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { BucketEncryption } from "../stack/stack-model";
import { checksumHeader } from "./checksums";
import { invalidArgument } from "./s3-error";
import type { Checksum, Encryption, ObjectProperties, ObjectVersion } from "./store/version";

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

/** What a request says an object is to be stored with. @param byDefault how its bucket encrypts */
export function propertiesOf(headers: IncomingHttpHeaders, byDefault: BucketEncryption): ObjectProperties {
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
  return { headers: kept, metadata, encryption: encryptionOf(headers, byDefault) };
}

/** `aws-chunked` is how the payload came, and not what the object is. */
function withoutFrames(encodings: string): string {
  const own = encodings.split(",").filter((encoding) => encoding.trim() !== "aws-chunked");
  return own.join(",").trim();
}

/**
 * How an object is encrypted: as the request says, or as its bucket does. A key of the bucket's own is made for any key of KMS.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-bucket-key-object.html
 */
export function encryptionOf(headers: IncomingHttpHeaders, byDefault: BucketEncryption): Encryption {
  const asked = headers["x-amz-server-side-encryption"]?.toString();
  const named = headers["x-amz-server-side-encryption-aws-kms-key-id"]?.toString();
  if (named !== undefined && asked !== "aws:kms") {
    const what = "requires HTTP header x-amz-server-side-encryption : aws:kms";
    throw invalidArgument(
      `Server Side Encryption with AWS KMS managed key ${what}`,
      "x-amz-server-side-encryption",
      asked ?? "null",
    );
  }
  const algorithm = asked ?? byDefault.algorithm;
  if (algorithm === "AES256") return { algorithm };
  if (algorithm !== "aws:kms")
    throw invalidArgument(
      "The encryption method specified is not supported",
      "x-amz-server-side-encryption",
      algorithm,
    );
  const keyArn = asked === undefined ? byDefault.keyArn : named;
  return { algorithm, ...(keyArn !== undefined && { keyArn }), ...(byDefault.bucketKey && { bucketKey: true }) };
}

export function encryptionHeaders({ algorithm, keyArn, bucketKey }: Encryption): Record<string, string> {
  return {
    "x-amz-server-side-encryption": algorithm,
    ...(keyArn !== undefined && { "x-amz-server-side-encryption-aws-kms-key-id": keyArn }),
    ...(bucketKey && { "x-amz-server-side-encryption-bucket-key-enabled": "true" }),
  };
}

/** Of an object under a key of KMS it is no digest of the bytes. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html */
export function etagOf(md5: string, { algorithm }: Encryption): string {
  return algorithm === "aws:kms" ? randomBytes(MD5_BYTES).toString("hex") : md5;
}

const MD5_BYTES = 16;

/** What is said of a version when it was written. */
export function writtenHeaders({ etag, versionId, encryption, checksum }: ObjectVersion): Record<string, string> {
  return {
    etag: `"${etag}"`,
    ...versionHeader(versionId),
    ...encryptionHeaders(encryption),
    ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type }),
  };
}

/** What is said of a version when it is read, except of its body. @param checksum if it is asked for */
export function readHeaders(version: ObjectVersion, checksum: Checksum | undefined): Record<string, string> {
  const { etag, lastModified, headers, metadata, versionId, encryption } = version;
  return {
    ...headers,
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`${METADATA}${name}`, value])),
    etag: `"${etag}"`,
    "last-modified": lastModified.toUTCString(),
    "accept-ranges": "bytes",
    ...versionHeader(versionId),
    ...encryptionHeaders(encryption),
    ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type }),
  };
}

/** Buckets without versioning say nothing of the one version there is. */
export function versionHeader(versionId: string): Record<string, string> {
  return versionId === "null" ? {} : { "x-amz-version-id": versionId };
}
