import { randomUUID } from "node:crypto";
import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import { roleSession } from "../iam/credentials";
import type { Json } from "../json";
import { parseJson } from "../json";
import type { Invocable } from "../lambda/lambda-function";
import type { Log } from "../log";
import type { StateMachineResource } from "../stack-model/stack-model";
import { describeEvent } from "./describe-event";
import { guardDefinition } from "./guard";
import { History } from "./history";
import { MAX_DATA_BYTES, type Outcome, type Run, run } from "./interpreter";
import { invokeLambdaTask } from "./lambda-task";

/** An execution as it stands. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  /** JSON text, as it came. */
  readonly input: string;
  readonly startedAt: number;
  readonly history: History;
  outcome: Outcome | undefined;
  stoppedAt: number | undefined;
  readonly done: Promise<void>;
  readonly stop: (error: string | undefined, cause: string | undefined) => Promise<void>;
}

/** What a state machine needs of this machine. */
export interface StateMachineHost {
  readonly functions: readonly Invocable[];
  readonly authorizer: Authorizer;
  readonly log: Log;
}

// AWS keeps finished executions for 90 days; here the last ones are enough, and memory stays flat.
const KEPT_EXECUTIONS = 500;
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
const EXECUTION_NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

/** A Standard state machine and its executions. */
export class LocalStateMachine {
  readonly createdAt = Date.now();
  readonly #executions = new Map<string, Execution>();

  /** @throws UnsupportedError for a definition the interpreter would get wrong */
  constructor(
    readonly resource: StateMachineResource,
    private readonly host: StateMachineHost,
  ) {
    guardDefinition(resource.definition, resource.address);
  }

  /** The executions, the newest first. */
  get executions(): readonly Execution[] {
    return [...this.#executions.values()].reverse();
  }

  /** The execution with an ARN, if it is still kept. */
  execution(arn: string): Execution | undefined {
    return this.#executions.get(arn.slice(arn.lastIndexOf(":") + 1));
  }

  /** StartExecution. Idempotent for a name that is running with the same input. @throws AwsError */
  async start(input: string, name: string = randomUUID()): Promise<Execution> {
    if (!EXECUTION_NAME.test(name)) throw new AwsError("InvalidName", 400, `Invalid Name: '${name}'`);
    refuseInput(input);
    const known = this.#executions.get(name);
    if (known !== undefined) {
      const arn = known.arn;
      if (known.outcome === undefined && known.input === input) return known;
      throw new AwsError("ExecutionAlreadyExists", 400, `Execution Already Exists: '${arn}'`);
    }
    // Step Functions would refuse to create such a machine; here it is the first call that tells.
    this.host.authorizer.assumeRole(this.resource.role, "states.amazonaws.com", {
      "aws:sourceaccount": this.host.authorizer.place.accountId,
      "aws:sourcearn": this.resource.arn,
    });
    return this.#begin(input, name);
  }

  /** Gives up all executions that are still running. */
  async stopAll(): Promise<void> {
    const running = this.executions.filter((execution) => execution.outcome === undefined);
    await Promise.all(running.map((execution) => execution.stop(undefined, undefined)));
  }

  async #begin(input: string, name: string): Promise<Execution> {
    const { resource, host } = this;
    const arn = `${resource.arn.replace(":stateMachine:", ":execution:")}:${name}`;
    const history = new History((event) => {
      const line = describeEvent(event);
      if (line !== undefined) host.log("states", `${shortName(name)}  ${line}`);
    });
    const startedAt = Date.now();
    const finished = Promise.withResolvers<void>();
    let abort: Run["abort"] = () => {};
    let stopped: { readonly error?: string; readonly cause?: string } | undefined;
    const execution: Execution = {
      arn,
      name,
      input,
      startedAt,
      history,
      outcome: undefined,
      stoppedAt: undefined,
      done: finished.promise,
      stop: async (error, cause) => {
        stopped ??= { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
        abort();
        await finished.promise;
      },
    };
    this.#keep(execution);
    history.add("ExecutionStarted", { input, roleArn: resource.role.arn }, startedAt);
    const principal = roleSession(resource.role, host.authorizer.place.accountId, name);
    const started = run({
      definition: resource.definition,
      input,
      region: host.authorizer.place.region,
      context: {
        Execution: { Id: arn, Name: name, RoleArn: resource.role.arn },
        StateMachine: { Id: resource.arn, Name: resource.name },
      },
      history,
      runTask: (parameters: Json) => invokeLambdaTask(parameters, principal, host.functions, host.authorizer),
    });
    started
      .then((running) => {
        abort = running.abort;
        if (stopped) abort();
        return running.outcome;
      })
      .catch((error: unknown): Outcome => ({ status: "FAILED", error: "States.Runtime", cause: String(error) }))
      .then((outcome) => {
        execution.outcome = outcome;
        execution.stoppedAt = Date.now();
        history.add(FINAL_EVENT[outcome.status], finalDetails(outcome, stopped));
        finished.resolve();
      });
    return execution;
  }

  #keep(execution: Execution): void {
    this.#executions.set(execution.name, execution);
    if (this.#executions.size <= KEPT_EXECUTIONS) return;
    for (const [name, { outcome }] of this.#executions) {
      if (outcome === undefined) continue;
      this.#executions.delete(name);
      return;
    }
  }
}

const FINAL_EVENT = {
  SUCCEEDED: "ExecutionSucceeded",
  FAILED: "ExecutionFailed",
  TIMED_OUT: "ExecutionTimedOut",
  ABORTED: "ExecutionAborted",
} as const;

function finalDetails(outcome: Outcome, stopped: { readonly [field: string]: string } | undefined) {
  if (outcome.status === "SUCCEEDED") return { output: outcome.output };
  if (outcome.status === "ABORTED") return { ...stopped };
  if (outcome.status === "TIMED_OUT") return {};
  return {
    ...(outcome.error !== undefined && { error: outcome.error }),
    ...(outcome.cause !== undefined && { cause: outcome.cause }),
  };
}

/** Eight characters tell one execution from another, unless the caller gave it a name to be known by. */
function shortName(name: string): string {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name) ? name.slice(0, 8) : name;
}

function refuseInput(input: string): void {
  const bytes = Buffer.byteLength(input);
  if (bytes > MAX_DATA_BYTES) {
    throw new AwsError(
      "InvalidExecutionInput",
      400,
      `Invalid State Machine Execution Input: expected at most ${MAX_DATA_BYTES} bytes but received ${bytes}`,
    );
  }
  try {
    parseJson(input);
  } catch (error) {
    throw new AwsError(
      "InvalidExecutionInput",
      400,
      `Invalid State Machine Execution Input: '${error instanceof Error ? error.message : error}'`,
    );
  }
}
