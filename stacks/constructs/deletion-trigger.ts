import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import type { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Construct } from "constructs";
import { executionTarget } from "./execution-target";
import type { OriginalBucket } from "./original-bucket";

export interface DeletionTriggerProps {
  readonly accountId: string;
  readonly ruleName: string;
  readonly deadLetterQueueName: string;
  readonly originalBucket: OriginalBucket;
  readonly resizedBucket: S3Bucket;
  readonly stateMachine: SfnStateMachine;
}

/**
 * Starts an execution for each object of the original bucket that a delete marker was put on, by whoever or by a lifecycle
 * rule. A version that is deleted for good says nothing of the key: the bucket's own lifecycle deletes old ones of pictures
 * that are there. Whichever keys start an execution when they are uploaded, the API and backfills make renditions of the
 * others, too, so any key's are deleted but those of folder markers.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export class DeletionTrigger extends Construct {
  readonly rule: CloudwatchEventRule;
  readonly deadLetters: SqsQueue;

  constructor(scope: Construct, id: string, props: DeletionTriggerProps) {
    super(scope, id);

    this.rule = new CloudwatchEventRule(this, "rule", {
      name: props.ruleName,
      description: "A delete marker was put on an object of the original bucket",
      eventPattern: JSON.stringify({
        source: ["aws.s3"],
        "detail-type": ["Object Deleted"],
        detail: {
          bucket: { name: [props.originalBucket.bucket] },
          object: { key: [{ "anything-but": { suffix: "/" } }] },
          "deletion-type": ["Delete Marker Created"],
        },
      }),
    });

    this.deadLetters = executionTarget(this, { ...props, rule: this.rule, event: "deleted" });
  }
}
