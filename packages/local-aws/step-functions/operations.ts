import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import type { Principal } from "../iam/evaluate";
import type { JsonObject } from "../json";
import type { Execution } from "./execution";
import type { HistoryEvent } from "./history";
import { arnOf, oneOf, optional, pageOf } from "./request-fields";
import type { LocalStateMachine } from "./state-machine";

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
const STATUSES = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"];

type Operation = (input: JsonObject, principal: Principal) => Promise<object>;

/** The operations of Step Functions that this machine serves, as AWS JSON 1.0 names them. */
export class StepFunctionsOperations {
  readonly #operations: Readonly<Record<string, Operation>> = {
    StartExecution: (input, principal) => this.#start(input, principal),
    DescribeExecution: (input, principal) => this.#describe(input, principal),
    GetExecutionHistory: (input, principal) => this.#history(input, principal),
    ListExecutions: (input, principal) => this.#list(input, principal),
    StopExecution: (input, principal) => this.#stop(input, principal),
    DescribeStateMachine: (input, principal) => this.#describeMachine(input, principal),
    ListStateMachines: (input, principal) => this.#listMachines(input, principal),
  };

  constructor(
    private readonly machines: readonly LocalStateMachine[],
    private readonly authorizer: Authorizer,
  ) {}

  /** @throws AwsError as Step Functions would answer */
  call(operation: string, input: JsonObject, principal: Principal): Promise<object> {
    const run = this.#operations[operation];
    if (run === undefined) {
      const served = Object.keys(this.#operations).join(", ");
      throw new AwsError(
        "UnknownOperationException",
        400,
        `The local runner does not serve ${operation}; of Step Functions it serves ${served}`,
      );
    }
    return run(input, principal);
  }

  async #start(input: JsonObject, principal: Principal): Promise<object> {
    const arn = arnOf(input, "stateMachineArn");
    this.authorizer.require(principal, "states:StartExecution", arn);
    const execution = this.#machine(arn).start(optional(input, "input") ?? "{}", optional(input, "name"));
    return { executionArn: execution.arn, startDate: execution.startedAt / 1000 };
  }

  async #describe(input: JsonObject, principal: Principal): Promise<object> {
    const { machine, execution } = this.#execution(input, principal, "states:DescribeExecution");
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
      redriveCount: 0,
    };
  }

  async #history(input: JsonObject, principal: Principal): Promise<object> {
    const { execution } = this.#execution(input, principal, "states:GetExecutionHistory");
    const withData = input.includeExecutionData !== false;
    const events = execution.history.events.map((event) => (withData ? event : withoutData(event)));
    if (input.reverseOrder === true) events.reverse();
    return pageOf(events, input, "events");
  }

  async #list(input: JsonObject, principal: Principal): Promise<object> {
    const arn = arnOf(input, "stateMachineArn");
    this.authorizer.require(principal, "states:ListExecutions", arn);
    const machine = this.#machine(arn);
    const status = oneOf(input, "statusFilter", STATUSES);
    const all = machine.executions.map((execution) => summary(machine, execution));
    return pageOf(
      status === undefined ? all : all.filter((execution) => execution.status === status),
      input,
      "executions",
    );
  }

  async #stop(input: JsonObject, principal: Principal): Promise<object> {
    const { execution } = this.#execution(input, principal, "states:StopExecution");
    await execution.stop(optional(input, "error"), optional(input, "cause"));
    return { stopDate: (execution.stoppedAt ?? Date.now()) / 1000 };
  }

  async #describeMachine(input: JsonObject, principal: Principal): Promise<object> {
    const arn = arnOf(input, "stateMachineArn");
    this.authorizer.require(principal, "states:DescribeStateMachine", arn);
    const { resource, createdAt } = this.#machine(arn);
    return {
      stateMachineArn: resource.arn,
      name: resource.name,
      status: "ACTIVE",
      definition: JSON.stringify(resource.definition),
      roleArn: resource.role.arn,
      type: "STANDARD",
      creationDate: createdAt / 1000,
      loggingConfiguration: { level: resource.logged ? "ALL" : "OFF" },
      tracingConfiguration: { enabled: resource.traced },
    };
  }

  async #listMachines(input: JsonObject, principal: Principal): Promise<object> {
    this.authorizer.require(principal, "states:ListStateMachines", "*");
    const all = this.machines.map(({ resource, createdAt }) => ({
      stateMachineArn: resource.arn,
      name: resource.name,
      type: "STANDARD",
      creationDate: createdAt / 1000,
    }));
    return pageOf(all, input, "stateMachines");
  }

  #machine(arn: string): LocalStateMachine {
    const machine = this.machines.find(({ resource }) => resource.arn === arn);
    if (machine === undefined)
      throw new AwsError("StateMachineDoesNotExist", 400, `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  #execution(input: JsonObject, principal: Principal, action: string) {
    const arn = arnOf(input, "executionArn");
    this.authorizer.require(principal, action, arn);
    const machine = this.machines.find(({ resource }) =>
      arn.startsWith(`${resource.arn.replace(":stateMachine:", ":execution:")}:`),
    );
    const execution = machine?.execution(arn);
    if (machine === undefined || execution === undefined) {
      throw new AwsError("ExecutionDoesNotExist", 400, `Execution Does Not Exist: '${arn}'`);
    }
    return { machine, execution };
  }
}

function summary(machine: LocalStateMachine, execution: Execution) {
  return {
    executionArn: execution.arn,
    stateMachineArn: machine.resource.arn,
    name: execution.name,
    status: execution.outcome?.status ?? "RUNNING",
    startDate: execution.startedAt / 1000,
    ...(execution.stoppedAt !== undefined && { stopDate: execution.stoppedAt / 1000 }),
  };
}

/** includeExecutionData=false leaves out inputs and outputs. */
function withoutData(event: HistoryEvent): object {
  return JSON.parse(
    JSON.stringify(event, (key, value) =>
      key === "input" || key === "output" || key === "parameters" ? undefined : value,
    ),
  );
}
