import { DataAwsS3Bucket } from "@cdktf/provider-aws/lib/data-aws-s3-bucket";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Aspects, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../environments/environment";
import { backfillBucketName, namesOf } from "../environments/names";
import { permissionsBoundaryArn } from "../environments/pipeline-arns";
import type { Artifact } from "../packaging/artifact";
import { DeletionTrigger } from "./constructs/deletion-trigger";
import { Delivery } from "./constructs/delivery";
import { ExecutionStatus } from "./constructs/execution-status";
import { ImageBackfill } from "./constructs/image-backfill";
import { ImageWorkflow } from "./constructs/image-workflow";
import { PipelineAlarms } from "./constructs/pipeline-alarms";
import { PrivateBucket } from "./constructs/private-bucket";
import { ResizeFunction } from "./constructs/resize-function";
import { StartExecutionApi } from "./constructs/start-execution-api";
import { UploadTrigger } from "./constructs/upload-trigger";
import { PermissionsBoundary } from "./permissions-boundary";
import { leastPrivilege } from "./policies/least-privilege";
import { logRetention } from "./policies/log-retention";
import { namedPrincipals } from "./policies/named-principals";
import { privateBuckets } from "./policies/private-buckets";
import { StackPolicy } from "./policies/stack-policy";
import { taskTimeouts } from "./policies/task-timeouts";
import { keepState } from "./state-backend";

/** What one deployment of the pipeline is made from. */
export interface ImagePipelineStackProps {
  readonly environment: Environment;
  readonly functionBundle: Artifact;
  readonly statusBundle: Artifact;
  readonly sharpLayer: Artifact;
}

/** The image pipeline of one environment. */
export class ImagePipelineStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: ImagePipelineStackProps) {
    super(scope, id);
    const { environment, functionBundle, statusBundle, sharpLayer } = props;
    const names = namesOf(environment.name);

    new AwsProvider(this, "aws", {
      region: environment.region,
      allowedAccountIds: [environment.accountId],
      defaultTags: [{ tags: environment.tags }],
    });
    keepState(this, environment.state, environment.accountId);

    Aspects.of(this).add(new StackPolicy(privateBuckets, leastPrivilege, namedPrincipals, logRetention, taskTimeouts));
    if (environment.permissionsBoundary) {
      const boundaryArn = permissionsBoundaryArn(environment.accountId, environment.name);
      Aspects.of(this).add(new PermissionsBoundary(boundaryArn));
    }

    const originalBucket =
      typeof environment.originalBucket === "string"
        ? new PrivateBucket(this, "original", {
            ...environment,
            bucketName: environment.originalBucket,
            uploadCors: environment.uploads.cors,
          }).bucket
        : new DataAwsS3Bucket(this, "original", { bucket: environment.originalBucket.name });
    const resized = new PrivateBucket(this, "resized", { ...environment, bucketName: environment.resizedBucketName });

    const resize = new ResizeFunction(this, "resize", {
      environment,
      functionName: names.function,
      layerName: names.layer,
      functionBundle,
      sharpLayer,
      originalBucket,
      resizedBucket: resized.bucket,
    });

    const workflow = new ImageWorkflow(this, "workflow", {
      ...environment,
      stateMachineName: names.stateMachine,
      resizeFunction: resize.function,
    });

    const status = new ExecutionStatus(this, "status", {
      environment,
      functionName: names.statusFunction,
      bundle: statusBundle,
      stateMachine: workflow.stateMachine,
    });

    const api = new StartExecutionApi(this, "api", {
      ...environment,
      apiName: names.api,
      stageName: environment.name,
      stateMachine: workflow.stateMachine,
      statusFunction: status.function,
    });

    const upload = environment.resizeOnUpload
      ? new UploadTrigger(this, "upload", {
          accountId: environment.accountId,
          ruleName: names.uploadRule,
          deadLetterQueueName: names.uploadDeadLetterQueue,
          originalBucket,
          uploads: environment.uploads,
          resizedBucket: resized.bucket,
          stateMachine: workflow.stateMachine,
        })
      : undefined;
    const deletion = environment.deleteRenditions
      ? new DeletionTrigger(this, "deletion", {
          accountId: environment.accountId,
          ruleName: names.deletionRule,
          deadLetterQueueName: names.deletionDeadLetterQueue,
          originalBucket,
          resizedBucket: resized.bucket,
          stateMachine: workflow.stateMachine,
        })
      : undefined;

    const delivery =
      environment.delivery === "none"
        ? undefined
        : new Delivery(this, "delivery", { name: names.delivery, delivery: environment.delivery, resized });
    const backfill =
      environment.backfill !== "none"
        ? new ImageBackfill(this, "backfill", {
            environment,
            backfill: environment.backfill,
            stateMachineName: names.backfillStateMachine,
            bucketName: backfillBucketName(environment.name, environment.accountId),
            resizeFunction: resize.function,
            originalBucket,
            resizedBucket: resized.bucket,
          })
        : undefined;

    if (environment.alarms !== "none") {
      new PipelineAlarms(this, "alarms", {
        names,
        environment,
        alarms: environment.alarms,
        resize,
        workflow,
        api,
        upload,
        deletion,
        backfill,
      });
    }

    new TerraformOutput(this, "api_url", { value: api.url });
    new TerraformOutput(this, "api_auth", {
      value: typeof environment.apiAuth === "string" ? environment.apiAuth : "jwt",
    });
    new TerraformOutput(this, "original_bucket_name", { value: originalBucket.bucket });
    if (typeof environment.originalBucket !== "string") {
      // The smoke test writes nothing there.
      new TerraformOutput(this, "original_bucket_existing", { value: "true" });
    }
    new TerraformOutput(this, "resized_bucket_name", { value: resized.bucket.bucket });
    new TerraformOutput(this, "state_machine_arn", { value: workflow.stateMachine.arn });
    if (delivery) new TerraformOutput(this, "delivery_url", { value: delivery.url });
    if (delivery?.distributionDomainName !== undefined) {
      // Where DNS has to point `delivery_url` to, and where the smoke test looks before it does.
      new TerraformOutput(this, "delivery_domain_name", { value: delivery.distributionDomainName });
    }
    if (backfill) {
      new TerraformOutput(this, "backfill_state_machine_arn", { value: backfill.stateMachine.arn });
      new TerraformOutput(this, "backfill_bucket_name", { value: backfill.bucket.bucket });
    }
    new TerraformOutput(this, "region", { value: environment.region });
  }
}
