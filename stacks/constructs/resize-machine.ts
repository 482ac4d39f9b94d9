import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { Construct } from "constructs";
import { DELIVER_LOGS } from "../access/log-delivery-statement";
import { SAMPLE_AND_WRITE_TRACES } from "../access/trace-statement";
import { ServiceRole } from "./service-role";

export interface ResizeMachineProps {
  readonly accountId: string;
  /** Name of the state machine and its role. */
  readonly stateMachineName: string;
  readonly resizeFunction: LambdaFunction;
  /** In Amazon States Language, as plain data. */
  readonly definition: object;
  /** What it may do beyond calling the function and writing logs and traces. */
  readonly statements: readonly PolicyStatement[];
  readonly logLevel: "ALL" | "ERROR";
  readonly logRetentionDays: number;
}

/** Makes in `scope` a traced Standard state machine that calls the resize function, with a log group and a role of its own. */
export function resizeMachine(scope: Construct, { stateMachineName, ...props }: ResizeMachineProps) {
  const logGroup = new CloudwatchLogGroup(scope, "logs", {
    // This prefix keeps log delivery from filling the account's resource policy:
    // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
    name: `/aws/vendedlogs/states/${stateMachineName}`,
    retentionInDays: props.logRetentionDays,
  });

  const access = new ServiceRole(scope, "access", {
    roleName: stateMachineName,
    service: "states.amazonaws.com",
    sourceAccount: props.accountId,
    statements: [
      {
        Sid: "InvokeTheResizeFunction",
        Effect: "Allow",
        Action: "lambda:InvokeFunction",
        Resource: props.resizeFunction.arn,
      },
      ...props.statements,
      DELIVER_LOGS,
      SAMPLE_AND_WRITE_TRACES,
    ],
  });

  const stateMachine = new SfnStateMachine(scope, "machine", {
    name: stateMachineName,
    type: "STANDARD",
    roleArn: access.role.arn,
    definition: JSON.stringify(props.definition),
    loggingConfiguration: {
      level: props.logLevel,
      includeExecutionData: true,
      logDestination: `${logGroup.arn}:*`,
    },
    tracingConfiguration: { enabled: true },
    // Step Functions tries the log destination with the role's permissions while it creates the machine.
    dependsOn: [access.policy],
  });
  return { stateMachine, logGroup };
}
