import { parsePolicy } from "../iam/policy-document";
import type { Resources } from "./resources";
import type { Bucket, Queue } from "./stack-model";
import { UnsupportedError } from "./unsupported-error";

/** The buckets with their policies and whether they send events. */
export function readBuckets(resources: Resources): readonly Bucket[] {
  const policies = new Map(
    resources.ofType("aws_s3_bucket_policy").map((block) => {
      const bucket = block.string("bucket");
      const policy = parsePolicy(block.jsonText("policy"), block.address, "resource");
      block.end();
      return [bucket, policy] as const;
    }),
  );
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
  return resources.ofType("aws_s3_bucket").map((block) => {
    const name = block.string("bucket");
    // Only `terraform destroy` asks for it.
    block.withoutLocalMeaning("force_destroy");
    block.end();
    const policy = policies.get(name);
    return {
      address: block.address,
      name,
      arn: `arn:aws:s3:::${name}`,
      ...(policy && { policy }),
      sendsEvents: sending.has(name),
    };
  });
}

/** The queues with their policies. */
export function readQueues(resources: Resources): readonly Queue[] {
  const policies = new Map(
    resources.ofType("aws_sqs_queue_policy").map((block) => {
      const url = block.string("queue_url");
      const policy = parsePolicy(block.jsonText("policy"), block.address, "resource");
      block.end();
      return [url, policy] as const;
    }),
  );
  return resources.ofType("aws_sqs_queue").map((block) => {
    const name = block.string("name");
    // Nobody receives from a queue here: it is where undelivered events are counted and shown.
    block.withoutLocalMeaning("message_retention_seconds", "sqs_managed_sse_enabled", "kms_master_key_id");
    block.end();
    const policy = policies.get(String(resources.lookup(`${block.address}.url`, block.address)));
    return {
      address: block.address,
      name,
      arn: String(resources.lookup(`${block.address}.arn`, block.address)),
      ...(policy && { policy }),
    };
  });
}
