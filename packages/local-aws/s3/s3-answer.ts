import type { Body } from "./store/body";
import type { Version } from "./store/version";

/** What S3 answers. */
export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** XML, or the bytes of an object. */
  readonly body?: string | Body;
  /** Of an answer without a body, as to HEAD. */
  readonly contentLength?: number;
  readonly events?: readonly S3Change[];
}

/** What happened to an object, in the words of S3's events: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export type S3Change =
  | {
      readonly kind: "created";
      readonly version: Version;
      readonly reason: "PutObject" | "CopyObject" | "CompleteMultipartUpload";
    }
  | {
      readonly kind: "deleted";
      readonly version: Version;
      readonly deletionType: "Permanently Deleted" | "Delete Marker Created";
    };
