import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import type { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { policyDocument } from "@image-pipeline/iam-policy";
import { Construct } from "constructs";
import type { Environment } from "../../environments/environment";
import type { OriginalBucket } from "./original-bucket";
import { ServiceRole } from "./service-role";

export interface UploadTriggerProps {
  readonly accountId: string;
  readonly ruleName: string;
  readonly deadLetterQueueName: string;
  readonly originalBucket: OriginalBucket;
  readonly uploads: Environment["uploads"];
  readonly resizedBucket: S3Bucket;
  readonly stateMachine: SfnStateMachine;
}

// The longest that SQS keeps a message, so that a long weekend loses no upload.
const DEAD_LETTER_RETENTION_SECONDS = 1_209_600;

// The most that EventBridge offers: more uploads than StartExecution takes in a second wait for their turn, for a day.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
const RETRY_POLICY = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

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

    const access = new ServiceRole(this, "access", {
      roleName: props.ruleName,
      service: "events.amazonaws.com",
      sourceAccount: props.accountId,
      statements: [
        {
          Sid: "StartTheStateMachine",
          Effect: "Allow",
          Action: "states:StartExecution",
          Resource: props.stateMachine.arn,
        },
      ],
    });

    this.deadLetters = new SqsQueue(this, "dead-letters", {
      name: props.deadLetterQueueName,
      messageRetentionSeconds: DEAD_LETTER_RETENTION_SECONDS,
      sqsManagedSseEnabled: true,
    });

    new SqsQueuePolicy(this, "dead-letters-policy", {
      queueUrl: this.deadLetters.url,
      policy: policyDocument({
        Sid: "ReceiveFromTheRule",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: this.deadLetters.arn,
        Condition: { ArnEquals: { "aws:SourceArn": this.rule.arn } },
      }),
    });

    new CloudwatchEventTarget(this, "target", {
      rule: this.rule.name,
      targetId: "start-execution",
      arn: props.stateMachine.arn,
      roleArn: access.role.arn,
      inputTransformer: {
        inputPaths: { bucket: "$.detail.bucket.name", key: "$.detail.object.key" },
        // Outside quotes, so that EventBridge inserts each value as JSON, quoted and escaped.
        inputTemplate: `{"bucket": <bucket>, "fileName": <key>, "resizedBucket": "${props.resizedBucket.bucket}"}`,
      },
      retryPolicy: RETRY_POLICY,
      deadLetterConfig: { arn: this.deadLetters.arn },
      dependsOn: [access.policy],
    });
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
