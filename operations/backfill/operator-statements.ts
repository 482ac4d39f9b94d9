import type { Environment } from "../../environments/environment";
import { BACKFILL_PREFIXES } from "../../environments/names";
import { pipelineArns } from "../../environments/pipeline-arns";

/** What `npm run backfill` asks of AWS, as statements of a policy for whoever runs it; docs/operations.md shows them. */
export function operatorStatements(environment: Environment) {
  const { region, encryption } = environment;
  const arns = pipelineArns(environment);
  return [
    {
      Sid: "StartBackfills",
      Effect: "Allow",
      Action: ["states:ListExecutions", "states:StartExecution"],
      Resource: arns.backfillStateMachine,
    },
    {
      Sid: "FollowBackfills",
      Effect: "Allow",
      Action: ["states:DescribeExecution", "states:ListMapRuns", "states:RedriveExecution", "states:StopExecution"],
      Resource: `${arns.backfillExecutions}:*`,
    },
    {
      Sid: "CountPictures",
      Effect: "Allow",
      Action: "states:DescribeMapRun",
      Resource: arns.backfillMapRuns,
    },
    {
      Sid: "ListOriginalsAndResults",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: [arns.originalBucket, arns.backfillBucket],
    },
    {
      Sid: "WriteLists",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: `${arns.backfillBucket}/${BACKFILL_PREFIXES.lists}/*`,
    },
    {
      Sid: "ReadResults",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: `${arns.backfillBucket}/${BACKFILL_PREFIXES.results}/*`,
    },
    {
      Sid: "MeasureSamples",
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: arns.function,
    },
    ...(encryption === "sse-s3"
      ? []
      : ([
          {
            Sid: "UseTheKeyOfListsAndResults",
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: encryption.kmsKeyArn,
            Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
          },
        ] as const)),
  ] as const;
}
