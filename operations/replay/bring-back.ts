import { createHash } from "node:crypto";
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  RedriveExecutionCommand,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { type FailedExecution, failedExecution } from "./failed-executions";
import type { FailureGroup } from "./failure-group";

/** How an execution is brought back: it goes on in the state that failed, or another one starts with its input. */
export interface Step {
  readonly execution: FailedExecution;
  readonly way: "redrive" | "start anew";
}

/** Undefined where an earlier replay has started another one already. */
export async function stepFor(
  sfn: SFNClient,
  machineArn: string,
  execution: FailedExecution,
  kind: FailureGroup["kind"],
): Promise<Step | undefined> {
  if (kind !== "refused" && execution.redrivable) return { execution, way: "redrive" };
  const replaced = await exists(sfn, executionArn(machineArn, nameOfReplay(execution.name)));
  return replaced ? undefined : { execution, way: "start anew" };
}

/**
 * Does it, and says how it was done after all. A second time does nothing: what was redriven is no failure any more, and
 * the other one's name is taken.
 */
export async function bringBack(sfn: SFNClient, machineArn: string, { execution, way }: Step): Promise<Step["way"]> {
  if (way === "redrive" && (await redrive(sfn, execution))) return "redrive";
  await startOnce(sfn, machineArn, nameOfReplay(execution.name), execution.input);
  return "start anew";
}

/**
 * False where Step Functions refuses: it failed too long ago, is too long, or is served by something that cannot. It also
 * refuses what somebody else has redriven meanwhile, and that is done.
 */
async function redrive(sfn: SFNClient, { arn }: FailedExecution): Promise<boolean> {
  try {
    await sfn.send(new RedriveExecutionCommand({ executionArn: arn }));
    return true;
  } catch (error) {
    if (!(error instanceof Error && REFUSALS.includes(error.name))) throw error;
    return (await failedExecution(sfn, arn)) === undefined;
  }
}

const REFUSALS = ["ExecutionNotRedrivable", "UnknownOperationException"];

/** Starts an execution unless there was one of the name. */
export async function startOnce(sfn: SFNClient, stateMachineArn: string, name: string, input: string): Promise<void> {
  try {
    await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}

async function exists(sfn: SFNClient, arn: string): Promise<boolean> {
  try {
    await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
    return true;
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return false;
    throw error;
  }
}

const executionArn = (machineArn: string, name: string): string =>
  `${machineArn.replace(":stateMachine:", ":execution:")}:${name}`;

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
const MAX_NAME = 80;
const SUFFIX = "-replay";
const HASH = 12;

/** The name of the execution that takes another one's place: always the same, and no two share one. */
export function nameOfReplay(name: string): string {
  if (name.length + SUFFIX.length <= MAX_NAME) return `${name}${SUFFIX}`;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH);
  return `${name.slice(0, MAX_NAME - SUFFIX.length - HASH - 1)}-${hash}${SUFFIX}`;
}
