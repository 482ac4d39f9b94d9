import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { LambdaFunction, type LambdaFunctionConfig } from "@cdktf/provider-aws/lib/lambda-function";
import type { PolicyStatement } from "@image-pipeline/iam-policy";
import { AssetType, TerraformAsset } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../../environments/environment";
import type { Artifact } from "../../packaging/artifact";
import { WRITE_TRACES } from "../access/trace-statement";
import { ServiceRole } from "./service-role";

export const NODE_RUNTIME = "nodejs24.x";

export interface NodeFunctionProps {
  readonly environment: Pick<Environment, "architecture" | "logRetentionDays">;
  /** Name of the function, its log group and its role. */
  readonly functionName: string;
  readonly bundle: Artifact;
  /** What it may do beyond writing logs and traces. */
  readonly statements: readonly PolicyStatement[];
  readonly settings: Pick<
    LambdaFunctionConfig,
    "layers" | "memorySize" | "timeout" | "reservedConcurrentExecutions" | "environment"
  >;
}

/** Makes in `scope` a traced function on Node with a log group and a role of its own. */
export function nodeFunction(scope: Construct, { environment, functionName, bundle, ...props }: NodeFunctionProps) {
  // Made before the function, or Lambda makes it on the first call, without retention and outside of Terraform.
  const logGroup = new CloudwatchLogGroup(scope, "logs", {
    name: `/aws/lambda/${functionName}`,
    retentionInDays: environment.logRetentionDays,
  });

  const access = new ServiceRole(scope, "access", {
    roleName: functionName,
    service: "lambda.amazonaws.com",
    statements: [
      ...props.statements,
      {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${logGroup.arn}:*`,
      },
      WRITE_TRACES,
    ],
  });

  const lambda = new LambdaFunction(scope, "function", {
    functionName,
    role: access.role.arn,
    runtime: NODE_RUNTIME,
    architectures: [environment.architecture],
    handler: "index.handler",
    filename: assetOf(scope, "function-zip", bundle).path,
    sourceCodeHash: bundle.sha256Base64,
    ...props.settings,
    tracingConfig: { mode: "Active" },
    loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
    // Lambda takes a role at once, and IAM may still be spreading its permissions.
    dependsOn: [access.policy],
  });
  return { function: lambda, logGroup };
}

/** FILE, not ARCHIVE: the zip is deterministic already, and CDKTF's own is not. */
export function assetOf(scope: Construct, id: string, artifact: Artifact): TerraformAsset {
  return new TerraformAsset(scope, id, { path: artifact.path, type: AssetType.FILE });
}
