import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error";
import { invalidArgument, notServed } from "./s3-error";
import type { S3OperationName } from "./s3-operation";

/** Headers that ask S3 for something that is not here, and that would otherwise be passed over in silence. */
const UNSERVED =
  /^x-amz-(server-side-encryption-(customer-.*|context|bucket-key-enabled)|copy-source-server-side-encryption-.*|tagging|tagging-directive|grant-.*|object-lock-.*|bypass-governance-retention|mfa|website-redirect-location|write-offset-bytes|if-match-.*)$/;
const UNSERVED_UNLESS: Readonly<Record<string, string>> = { "x-amz-storage-class": "STANDARD" };
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
const STORAGE_CLASSES =
  /^(STANDARD|REDUCED_REDUNDANCY|STANDARD_IA|ONEZONE_IA|INTELLIGENT_TIERING|GLACIER|DEEP_ARCHIVE|OUTPOSTS|GLACIER_IR|SNOW|EXPRESS_ONEZONE|FSX_OPENZFS|FSX_ONTAP)$/;
/** What says how an object is encrypted; S3 takes it of nothing else, parts of an upload included. */
const ENCRYPTING: ReadonlySet<S3OperationName> = new Set(["PutObject", "CopyObject", "CreateMultipartUpload"]);
const ENCRYPTION = "x-amz-server-side-encryption";
const OWNERS = ["x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"];

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html: "2 KB", counted as "the sum of the number of bytes in the UTF-8 encoding of each key and value"
const MAX_METADATA_BYTES = 2048;
const METADATA = "x-amz-meta-";

/**
 * Refuses what the headers ask for and would not get.
 * @throws AwsError NotImplemented, InvalidArgument, InvalidStorageClass, MetadataTooLarge, AccessDenied, AccessControlListNotSupported
 */
export function refuseUnservedHeaders(
  headers: IncomingHttpHeaders,
  accountId: string,
  operation: S3OperationName,
): void {
  let metadataBytes = 0;
  for (const [name, value = ""] of Object.entries(headers)) {
    const only = UNSERVED_UNLESS[name];
    if (UNSERVED.test(name)) throw notServed(`the header ${name}`);
    if (name === ENCRYPTION && !ENCRYPTING.has(operation))
      throw invalidArgument(`${name} header is not supported for this operation.`, name, `${value}`);
    // The buckets of the stack have their owner enforced: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
    if (name === "x-amz-acl" && value !== "bucket-owner-full-control")
      throw new AwsError("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");
    if (name === "x-amz-storage-class" && !STORAGE_CLASSES.test(`${value}`))
      throw new AwsError("InvalidStorageClass", 400, "The storage class you specified is not valid");
    if (only !== undefined && value !== only) throw notServed(`the header ${name}: ${value}`);
    if (OWNERS.includes(name) && value !== accountId) throw new AwsError("AccessDenied", 403, "Access Denied");
    if (name.startsWith(METADATA))
      metadataBytes += Buffer.byteLength(name) - METADATA.length + Buffer.byteLength(`${value}`);
  }
  if (metadataBytes > MAX_METADATA_BYTES) {
    throw new AwsError("MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size");
  }
}
