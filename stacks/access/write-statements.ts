import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { Environment } from "../../environments/environment";
import { type PipelineArns, pipelineArns } from "../../environments/pipeline-arns";
import { DELIVER_LOGS } from "./log-delivery-statement";

/** What making, changing and destroying the pipeline of one environment takes, beyond reading it and its roles. */
export function writeStatements(environment: Environment): readonly PolicyStatement[] {
  const arns = pipelineArns(environment);
  const buckets = [...arns.ownBuckets, ...arns.backfillBuckets];
  return [
    {
      Sid: "WriteBuckets",
      Effect: "Allow",
      Action: [
        "s3:CreateBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucketCORS",
        "s3:PutBucketNotification",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:TagResource",
        "s3:UntagResource",
      ],
      Resource: buckets,
    },
    ...deleteBuckets(environment.deletionProtection ? arns.backfillBuckets : buckets),
    {
      Sid: "WriteFunctions",
      Effect: "Allow",
      Action: [
        "lambda:CreateFunction",
        "lambda:DeleteFunction",
        "lambda:DeleteFunctionConcurrency",
        "lambda:PutFunctionConcurrency",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
      ],
      Resource: [arns.function, arns.statusFunction],
    },
    {
      Sid: "WriteLayer",
      Effect: "Allow",
      Action: ["lambda:DeleteLayerVersion", "lambda:PublishLayerVersion"],
      Resource: [arns.layer, `${arns.layer}:*`],
    },
    {
      Sid: "WriteStateMachine",
      Effect: "Allow",
      Action: [
        "states:CreateStateMachine",
        "states:DeleteStateMachine",
        "states:TagResource",
        "states:UntagResource",
        "states:UpdateStateMachine",
      ],
      Resource: arns.stateMachines,
    },
    {
      Sid: "WriteHttpApi",
      Effect: "Allow",
      Action: [
        "apigateway:DELETE",
        "apigateway:PATCH",
        "apigateway:POST",
        "apigateway:PUT",
        // Asked beside POST when an API or a stage is made with tags, which default tags always do.
        // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
        "apigateway:TagResource",
        "apigateway:UntagResource",
      ],
      Resource: arns.httpApis,
    },
    ...writeTriggers(arns),
    {
      Sid: "WriteLogGroups",
      Effect: "Allow",
      Action: [
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteRetentionPolicy",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ],
      // IAM asks for a log group with `:*` behind it for some of these actions and without it for others.
      Resource: arns.logGroups.flatMap((logGroup) => [logGroup, `${logGroup}:*`]),
    },
    ...writeAlarms(arns),
    DELIVER_LOGS,
  ];
}

/** Rules of EventBridge, and the queues of what they could not deliver. */
export function writeTriggers({
  rules,
  deadLetterQueues,
}: Pick<PipelineArns, "rules" | "deadLetterQueues">): readonly PolicyStatement[] {
  return [
    {
      Sid: "WriteRules",
      Effect: "Allow",
      Action: [
        "events:DeleteRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:TagResource",
        "events:UntagResource",
      ],
      Resource: rules,
    },
    {
      Sid: "WriteDeadLetterQueues",
      Effect: "Allow",
      Action: ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"],
      Resource: deadLetterQueues,
    },
  ];
}

function writeAlarms(arns: PipelineArns): readonly PolicyStatement[] {
  return [
    {
      Sid: "WriteMetricFilters",
      Effect: "Allow",
      Action: ["logs:DeleteMetricFilter", "logs:PutMetricFilter"],
      Resource: arns.measuredLogGroups.flatMap((logGroup) => [logGroup, `${logGroup}:*`]),
    },
    {
      Sid: "WriteAlarms",
      Effect: "Allow",
      Action: [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
      ],
      Resource: arns.alarms,
    },
    {
      Sid: "WriteDashboard",
      Effect: "Allow",
      Action: ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
      Resource: arns.dashboard,
    },
    {
      Sid: "WriteAlarmTopic",
      Effect: "Allow",
      Action: [
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:TagResource",
        "sns:Unsubscribe",
        "sns:UntagResource",
      ],
      Resource: [arns.alarmTopic, `${arns.alarmTopic}:*`],
    },
  ];
}

/**
 * Given for pictures only where deletion protection is off. It keeps accidents away and not a hostile deployment: who may
 * write a bucket's policy, its lifecycle and the function's code, as a deployment must, can reach the pictures through those.
 */
function deleteBuckets(buckets: readonly string[]): readonly PolicyStatement[] {
  if (buckets.length === 0) return [];
  return [
    {
      Sid: "DeleteBuckets",
      Effect: "Allow",
      Action: ["s3:DeleteBucket", "s3:ListBucketVersions"],
      Resource: buckets,
    },
    {
      Sid: "EmptyBuckets",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
      Resource: buckets.map((bucket) => `${bucket}/*`),
    },
  ];
}
