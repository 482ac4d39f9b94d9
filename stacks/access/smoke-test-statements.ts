import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { Environment } from "../../environments/environment";
import { pipelineArns } from "../../environments/pipeline-arns";
import { smokeTestKeyStatements } from "./bucket-keys";

// operations/smoke-test.sh puts its pictures there, and the renditions of a picture are beside it in the other bucket.
const FOLDER = "smoke-test";

/**
 * Lets the deploy role send a picture of its own through the pipeline after a deployment; it is given no other. To a bucket that
 * was there already it writes none: the smoke test takes the one that its owner has put there.
 */
export function smokeTestStatements(environment: Environment): readonly PolicyStatement[] {
  const { ownBuckets, executions } = pipelineArns(environment);
  return [
    {
      Sid: "UsePicturesOfTheSmokeTest",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      Resource: ownBuckets.map((bucket) => `${bucket}/${FOLDER}/*`),
    },
    ...smokeTestKeyStatements(environment),
    {
      Sid: "FollowExecutions",
      Effect: "Allow",
      Action: "states:DescribeExecution",
      Resource: executions,
    },
  ];
}
