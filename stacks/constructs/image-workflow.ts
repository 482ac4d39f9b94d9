import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import type { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import { stateMachineDefinition } from "../state-machine-definition";
import { resizeMachine } from "./resize-machine";

export interface ImageWorkflowProps {
  readonly accountId: string;
  readonly stateMachineName: string;
  readonly resizeFunction: LambdaFunction;
  readonly functionTimeoutSeconds: number;
  readonly logRetentionDays: number;
}

/** The state machine that calls the function, retries what is transient and says how it ended. */
export class ImageWorkflow extends Construct {
  readonly stateMachine: SfnStateMachine;
  readonly logGroup: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, props: ImageWorkflowProps) {
    super(scope, id);
    const made = resizeMachine(this, {
      ...props,
      definition: stateMachineDefinition({
        functionArn: props.resizeFunction.arn,
        functionTimeoutSeconds: props.functionTimeoutSeconds,
      }),
      statements: [],
      logLevel: "ALL",
    });
    this.stateMachine = made.stateMachine;
    this.logGroup = made.logGroup;
  }
}
