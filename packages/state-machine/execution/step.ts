import type { FieldData } from "../data/payload";
import type { Json, JsonObject } from "../data/scope";
import type { State } from "../definition/definition";
import type { Fork, ForkOptions } from "./fork";
import type { ExecutionScope, MapRunHandle } from "./scope";
import { StateFailure } from "./state-failure";

/** What a visit of a state needs of the workflow it is part of. */
export interface StepHost {
  readonly execution: ExecutionScope;
  readonly signal: AbortSignal;
  readonly variables: Readonly<Record<string, Json>>;
  readonly context: JsonObject;
  lastEventId: number;
  fork(options: ForkOptions): Fork;
}

/** One visit of a state, from its entry to its exit, through all its retries. */
export class Step {
  /** How often it was tried again. */
  retryCount = 0;
  /** A redrive goes on where this visit failed: what began before is not begun again. */
  resumes = false;
  /** The branches or iterations of a Parallel or Map, which outlive a failure until the next try or a redrive. */
  forks: (Fork | undefined)[] = [];
  /** The Map run of a distributed Map, for the same reason. */
  mapRun: MapRunHandle | undefined;
  private readonly enteredTime: string;

  constructor(
    readonly state: State,
    readonly input: Json,
    readonly host: StepHost,
    /** The id of the event `...StateEntered`. */
    readonly enteredId: number,
  ) {
    this.enteredTime = new Date(host.execution.ports.clock.now()).toISOString();
  }

  /** Begins anew after a failure. */
  retry(): void {
    this.retryCount++;
    this.resumes = false;
    this.forks = [];
    this.mapRun = undefined;
  }

  /** Adds an event after the last one of this chain. */
  add(type: string, details?: JsonObject): number {
    this.host.lastEventId = this.host.execution.history.add(type, this.host.lastEventId, details);
    return this.host.lastEventId;
  }

  /** What this state's fields are evaluated over; `input` is the effective one of JSONPath. */
  data(input: Json, more: { readonly result?: Json; readonly errorOutput?: Json } = {}): FieldData {
    // Only what can be tried again counts its tries.
    const tries = "retriers" in this.state ? { RetryCount: this.retryCount } : {};
    const context = {
      ...this.host.context,
      State: { Name: this.state.name, EnteredTime: this.enteredTime, ...tries },
    };
    return {
      input,
      scope: { context, variables: this.host.variables },
      states: { input: this.input, context, ...more },
    };
  }

  /** A failure of this state itself, with the sentence AWS begins such causes with. */
  failure(error: string, cause: string): StateFailure {
    const where = `the state '${this.state.name}' (entered at the event id #${this.enteredId})`;
    return new StateFailure(error, `An error occurred while executing ${where}. ${cause}`);
  }
}
