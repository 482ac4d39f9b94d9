import { UnsupportedError } from "../unsupported-error";
import type { Block } from "./block";
import {
  readCorsRules,
  readEncryption,
  readOpenBuckets,
  readVersioning,
  refusePublicPolicy,
  SSE_S3,
} from "./bucket-settings";
import { ResourcePolicies } from "./resource-policies";
import type { Resources } from "./resources";
import type { Bucket, Queue } from "./stack-model";

/**
 * The buckets with their policies and whether they send events. One that the stack only looks up is taken to be there, as
 * `npm run preflight` asks of it: with versions, and sending events.
 */
export function readBuckets(resources: Resources): readonly Bucket[] {
  const policies = new ResourcePolicies(resources, "aws_s3_bucket_policy", "bucket");
  const open = readOpenBuckets(resources);
  const versioning = readVersioning(resources);
  const cors = readCorsRules(resources);
  const encryption = readEncryption(resources);
  const sending = new Set(
    resources.ofType("aws_s3_bucket_notification").map((block) => {
      if (block.optionalBoolean("eventbridge") !== true) {
        throw new UnsupportedError(
          block.address,
          "expected eventbridge = true, the only notification the local runner sends",
        );
      }
      const bucket = block.string("bucket");
      block.end();
      return bucket;
    }),
  );
  const buckets = resources.ofType("aws_s3_bucket").map((block): Bucket => {
    const name = block.string("bucket");
    // Only `terraform destroy` asks for it.
    block.withoutLocalMeaning("force_destroy");
    block.end();
    const arn = `arn:aws:s3:::${name}`;
    const policy = policies.take(name, arn, "s3");
    if (policy && !open.has(name)) refusePublicPolicy(policy);
    const settings = {
      versioning: versioning.get(name),
      cors: cors.get(name) ?? [],
      sendsEvents: sending.has(name),
      encryption: encryption.get(name) ?? SSE_S3,
    };
    return { address: block.address, name, arn, ...(policy && { policy }), ...settings };
  });
  policies.refuseRest();
  return [...buckets, ...resources.ofType("data.aws_s3_bucket").map(lookedUp)];
}

function lookedUp(block: Block): Bucket {
  const name = block.string("bucket");
  block.end();
  const settings = { versioning: "Enabled", cors: [], sendsEvents: true, encryption: SSE_S3 } as const;
  return { address: block.address, name, arn: `arn:aws:s3:::${name}`, ...settings };
}

/** The queues with their policies. */
export function readQueues(resources: Resources): readonly Queue[] {
  const policies = new ResourcePolicies(resources, "aws_sqs_queue_policy", "queue_url");
  const queues = resources.ofType("aws_sqs_queue").map((block): Queue => {
    const name = block.string("name");
    // Messages are in memory, and gone when the runner stops.
    block.withoutLocalMeaning("message_retention_seconds", "sqs_managed_sse_enabled");
    block.end();
    const arn = String(resources.lookup(`${block.address}.arn`, block.address));
    const policy = policies.take(String(resources.lookup(`${block.address}.url`, block.address)), arn, "sqs");
    return { address: block.address, name, arn, ...(policy && { policy }) };
  });
  policies.refuseRest();
  return queues;
}
