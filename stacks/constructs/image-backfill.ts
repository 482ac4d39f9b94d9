import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import type { Environment } from "../../environments/environment";
import { backfillStatements } from "../access/backfill-statements";
import { DELIVER_LOGS } from "../access/log-delivery-statement";
import { SAMPLE_AND_WRITE_TRACES } from "../access/trace-statement";
import { backfillDefinition, LONGEST_RUN_SECONDS } from "../backfill-definition";
import type { OriginalBucket } from "./original-bucket";
import { PrivateBucket } from "./private-bucket";
import { ServiceRole } from "./service-role";

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

    const logGroup = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/vendedlogs/states/${props.stateMachineName}`,
      retentionInDays: environment.logRetentionDays,
    });

    const access = new ServiceRole(this, "access", {
      roleName: props.stateMachineName,
      service: "states.amazonaws.com",
      sourceAccount: environment.accountId,
      statements: [
        {
          Sid: "InvokeTheResizeFunction",
          Effect: "Allow",
          Action: "lambda:InvokeFunction",
          Resource: props.resizeFunction.arn,
        },
        ...backfillStatements(environment),
        DELIVER_LOGS,
        SAMPLE_AND_WRITE_TRACES,
      ],
    });

    this.stateMachine = new SfnStateMachine(this, "machine", {
      name: props.stateMachineName,
      type: "STANDARD",
      roleArn: access.role.arn,
      definition: JSON.stringify(
        backfillDefinition({
          functionArn: props.resizeFunction.arn,
          functionTimeoutSeconds: environment.functionTimeoutSeconds,
          originalBucket: props.originalBucket.bucket,
          resizedBucket: props.resizedBucket.bucket,
          backfillBucket: this.bucket.bucket,
          maxConcurrency: backfill.maxConcurrency,
        }),
      ),
      loggingConfiguration: {
        // The children's histories go there too: of ten million pictures, only what failed.
        level: "ERROR",
        includeExecutionData: true,
        logDestination: `${logGroup.arn}:*`,
      },
      tracingConfiguration: { enabled: true },
      // Step Functions tries the log destination with the role's permissions while it creates the machine.
      dependsOn: [access.policy],
    });
  }
}
