import { isShallow, MAX_DEPTH } from "../data/json-text";
import type { Json, JsonObject } from "../data/scope";
import type { Machine } from "../definition/definition";
import { History, type HistoryEvent, textDetails } from "./history";
import { MapRun } from "./map-run";
import type { Outcome } from "./outcome";
import type { Ports } from "./ports";
import type { ExecutionScope, MapRunOptions } from "./scope";
import { StateFailure } from "./state-failure";
import { WorkflowRun } from "./workflow-run";

/** What an execution is started with. */
export interface ExecutionOptions {
  readonly machine: Machine;
  readonly machineArn: string;
  readonly machineName: string;
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  /** JSON text, as it came. */
  readonly input: string;
  readonly ports: Ports;
  /** False for an Express execution, whose events nobody can ask for. */
  readonly keepsHistory: boolean;
  /** Called with each event. */
  readonly onEvent?: (event: HistoryEvent) => void;
  /** Called with each Map run that a distributed Map starts. */
  readonly onMapRun?: (run: MapRun) => void;
  readonly mapRunArn?: string;
  readonly itemCount?: number;
}

const FINAL_EVENTS = {
  SUCCEEDED: "ExecutionSucceeded",
  FAILED: "ExecutionFailed",
  TIMED_OUT: "ExecutionTimedOut",
  ABORTED: "ExecutionAborted",
} as const;

/** One execution of a state machine, from its start to whatever end, and on from there when it is redriven. */
export class Execution {
  readonly arn: string;
  readonly name: string;
  readonly input: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  redriveCount = 0;
  redrivenAt: number | undefined;
  #outcome: Outcome | undefined;
  #stoppedAt: number | undefined;
  #done: Promise<Outcome>;
  #end: Outcome | undefined;
  readonly #history: History;
  readonly #events: HistoryEvent[] = [];
  readonly #run: WorkflowRun;
  readonly #options: ExecutionOptions;
  #lastEventId: number;

  /** Starts it. `machine` and `input` were checked by the caller: an input that is no JSON throws. */
  constructor(options: ExecutionOptions) {
    const { arn, name, input, roleArn, ports, machine, onEvent } = options;
    this.#options = options;
    this.arn = arn;
    this.name = name;
    this.input = input;
    this.startedAt = ports.clock.now();
    const listener = (event: HistoryEvent) => {
      this.#events.push(event);
      onEvent?.(event);
    };
    this.#history = new History(() => ports.clock.now(), options.keepsHistory ? listener : onEvent);
    this.#history.add("ExecutionStarted", 0, { ...textDetails("input", input), roleArn });
    const value: Json = JSON.parse(input);
    const context = this.#context(value);
    this.#run = new WorkflowRun(machine, {
      execution: this.#scope(),
      input: value,
      context,
      variables: {},
      inputText: input,
    });
    // The first state follows nothing: the event that opens a history does not count.
    this.#lastEventId = 0;
    this.#done = this.#go(isShallow(value) ? undefined : tooDeep());
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** The Map run it is a child of. */
  get mapRunArn(): string | undefined {
    return this.#options.mapRunArn;
  }

  get itemCount(): number | undefined {
    return this.#options.itemCount;
  }

  /** How it ended; undefined while it runs. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  /** Epoch milliseconds; undefined while it runs. */
  get stoppedAt(): number | undefined {
    return this.#stoppedAt;
  }

  /** Settles when it is over, each time anew after a redrive. */
  get done(): Promise<Outcome> {
    return this.#done;
  }

  /** Gives it up, for a reason that its history keeps. */
  async stop(error?: string, cause?: string): Promise<void> {
    if (this.#outcome !== undefined) return;
    this.#giveUp({ status: "ABORTED", ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) });
    await this.#done;
  }

  /** Goes on where it failed, was aborted or timed out (docs: redrive-executions). */
  redrive(): void {
    this.redriveCount++;
    this.redrivenAt = this.#options.ports.clock.now();
    this.#outcome = undefined;
    this.#stoppedAt = undefined;
    this.#end = undefined;
    this.#history.reopen();
    this.#lastEventId = this.#history.add("ExecutionRedriven", this.#lastEventId, { redriveCount: this.redriveCount });
    this.#done = this.#go(undefined);
  }

  #giveUp(outcome: Outcome): void {
    this.#end ??= outcome;
    this.#run.end();
  }

  async #go(refused: Outcome | undefined): Promise<Outcome> {
    const { ports, machine } = this.#options;
    const over = new AbortController();
    if (machine.timeoutSeconds !== undefined) {
      void ports.clock.wait(machine.timeoutSeconds * 1_000, over.signal).then(() => {
        if (!over.signal.aborted) this.#giveUp({ status: "TIMED_OUT" });
      });
    }
    const reached = refused ?? (await this.#reach());
    over.abort();
    const outcome = this.#end ?? reached;
    this.#outcome = outcome;
    this.#stoppedAt = ports.clock.now();
    const { status, ...details } = outcome;
    // What ends an execution from outside follows nothing, as recorded; only its event names a timeout.
    const previous = status === "ABORTED" || status === "TIMED_OUT" ? 0 : this.#run.lastEventId;
    const told = status === "TIMED_OUT" ? { error: "States.Timeout" } : detailsOf(details);
    this.#lastEventId = this.#history.add(FINAL_EVENTS[status], previous, told);
    return outcome;
  }

  async #reach(): Promise<Outcome> {
    try {
      return { status: "SUCCEEDED", output: JSON.stringify(await this.#run.run(this.#lastEventId)) };
    } catch (thrown) {
      if (!(thrown instanceof StateFailure))
        return { status: "FAILED", error: "States.Runtime", cause: String(thrown) };
      const { error, cause } = thrown;
      return { status: "FAILED", ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
    }
  }

  #context(input: Json): JsonObject {
    const { arn, name, roleArn, machineArn, machineName } = this.#options;
    const execution = this;
    return {
      Execution: {
        Id: arn,
        Input: input,
        StartTime: new Date(this.startedAt).toISOString(),
        Name: name,
        RoleArn: roleArn,
        // Read when it is asked for: a redrive changes it.
        get RedriveCount() {
          return execution.redriveCount;
        },
      },
      StateMachine: { Id: machineArn, Name: machineName },
    };
  }

  #scope(): ExecutionScope {
    const { ports, onMapRun } = this.#options;
    return {
      ports,
      history: this.#history,
      startMapRun: (options) => {
        const run = this.#mapRun(options);
        onMapRun?.(run);
        return run;
      },
    };
  }

  #mapRun(options: MapRunOptions): MapRun {
    const { arn, machineArn, machineName, roleArn, ports } = this.#options;
    return new MapRun(
      options,
      { arn, machineArn, ports },
      (child) => new Execution({ ...child, machineName, roleArn, ports }),
    );
  }
}

function detailsOf(details: {
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}): JsonObject {
  const { output, ...failure } = details;
  return output === undefined ? failure : textDetails("output", output);
}

function tooDeep(): Outcome {
  const cause = `Expected JSON of at most ${MAX_DEPTH} levels but received deeper nesting`;
  return { status: "FAILED", error: "States.Runtime", cause };
}
