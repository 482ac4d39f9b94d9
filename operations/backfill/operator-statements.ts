import type { Environment } from "../../environments/environment";
import { originalBucketName } from "../../environments/original-bucket";
import { pipelineNames } from "../pipeline-names";

/** What `npm run backfill` asks of AWS, as statements of a policy for whoever runs it; docs/operations.md shows them. */
export function operatorStatements(environment: Environment) {
  const { name, accountId, region, encryption } = environment;
  const {
    backfillStateMachineArn: machine,
    backfillBucket: bucket,
    function: functionName,
  } = pipelineNames(environment);
  const executions = machine.replace(":stateMachine:", ":execution:");
  const originals = originalBucketName(environment);
  return [
    {
      Sid: "StartBackfills",
      Effect: "Allow",
      Action: ["states:ListExecutions", "states:StartExecution"],
      Resource: machine,
    },
    {
      Sid: "FollowBackfills",
      Effect: "Allow",
      Action: ["states:DescribeExecution", "states:ListMapRuns", "states:RedriveExecution", "states:StopExecution"],
      Resource: `${executions}:*`,
    },
    {
      Sid: "CountPictures",
      Effect: "Allow",
      Action: "states:DescribeMapRun",
      Resource: `arn:aws:states:${region}:${accountId}:mapRun:ImageBackfillStateMachine-${name}/*`,
    },
    {
      Sid: "ListOriginalsAndResults",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: [`arn:aws:s3:::${originals}`, `arn:aws:s3:::${bucket}`],
    },
    {
      Sid: "WriteLists",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: `arn:aws:s3:::${bucket}/lists/*`,
    },
    { Sid: "ReadResults", Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/results/*` },
    {
      Sid: "MeasureSamples",
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
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
