import type { Body } from "./body";
import type { Checksum, ChecksumAlgorithm, ChecksumType, ObjectProperties } from "./version";

/** A part as it was uploaded. */
export interface UploadedPart {
  readonly partNumber: number;
  readonly body: Body;
  /** Without quotes. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly checksum?: Checksum;
}

/** A multipart upload that was started and neither completed nor aborted. */
export interface Upload extends ObjectProperties {
  readonly uploadId: string;
  readonly key: string;
  readonly initiated: Date;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType };
  /** By number. */
  readonly parts: ReadonlyMap<number, UploadedPart>;
}
