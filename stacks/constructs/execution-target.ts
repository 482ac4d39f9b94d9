import type { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import type { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { policyDocument } from "@image-pipeline/iam-policy";
import type { Construct } from "constructs";
import { ServiceRole } from "./service-role";

export interface ExecutionTargetProps {
  readonly accountId: string;
  readonly rule: CloudwatchEventRule;
  /** Name of the rule and of its role. */
  readonly ruleName: string;
  readonly deadLetterQueueName: string;
  readonly resizedBucket: S3Bucket;
  readonly stateMachine: SfnStateMachine;
  /** What has happened to the object. */
  readonly event: "uploaded" | "deleted";
}

// The longest that SQS keeps a message, so that a long weekend loses no event.
const DEAD_LETTER_RETENTION_SECONDS = 1_209_600;

// The most that EventBridge offers: more events than StartExecution takes in a second wait for their turn, for a day.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
const RETRY_POLICY = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

/**
 * Makes in `scope` what starts an execution, in the explicit request form, for each of S3's events that a rule wants: the
 * rule's target with a role of its own. Gives the queue of those that could not be started.
 */
export function executionTarget(scope: Construct, { rule, stateMachine, ...props }: ExecutionTargetProps): SqsQueue {
  const access = new ServiceRole(scope, "access", {
    roleName: props.ruleName,
    service: "events.amazonaws.com",
    sourceAccount: props.accountId,
    statements: [
      {
        Sid: "StartTheStateMachine",
        Effect: "Allow",
        Action: "states:StartExecution",
        Resource: stateMachine.arn,
      },
    ],
  });

  const deadLetters = new SqsQueue(scope, "dead-letters", {
    name: props.deadLetterQueueName,
    messageRetentionSeconds: DEAD_LETTER_RETENTION_SECONDS,
    sqsManagedSseEnabled: true,
  });

  new SqsQueuePolicy(scope, "dead-letters-policy", {
    queueUrl: deadLetters.url,
    policy: policyDocument({
      Sid: "ReceiveFromTheRule",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: deadLetters.arn,
      Condition: { ArnEquals: { "aws:SourceArn": rule.arn } },
    }),
  });

  new CloudwatchEventTarget(scope, "target", {
    rule: rule.name,
    targetId: "start-execution",
    arn: stateMachine.arn,
    roleArn: access.role.arn,
    inputTransformer: {
      inputPaths: { bucket: "$.detail.bucket.name", key: "$.detail.object.key" },
      // Outside quotes, so that EventBridge inserts each value as JSON, quoted and escaped.
      inputTemplate: `{"bucket": <bucket>, "fileName": <key>, "resizedBucket": "${props.resizedBucket.bucket}"${props.event === "deleted" ? ', "deleted": true' : ""}}`,
    },
    retryPolicy: RETRY_POLICY,
    deadLetterConfig: { arn: deadLetters.arn },
    dependsOn: [access.policy],
  });
  return deadLetters;
}
