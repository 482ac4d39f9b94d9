import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import type { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import type { Environment } from "../../environments/environment";
import { pipelineArns } from "../../environments/pipeline-arns";
import type { StatusFunctionEnvironment } from "../../handlers/execution-status/config";
import type { Artifact } from "../../packaging/artifact";
import { nodeFunction } from "./node-function";

export interface ExecutionStatusProps {
  readonly environment: Environment;
  readonly functionName: string;
  readonly bundle: Artifact;
  readonly stateMachine: SfnStateMachine;
}

const MEMORY_MB = 256;
const TIMEOUT_SECONDS = 10;

/** The function that says how an execution ended: it reads one machine's executions and nothing else. */
export class ExecutionStatus extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { environment, stateMachine, ...props }: ExecutionStatusProps) {
    super(scope, id);
    const variables = { STATE_MACHINE_ARN: stateMachine.arn } satisfies StatusFunctionEnvironment;
    this.function = nodeFunction(this, {
      ...props,
      environment,
      statements: [
        {
          Sid: "ReadExecutions",
          Effect: "Allow",
          Action: "states:DescribeExecution",
          Resource: pipelineArns(environment).executions,
        },
      ],
      settings: { memorySize: MEMORY_MB, timeout: TIMEOUT_SECONDS, environment: { variables } },
    }).function;
  }
}
