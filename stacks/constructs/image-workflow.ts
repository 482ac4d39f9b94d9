import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import { DELIVER_LOGS } from "../access/log-delivery-statement";
import { SAMPLE_AND_WRITE_TRACES } from "../access/trace-statement";
import { stateMachineDefinition } from "../state-machine-definition";
import { ServiceRole } from "./service-role";

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

    this.logGroup = new CloudwatchLogGroup(this, "logs", {
      // This prefix keeps log delivery from filling the account's resource policy:
      // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
      name: `/aws/vendedlogs/states/${props.stateMachineName}`,
      retentionInDays: props.logRetentionDays,
    });

    const access = new ServiceRole(this, "access", {
      roleName: props.stateMachineName,
      service: "states.amazonaws.com",
      sourceAccount: props.accountId,
      statements: [
        {
          Sid: "InvokeTheResizeFunction",
          Effect: "Allow",
          Action: "lambda:InvokeFunction",
          Resource: props.resizeFunction.arn,
        },
        DELIVER_LOGS,
        SAMPLE_AND_WRITE_TRACES,
      ],
    });

    this.stateMachine = new SfnStateMachine(this, "machine", {
      name: props.stateMachineName,
      type: "STANDARD",
      roleArn: access.role.arn,
      definition: JSON.stringify(
        stateMachineDefinition({
          functionArn: props.resizeFunction.arn,
          functionTimeoutSeconds: props.functionTimeoutSeconds,
        }),
      ),
      loggingConfiguration: {
        level: "ALL",
        includeExecutionData: true,
        logDestination: `${this.logGroup.arn}:*`,
      },
      tracingConfiguration: { enabled: true },
      // Step Functions tries the log destination with the role's permissions while it creates the machine.
      dependsOn: [access.policy],
    });
  }
}
