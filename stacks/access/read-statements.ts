import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { Environment } from "../../environments/environment";
import { type PipelineArns, pipelineArns } from "../../environments/pipeline-arns";

/** What `terraform plan` reads of a pipeline: its configuration, and neither a picture nor a log line. */
export function readStatements(environment: Environment): readonly PolicyStatement[] {
  const arns = pipelineArns(environment);
  const deletions = environment.deleteRenditions ? arns.deletions : { rules: [], deadLetterQueues: [], roles: [] };
  return [
    {
      Sid: "ReadBuckets",
      Effect: "Allow",
      Action: [
        "s3:GetAccelerateConfiguration",
        "s3:GetBucketAcl",
        "s3:GetBucketCORS",
        "s3:GetBucketLocation",
        "s3:GetBucketLogging",
        "s3:GetBucketNotification",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketOwnershipControls",
        "s3:GetBucketPolicy",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketRequestPayment",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetBucketWebsite",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        "s3:ListTagsForResource",
      ],
      Resource: [...arns.ownBuckets, ...arns.backfillBuckets],
    },
    ...findBuckets(arns),
    {
      Sid: "ReadFunctions",
      Effect: "Allow",
      Action: [
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionConcurrency",
        "lambda:GetFunctionConfiguration",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
      ],
      Resource: [arns.function, arns.statusFunction],
    },
    {
      Sid: "ReadLayer",
      Effect: "Allow",
      Action: "lambda:GetLayerVersion",
      Resource: `${arns.layer}:*`,
    },
    {
      Sid: "ReadStateMachine",
      Effect: "Allow",
      Action: ["states:DescribeStateMachine", "states:ListStateMachineVersions", "states:ListTagsForResource"],
      Resource: arns.stateMachines,
    },
    {
      // It takes a definition and no machine, so there is no ARN to name.
      Sid: "ValidateDefinitions",
      Effect: "Allow",
      Action: "states:ValidateStateMachineDefinition",
      Resource: "*",
    },
    {
      Sid: "ReadHttpApi",
      Effect: "Allow",
      Action: "apigateway:GET",
      Resource: arns.httpApis,
    },
    {
      Sid: "ReadRules",
      Effect: "Allow",
      Action: ["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
      Resource: [...arns.rules, ...deletions.rules],
    },
    {
      Sid: "ReadDeadLetterQueues",
      Effect: "Allow",
      Action: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
      Resource: [...arns.deadLetterQueues, ...deletions.deadLetterQueues],
    },
    {
      Sid: "FindLogGroups",
      Effect: "Allow",
      Action: "logs:DescribeLogGroups",
      // The action has no resource level.
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
      Resource: "*",
    },
    {
      Sid: "ReadTagsOfLogGroups",
      Effect: "Allow",
      Action: "logs:ListTagsForResource",
      Resource: arns.logGroups,
    },
    ...readAlarms(arns),
    {
      Sid: "ReadRoles",
      Effect: "Allow",
      Action: [
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
        "iam:ListRoleTags",
      ],
      Resource: [...arns.roles, ...deletions.roles],
    },
  ];
}

/** Of a bucket that is there already a plan asks whether it is, and nothing of its configuration. */
function findBuckets({ originalBucket, ownBuckets }: PipelineArns): readonly PolicyStatement[] {
  if (ownBuckets.includes(originalBucket)) return [];
  return [{ Sid: "FindOriginalBucket", Effect: "Allow", Action: "s3:ListBucket", Resource: originalBucket }];
}

function readAlarms(arns: PipelineArns): readonly PolicyStatement[] {
  return [
    {
      Sid: "ReadMetricFilters",
      Effect: "Allow",
      Action: "logs:DescribeMetricFilters",
      Resource: arns.measuredLogGroups.flatMap((logGroup) => [logGroup, `${logGroup}:*`]),
    },
    {
      Sid: "ReadAlarms",
      Effect: "Allow",
      Action: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
      Resource: arns.alarms,
    },
    { Sid: "ReadDashboard", Effect: "Allow", Action: "cloudwatch:GetDashboard", Resource: arns.dashboard },
    {
      Sid: "ReadAlarmTopic",
      Effect: "Allow",
      Action: ["sns:GetSubscriptionAttributes", "sns:GetTopicAttributes", "sns:ListTagsForResource"],
      // A subscription has the topic's ARN with an id behind it.
      Resource: [arns.alarmTopic, `${arns.alarmTopic}:*`],
    },
  ];
}
