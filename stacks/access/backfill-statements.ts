import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { Environment } from "../../environments/environment";
import { BACKFILL_PREFIXES } from "../../environments/names";
import { pipelineArns } from "../../environments/pipeline-arns";
import { BACKFILL_LABELS } from "../backfill-definition";
import { backfillKeyStatements } from "./bucket-keys";

/**
 * What a machine with a distributed Map may do beyond its task, itself named: a resource that names itself would be a
 * circle, so its ARN is made of its name.
 * https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 */
export function backfillStatements(environment: Environment): readonly PolicyStatement[] {
  if (environment.backfill === "none") return [];
  const {
    originalBucket,
    backfillBucket,
    backfillStateMachine,
    backfillExecutions: executions,
  } = pipelineArns(environment);
  return [
    { Sid: "StartChildren", Effect: "Allow", Action: "states:StartExecution", Resource: backfillStateMachine },
    {
      // AWS's page names both, some versions of it the first alone; what is asked when a run is stopped stands nowhere.
      Sid: "FollowChildren",
      Effect: "Allow",
      Action: ["states:DescribeExecution", "states:StopExecution"],
      Resource: `${executions}:*`,
    },
    {
      Sid: "RedriveChildren",
      Effect: "Allow",
      Action: "states:RedriveExecution",
      Resource: BACKFILL_LABELS.map((label) => `${executions}/${label}:*`),
    },
    { Sid: "ListOriginals", Effect: "Allow", Action: "s3:ListBucket", Resource: originalBucket },
    {
      Sid: "ReadLists",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: `${backfillBucket}/${BACKFILL_PREFIXES.lists}/*`,
    },
    {
      Sid: "WriteResults",
      Effect: "Allow",
      Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
      Resource: `${backfillBucket}/${BACKFILL_PREFIXES.results}/*`,
    },
    ...backfillKeyStatements(environment),
  ];
}
