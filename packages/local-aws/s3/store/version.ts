import type { Body } from "./body";

/** The checksum algorithms of S3. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export const CHECKSUM_ALGORITHMS = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** Whether a checksum is about all bytes of an object or about the checksums of its parts. */
export const CHECKSUM_TYPES = ["FULL_OBJECT", "COMPOSITE"] as const;
export type ChecksumType = (typeof CHECKSUM_TYPES)[number];

/** A checksum that came with an object or a part, and was right. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  /** In Base64; behind a hyphen the number of parts where it is composite. */
  readonly value: string;
}

/** How an object is encrypted, as far as answers say it. */
export interface Encryption {
  readonly algorithm: "AES256" | "aws:kms";
  readonly keyArn?: string;
  /** Whether the key of the bucket was used that S3 makes of it. */
  readonly bucketKey?: boolean;
}

/** What an object is stored with, besides its bytes. */
export interface ObjectProperties {
  /** content-type and the other headers that S3 gives back as they came, by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** By names without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly encryption: Encryption;
}

/** A part that an object was uploaded in. */
export interface ObjectPart {
  readonly partNumber: number;
  readonly bytes: number;
  readonly checksum?: Checksum;
}

/** What becomes an object. */
export interface ObjectContent extends ObjectProperties {
  readonly body: Body;
  /** Without quotes. */
  readonly etag: string;
  readonly checksum?: Checksum;
  /** Of an object that was uploaded in parts. */
  readonly parts?: readonly ObjectPart[];
}

interface VersionIdentity {
  readonly key: string;
  /** `null` is the one version of an object without versioning. */
  readonly versionId: string;
  readonly lastModified: Date;
  /** Orders the events of a key: the later one is the greater, as text too. */
  readonly sequencer: string;
}

/** A version of an object. */
export interface ObjectVersion extends VersionIdentity, ObjectContent {
  readonly kind: "object";
}

/** A version that says the object is deleted. */
export interface DeleteMarker extends VersionIdentity {
  readonly kind: "marker";
}

export type Version = ObjectVersion | DeleteMarker;

/** The version id of what is written while a bucket has no versioning. */
export const NULL_VERSION = "null";

/** Whether a text could be the id of a version at all. */
export function isVersionId(text: string): boolean {
  return text === NULL_VERSION || /^[\w-]{32}$/.test(text);
}
