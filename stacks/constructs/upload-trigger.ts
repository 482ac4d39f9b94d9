import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import type { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Construct } from "constructs";
import type { Environment } from "../../environments/environment";
import { executionTarget } from "./execution-target";
import type { OriginalBucket } from "./original-bucket";

export interface UploadTriggerProps {
  readonly accountId: string;
  readonly ruleName: string;
  readonly deadLetterQueueName: string;
  readonly originalBucket: OriginalBucket;
  readonly uploads: Environment["uploads"];
  readonly resizedBucket: S3Bucket;
  readonly stateMachine: SfnStateMachine;
}

/**
 * Starts an execution, in the explicit request form, for each object that is uploaded to the original bucket: not for the
 * markers that consoles and sync tools put there as folders, and not for empty objects, in which no picture is.
 */
export class UploadTrigger extends Construct {
  readonly rule: CloudwatchEventRule;
  readonly deadLetters: SqsQueue;

  constructor(scope: Construct, id: string, props: UploadTriggerProps) {
    super(scope, id);

    // All notifications of a bucket are one resource, which takes away what others have set: of a bucket that was there
    // already its owner turns EventBridge on, see docs/buckets.md.
    if (props.originalBucket instanceof S3Bucket) {
      new S3BucketNotification(this, "notification", { bucket: props.originalBucket.id, eventbridge: true });
    }

    this.rule = new CloudwatchEventRule(this, "rule", {
      name: props.ruleName,
      description: "An object was uploaded to the original bucket",
      eventPattern: JSON.stringify({
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: {
          bucket: { name: [props.originalBucket.bucket] },
          object: { key: keysOf(props.uploads), size: [{ numeric: [">", 0] }] },
        },
      }),
    });

    this.deadLetters = executionTarget(this, { ...props, rule: this.rule, event: "uploaded" });
  }
}

/**
 * Keys of which an upload starts an execution. A prefix leaves markers of folders to the size, for EventBridge takes no second
 * condition on one field.
 */
function keysOf({ prefixes, suffixes }: Environment["uploads"]): readonly object[] {
  if (prefixes) return prefixes.map((prefix) => ({ prefix }));
  if (suffixes) return suffixes.map((suffix) => ({ suffix: { "equals-ignore-case": suffix } }));
  return [{ "anything-but": { suffix: "/" } }];
}
