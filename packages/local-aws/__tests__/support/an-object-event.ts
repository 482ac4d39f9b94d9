import { objectEvent } from "../../s3/object-event";
import type { S3Change } from "../../s3/s3-answer";
import { Body } from "../../s3/store/body";
import { Holding } from "../../s3/store/holding";

/** A key with all that is hard about keys. */
export const KEY = 'folder/a "quoted" été+1.jpg';

const bytes = Buffer.alloc(1234);
const OBJECT = {
  kind: "object",
  key: KEY,
  versionId: "v1",
  lastModified: new Date(0),
  sequencer: "00A",
  body: new Body([{ holding: new Holding(bytes, () => {}), from: 0, bytes: bytes.length }]),
  etag: "abc",
  headers: {},
  metadata: {},
  encryption: { algorithm: "AES256" },
} as const;

/** The event of an object that was put, or of another change. */
export function anObjectEvent(change: S3Change = { kind: "created", version: OBJECT, reason: "PutObject" }) {
  const bucket = {
    address: "aws_s3_bucket.b",
    name: "pictures",
    arn: "arn:aws:s3:::pictures",
    versioning: "Enabled",
    cors: [],
    sendsEvents: true,
    encryption: { algorithm: "AES256", bucketKey: false },
  } as const;
  return objectEvent({ bucket, change, requestId: "R" }, { region: "eu-central-1", accountId: "111111111111" });
}
