import { randomUUID } from "node:crypto";
import {
  DefinitionFault,
  Execution,
  type HistoryEvent,
  MAX_DATA_BYTES,
  type Machine,
  type MapRun,
  type Objects,
  type Outcome,
  type Ports,
  parseMachine,
  systemClock,
  TaskError,
} from "@image-pipeline/state-machine";
import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import { roleSession } from "../iam/credentials";
import { parseJson } from "../json";
import type { Log } from "../log";
import type { Role } from "../stack/role";
import type { RunningFunction } from "../stack/running";
import type { StateMachineResource } from "../stack/stack-model";
import { UnsupportedError } from "../unsupported-error";
import { describeEvent } from "./describe-event";
import { invokeLambdaTask } from "./lambda-task";
import { unrecognizedToken } from "./unrecognized-token";

/** What a state machine needs of this machine. */
export interface StateMachineHost {
  readonly functions: readonly RunningFunction[];
  readonly authorizer: Authorizer;
  /** The store as a role sees it, for Map runs. */
  readonly objects: (role: Role) => Objects;
  readonly log: Log;
  /** Told whenever an execution starts, ends or is redriven. */
  readonly onExecutionChanged?: (changed: ExecutionChanged) => void;
  /** Told whenever the history of an execution has grown. */
  readonly onHistoryEvent?: (executionArn: string) => void;
  /** Told of each Map run that starts. */
  readonly onMapRun?: (run: MapRun) => void;
  /** Runs what an execution does, so that it can be said of it what it did. */
  readonly within?: <Result>(executionArn: string, work: () => Result) => Result;
}

/** The status of an execution is another one. */
export interface ExecutionChanged {
  readonly machineArn: string;
  readonly execution: Execution;
  readonly status: "RUNNING" | "PENDING_REDRIVE" | Outcome["status"];
}

// AWS keeps finished executions for 90 days; here the last ones, of some 15 KB each, and memory stays flat.
const KEPT_EXECUTIONS = 10_000;
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
const EXECUTION_NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

/** A Standard state machine, its executions and their Map runs. */
export class LocalStateMachine {
  readonly createdAt = Date.now();
  readonly #machine: Machine;
  readonly #objects: Objects;
  readonly #executions = new Map<string, Execution>();
  readonly #mapRuns = new Map<string, MapRun>();

  /** @throws UnsupportedError for a definition that Step Functions refuses or that is not run here */
  constructor(
    readonly resource: StateMachineResource,
    private readonly host: StateMachineHost,
  ) {
    this.#machine = readMachine(resource);
    this.#objects = host.objects(resource.role);
  }

  /** The executions, the newest first. */
  get executions(): readonly Execution[] {
    return [...this.#executions.values()].reverse();
  }

  /** The Map runs of the executions that are still kept, the newest first. */
  get mapRuns(): readonly MapRun[] {
    return [...this.#mapRuns.values()].reverse();
  }

  /** The execution with an ARN, if it is still kept. */
  execution(arn: string): Execution | undefined {
    return this.#executions.get(arn.slice(arn.lastIndexOf(":") + 1));
  }

  mapRun(arn: string): MapRun | undefined {
    return this.#mapRuns.get(arn);
  }

  /** StartExecution. Idempotent for a name that is running with the same input. @throws AwsError */
  start(input: string, name: string = randomUUID()): Execution {
    if (!EXECUTION_NAME.test(name)) throw new AwsError("InvalidName", 400, `Invalid Name: '${name}'`);
    refuseInput(input);
    const known = this.#executions.get(name);
    if (known !== undefined) {
      if (known.outcome === undefined && known.input === input) return known;
      throw new AwsError("ExecutionAlreadyExists", 400, `Execution Already Exists: '${known.arn}'`);
    }
    const execution = this.#begin(input, name);
    this.#executions.set(name, execution);
    this.#forgetOldest();
    this.#tell(execution, ["RUNNING"]);
    return execution;
  }

  /** RedriveExecution of one of its executions. */
  redrive(arn: string): void {
    const execution = this.execution(arn);
    if (execution === undefined) throw new Error(`expected an execution of this machine but received ${arn}`);
    this.#within(arn, () => execution.redrive());
    this.#tell(execution, ["PENDING_REDRIVE", "RUNNING"]);
  }

  /** Gives up all executions that are still running. */
  async stopAll(): Promise<void> {
    const running = this.executions.filter((execution) => execution.outcome === undefined);
    await Promise.all(running.map((execution) => execution.stop()));
  }

  #within<Result>(executionArn: string, work: () => Result): Result {
    const { within } = this.host;
    return within === undefined ? work() : within(executionArn, work);
  }

  #tell(execution: Execution, statuses: readonly ExecutionChanged["status"][]): void {
    const { onExecutionChanged } = this.host;
    const { arn: machineArn } = this.resource;
    for (const status of statuses) onExecutionChanged?.({ machineArn, execution, status });
    void execution.done.then(({ status }) => onExecutionChanged?.({ machineArn, execution, status }));
  }

