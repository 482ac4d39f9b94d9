import { describeEvent } from "./describe-event";
import { History } from "./history";
import { type Outcome, type RunOptions, run } from "./interpreter";

/** What an execution is started with. */
export interface ExecutionOptions extends Omit<RunOptions, "history" | "signal"> {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly log: (line: string) => void;
}

const FINAL_EVENTS = {
  SUCCEEDED: "ExecutionSucceeded",
  FAILED: "ExecutionFailed",
  TIMED_OUT: "ExecutionTimedOut",
  ABORTED: "ExecutionAborted",
} as const;

/** One execution of a state machine, from its start to whatever end. */
export class Execution {
  readonly arn: string;
  readonly name: string;
  /** JSON text, as it came. */
  readonly input: string;
  /** Epoch milliseconds. */
  readonly startedAt = Date.now();
  readonly history: History;
  /** Settles when it is over. */
  readonly done: Promise<void>;
  #outcome: Outcome | undefined;
  #stoppedAt: number | undefined;
  readonly #stop = new AbortController();
  #stopRequest: { readonly error?: string; readonly cause?: string } | undefined;

  constructor(options: ExecutionOptions) {
    this.arn = options.arn;
    this.name = options.name;
    this.input = options.input;
    this.history = new History((event) => {
      const line = describeEvent(event);
      if (line !== undefined) options.log(`${shortName(options.name)}  ${line}`);
    });
    this.history.add("ExecutionStarted", { input: options.input, roleArn: options.roleArn }, this.startedAt);
    this.done = this.#run({ ...options, history: this.history, signal: this.#stop.signal });
  }

  /** How it ended; undefined while it runs. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  /** Epoch milliseconds; undefined while it runs. */
  get stoppedAt(): number | undefined {
    return this.#stoppedAt;
  }

  /** Gives it up, for a reason that its history keeps. */
  async stop(error?: string, cause?: string): Promise<void> {
    this.#stopRequest ??= { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
    this.#stop.abort();
    await this.done;
  }

  async #run(options: RunOptions): Promise<void> {
    const outcome = await this.#outcomeOf(options);
    this.#outcome = outcome.status === "ABORTED" ? { ...outcome, ...this.#stopRequest } : outcome;
    this.#stoppedAt = Date.now();
    const { status, ...details } = this.#outcome;
    this.history.add(FINAL_EVENTS[status], details, this.#stoppedAt);
  }

  async #outcomeOf(options: RunOptions): Promise<Outcome> {
    try {
      return await run(options);
    } catch (error) {
      return { status: "FAILED", error: "States.Runtime", cause: String(error) };
    }
  }
}

/** Eight characters tell one execution from another, unless the caller gave it a name to be known by. */
function shortName(name: string): string {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name) ? name.slice(0, 8) : name;
}
