import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { Environment } from "../../environments/environment";
import { pipelineArns } from "../../environments/pipeline-arns";
import { backfillStatements } from "./backfill-statements";
import { bucketKeyStatements } from "./bucket-keys";
import { deleteRenditions } from "./delete-renditions";
import { DELIVER_LOGS } from "./log-delivery-statement";
import { readRenditions } from "./read-renditions";
import { SAMPLE_AND_WRITE_TRACES } from "./trace-statement";

/**
 * The most that any role of the pipeline may ever do: what its roles need, all together. A boundary grants
 * nothing by itself; a role has what both its own policy and the boundary allow.
 */
export function boundaryStatements(environment: Environment): readonly PolicyStatement[] {
  const arns = pipelineArns(environment);
  return [
    { Sid: "ReadOriginals", Effect: "Allow", Action: "s3:GetObject", Resource: `${arns.originalBucket}/*` },
    { Sid: "WriteRenditions", Effect: "Allow", Action: "s3:PutObject", Resource: `${arns.resizedBucket}/*` },
    ...(environment.backfill === "none" ? [] : readRenditions(arns.resizedBucket)),
    ...(environment.deleteRenditions ? deleteRenditions(arns) : []),
    ...bucketKeyStatements(environment),
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: arns.functionLogGroups.map((logGroup) => `${logGroup}:*`),
    },
    {
      Sid: "InvokeTheFunctions",
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: [arns.function, arns.statusFunction],
    },
    { Sid: "StartTheStateMachine", Effect: "Allow", Action: "states:StartExecution", Resource: arns.stateMachine },
    { Sid: "ReadExecutions", Effect: "Allow", Action: "states:DescribeExecution", Resource: arns.executions },
    ...backfillStatements(environment),
    DELIVER_LOGS,
    SAMPLE_AND_WRITE_TRACES,
  ];
}
