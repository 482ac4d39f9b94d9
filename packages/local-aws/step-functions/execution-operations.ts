import type { Child, HistoryEvent } from "@image-pipeline/state-machine";
import { AwsError } from "../aws-error";
import type { JsonObject } from "../json";
import { oneOf, optional, pageOf } from "./request-fields";
import type { Operation, Requests } from "./requests";
import type { LocalStateMachine } from "./state-machine";

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html, in the order of AWS's message.
const STATUSES = ["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"];

/** docs: redrive-executions, "the execution event history count is less than 24,999" */
const REDRIVABLE_EVENTS = 24_999;

/** What GetExecutionHistory leaves out without `includeExecutionData`. */
const HIDDEN: ReadonlySet<string> = new Set(["input", "inputDetails", "output", "outputDetails"]);

/** The operations on executions. */
export function executionOperations(requests: Requests): Readonly<Record<string, Operation>> {
  return {
    async StartExecution(input, principal) {
      const machine = requests.machine(input, principal, "states:StartExecution");
      const execution = machine.start(optional(input, "input") ?? "{}", optional(input, "name"));
      return { executionArn: execution.arn, startDate: execution.startedAt / 1000 };
    },

    async StartSyncExecution(input, principal) {
      requests.machine(input, principal, "states:StartSyncExecution");
      throw typeNotSupported();
    },

    async DescribeExecution(input, principal) {
      const { machine, execution } = requests.execution(input, principal, "states:DescribeExecution");
      const { outcome } = execution;
      return {
        ...summary(machine, execution),
        input: execution.input,
        inputDetails: { included: true },
        ...(outcome?.status === "SUCCEEDED" && { output: outcome.output, outputDetails: { included: true } }),
        ...((outcome?.status === "FAILED" || outcome?.status === "ABORTED") && {
          error: outcome.error,
          cause: outcome.cause,
        }),
        ...redriveStatus(execution),
      };
    },

    async GetExecutionHistory(input, principal) {
      const { execution } = requests.execution(input, principal, "states:GetExecutionHistory");
      const withData = input.includeExecutionData !== false;
      const events = execution.events.map((event) => (withData ? event : withoutData(event)));
      if (input.reverseOrder === true) events.reverse();
      return pageOf(events, input, "events");
    },

    async ListExecutions(input, principal) {
      const status = oneOf(input, "statusFilter", STATUSES);
      const redriven = oneOf(input, "redriveFilter", ["REDRIVEN", "NOT_REDRIVEN"]);
      const all = listed(requests, input, principal).filter(
        (execution) =>
          (status === undefined || execution.status === status) &&
          (redriven === undefined || (redriven === "REDRIVEN") === execution.redriveCount > 0),
      );
      return pageOf(all, input, "executions");
    },

    async StopExecution(input, principal) {
      const { execution } = requests.execution(input, principal, "states:StopExecution");
      await execution.stop(optional(input, "error"), optional(input, "cause"));
      return { stopDate: (execution.stoppedAt ?? Date.now()) / 1000 };
    },

    async RedriveExecution(input, principal) {
      const { machine, execution } = requests.execution(input, principal, "states:RedriveExecution");
      const { redriveStatus: status, redriveStatusReason: reason } = redriveStatus(execution);
      if (status !== "REDRIVABLE") {
        throw new AwsError("ExecutionNotRedrivable", 400, reason ?? "Execution is redriven by its Map Run");
      }
      machine.redrive(execution.arn);
      return { redriveDate: (execution.redrivenAt ?? Date.now()) / 1000 };
    },
  };
}

/** What ListExecutions names: the executions of a machine, or the children of a Map run. */
function listed(requests: Requests, input: JsonObject, principal: Parameters<Operation>[1]) {
  const { stateMachineArn: ofMachine, mapRunArn: ofRun } = input;
  if (ofMachine !== undefined && ofRun !== undefined) {
    throw new AwsError("ValidationException", 400, "Only one of 'stateMachineArn' and 'mapRunArn' can be specified");
  }
  if (ofRun === undefined) {
    const machine = requests.machine(input, principal, "states:ListExecutions");
    return machine.executions.map((execution) => summary(machine, execution));
  }
  const { machine, run } = requests.mapRun(input, principal, "states:ListExecutions");
  if (run.childType === "EXPRESS") throw typeNotSupported();
  return run.children.map((child) => ({ ...summary(machine, child), itemCount: child.itemCount }));
}

function summary({ resource }: LocalStateMachine, execution: Child) {
  const { arn, name, outcome, startedAt, stoppedAt, redriveCount, redrivenAt, mapRunArn } = execution;
  return {
    executionArn: arn,
    stateMachineArn: mapRunArn === undefined ? resource.arn : machineOfChild(arn),
    name,
    status: outcome?.status ?? "RUNNING",
    startDate: startedAt / 1000,
    redriveCount,
    ...(mapRunArn !== undefined && { mapRunArn }),
    ...(redrivenAt !== undefined && { redriveDate: redrivenAt / 1000 }),
    ...(stoppedAt !== undefined && { stopDate: stoppedAt / 1000 }),
  };
}

function machineOfChild(executionArn: string): string {
  return executionArn.slice(0, executionArn.lastIndexOf(":")).replace(":execution:", ":stateMachine:");
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
function redriveStatus({ outcome, events, mapRunArn }: Child): {
  readonly redriveStatus: "REDRIVABLE" | "NOT_REDRIVABLE" | "REDRIVABLE_BY_MAP_RUN";
  readonly redriveStatusReason?: string;
} {
  const status = outcome?.status ?? "RUNNING";
  if (status === "RUNNING" || status === "SUCCEEDED") {
    const redriveStatusReason = `Execution is ${status} and cannot be redriven`;
    return { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason };
  }
  if (mapRunArn !== undefined) return { redriveStatus: "REDRIVABLE_BY_MAP_RUN" };
  if (events.length < REDRIVABLE_EVENTS) return { redriveStatus: "REDRIVABLE" };
  return { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: "Execution history event limit exceeded" };
}

function typeNotSupported(): AwsError {
  const message = "This operation is not supported by this type of state machine";
  return new AwsError("StateMachineTypeNotSupported", 400, message);
}

/** includeExecutionData=false leaves out inputs and outputs, and what says of them that none is cut off; not what a task was called with. */
function withoutData(event: HistoryEvent): object {
  return JSON.parse(JSON.stringify(event, (key, value) => (HIDDEN.has(key) ? undefined : value)));
}
