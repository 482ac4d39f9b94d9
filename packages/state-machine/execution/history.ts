import type { Json, JsonObject } from "../data/scope";
import { MAX_EVENTS } from "../limits";
import { StateFailure } from "./state-failure";

/** One event as GetExecutionHistory gives it, with the details under the name that belongs to its type. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly type: string;
  readonly [details: `${string}EventDetails`]: JsonObject;
}

/** Where the events of an execution go. Without a listener they are numbered only, as of an Express child. */
export type EventListener = (event: HistoryEvent) => void;

/**
 * Numbers the events of one execution and gives them Amazon's names
 * (docs: API_HistoryEvent). `previousEventId` is the event that led to this one: each branch has its own chain.
 */
export class History {
  #count = 0;
  #over = false;

  constructor(
    private readonly now: () => number,
    private readonly listener: EventListener | undefined,
  ) {}

  /**
   * Adds an event and returns its id; nothing follows the end of an execution. Throws a terminal `StateFailure` for the
   * last event that leaves room for the end.
   */
  add(type: string, previousEventId: number, details?: JsonObject): number {
    if (this.#over) return this.#count;
    this.#over = /^Execution(?!Started|Redriven)/.test(type);
    if (!this.#over && this.#count >= MAX_EVENTS - 1) {
      const cause = `The execution reached the maximum number of history events (${MAX_EVENTS}).`;
      throw new StateFailure("States.Runtime", cause, true);
    }
    const id = ++this.#count;
    this.listener?.({
      timestamp: this.now() / 1000,
      type,
      id,
      previousEventId,
      ...(details && { [detailsName(type)]: details }),
    });
    return id;
  }

  /** An execution that ended goes on. */
  reopen(): void {
    this.#over = false;
  }
}

/** A text of data with what says that none of it was cut off. */
export function dataDetails<Name extends string>(name: Name, value: Json): JsonObject {
  return textDetails(name, JSON.stringify(value));
}

/** The same for JSON text. */
export function textDetails<Name extends string>(name: Name, text: string): JsonObject {
  return { [name]: text, [`${name}Details`]: { truncated: false } };
}

/** `TaskStateEntered` and its like share `stateEnteredEventDetails`; all others have their own. */
function detailsName(type: string): `${string}EventDetails` {
  const shared = /State(Entered|Exited)$/.exec(type);
  if (shared) return `state${shared[1]}EventDetails`;
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