  #begin(input: string, name: string): Execution {
    const { resource } = this;
    const { authorizer, log, onHistoryEvent, onMapRun } = this.host;
    const { accountId } = authorizer.place;
    const arn = `${resource.arn.replace(":stateMachine:", ":execution:")}:${name}`;
    // Step Functions would refuse to create such a machine; here it is the first call that tells.
    authorizer.assumeRole(resource.role, "states.amazonaws.com", {
      "aws:sourceaccount": accountId,
      "aws:sourcearn": resource.arn,
    });
    const onEvent = (event: HistoryEvent) => {
      onHistoryEvent?.(arn);
      const line = describeEvent(event);
      if (line !== undefined) log("states", `${shortName(name)}  ${line}`);
    };
    const options = {
      machine: this.#machine,
      machineArn: resource.arn,
      machineName: resource.name,
      arn,
      name,
      input,
      roleArn: resource.role.arn,
      ports: this.#ports(name),
      keepsHistory: true,
      onEvent,
      onMapRun: (run: MapRun) => {
        this.#mapRuns.set(run.arn, run);
        onMapRun?.(run);
      },
    };
    return this.#within(arn, () => new Execution(options));
  }

  #ports(executionName: string): Ports {
    const { functions, authorizer } = this.host;
    const { arn, role } = this.resource;
    const principal = roleSession(role, authorizer.place.accountId, executionName);
    return {
      clock: systemClock,
      random: Math.random,
      uuid: randomUUID,
      runTask: (call) => invokeLambdaTask(call, principal, functions, authorizer),
      objects: this.#objects,
      authorizeChildren: (action, childMachineArn) => {
        const children = `${childMachineArn.replace(":stateMachine:", ":execution:")}:*`;
        try {
          if (action === "start") {
            // https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html names both for a run.
            authorizer.require(principal, "states:StartExecution", arn);
            authorizer.require(
              principal,
              "states:DescribeExecution",
              `${arn.replace(":stateMachine:", ":execution:")}:*`,
            );
          } else authorizer.require(principal, "states:RedriveExecution", children);
        } catch (error) {
          throw error instanceof AwsError ? new TaskError("States.Permissions", error.message) : error;
        }
      },
      region: authorizer.place.region,
    };
  }

  #forgetOldest(): void {
    if (this.#executions.size <= KEPT_EXECUTIONS) return;
    for (const [name, { outcome, arn }] of this.#executions) {
      if (outcome === undefined) continue;
      this.#executions.delete(name);
      for (const [runArn, run] of this.#mapRuns) if (run.executionArn === arn) this.#mapRuns.delete(runArn);
      return;
    }
  }
}

function readMachine({ definition, address }: StateMachineResource): Machine {
  try {
    return parseMachine(definition);
  } catch (error) {
    if (!(error instanceof DefinitionFault)) throw error;
    throw new UnsupportedError(address, `the definition is not one that can be run: ${error.message}`);
  }
}

/** Eight characters tell one execution from another, unless the caller gave it a name to be known by. */
function shortName(name: string): string {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name) ? name.slice(0, 8) : name;
}

function refuseInput(input: string): void {
  const refuse = (reason: string) =>
    new AwsError("InvalidExecutionInput", 400, `Invalid State Machine Execution Input: '${reason}'`);
  const bytes = Buffer.byteLength(input);
  if (bytes > MAX_DATA_BYTES) throw refuse(`expected at most ${MAX_DATA_BYTES} bytes but received ${bytes}`);
  if (input.trim() === "") throw refuse("Invalid execution input.");
  try {
    parseJson(input);
  } catch (error) {
    throw refuse(unrecognizedToken(input)?.message ?? (error instanceof Error ? error.message : String(error)));
  }
}
