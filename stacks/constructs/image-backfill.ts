import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import type { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import type { Environment } from "../../environments/environment";
import { backfillStatements } from "../access/backfill-statements";
import { backfillDefinition, LONGEST_RUN_SECONDS } from "../backfill-definition";
import type { OriginalBucket } from "./original-bucket";
import { PrivateBucket } from "./private-bucket";
import { resizeMachine } from "./resize-machine";

export interface ImageBackfillProps {
  readonly environment: Environment;
  readonly backfill: Exclude<Environment["backfill"], "none">;
  readonly stateMachineName: string;
  readonly bucketName: string;
  readonly resizeFunction: LambdaFunction;
  readonly originalBucket: OriginalBucket;
  readonly resizedBucket: S3Bucket;
}

const LONGEST_RUN_DAYS = LONGEST_RUN_SECONDS / 86_400;

// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
const REDRIVABLE_DAYS = 14;

// A run reads its list, one that is redriven does so again, and what it had written before is told of at its end.
const KEPT_DAYS = LONGEST_RUN_DAYS + REDRIVABLE_DAYS + LONGEST_RUN_DAYS;

/** Makes the renditions of what was in the bucket before the pipeline: a state machine, and a bucket for lists and results. */
export class ImageBackfill extends Construct {
  readonly stateMachine: SfnStateMachine;
  readonly bucket: S3Bucket;

  constructor(scope: Construct, id: string, props: ImageBackfillProps) {
    super(scope, id);
    const { environment, backfill } = props;

    this.bucket = new PrivateBucket(this, "lists-and-results", {
      ...environment,
      bucketName: props.bucketName,
      // Nothing in it is worth more than a backfill, and an environment that has none any more has no such bucket.
      deletionProtection: false,
      expiration: { days: KEPT_DAYS },
      // A Map run writes its results in parts, as long as it takes.
      incompleteUploadDays: LONGEST_RUN_DAYS + 1,
    }).bucket;

    this.stateMachine = resizeMachine(this, {
      ...environment,
      stateMachineName: props.stateMachineName,
      resizeFunction: props.resizeFunction,
      definition: backfillDefinition({
        functionArn: props.resizeFunction.arn,
        functionTimeoutSeconds: environment.functionTimeoutSeconds,
        originalBucket: props.originalBucket.bucket,
        resizedBucket: props.resizedBucket.bucket,
        backfillBucket: this.bucket.bucket,
        maxConcurrency: backfill.maxConcurrency,
      }),
      statements: backfillStatements(environment),
      // The children's histories go there too: of ten million pictures, only what failed.
      logLevel: "ERROR",
    }).stateMachine;
  }
}
