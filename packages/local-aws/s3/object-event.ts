import { randomUUID } from "node:crypto";
import type { JsonObject } from "../json";
import type { ObjectChanged } from "./s3-server";

/**
 * The event as S3 sends it to EventBridge. Keys are as they are, not URL-encoded.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function objectEvent(
  { bucket, change, requestId }: ObjectChanged,
  place: { readonly region: string; readonly accountId: string },
): JsonObject {
  const { version } = change;
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": change.kind === "created" ? "Object Created" : "Object Deleted",
    source: "aws.s3",
    account: place.accountId,
    time: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    region: place.region,
    resources: [bucket.arn],
    detail: {
      version: "0",
      bucket: { name: bucket.name },
      object: {
        key: version.key,
        ...(change.kind === "created" && version.kind === "object" && { size: version.body.bytes, etag: version.etag }),
        ...(version.versionId !== "null" && { "version-id": version.versionId }),
        sequencer: version.sequencer,
      },
      "request-id": requestId,
      requester: place.accountId,
      "source-ip-address": "127.0.0.1",
      reason: change.kind === "created" ? change.reason : "DeleteObject",
      ...(change.kind === "deleted" && { "deletion-type": change.deletionType }),
    },
  };
}
