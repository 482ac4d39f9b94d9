import type { Json } from "../json";

/** One event as GetExecutionHistory gives it, with the details under the name that belongs to its type. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly type: string;
  readonly [details: `${string}EventDetails`]: { readonly [field: string]: Json };
}

/**
 * The events of one execution, with Amazon's types, ids and order.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export class History {
  readonly #events: HistoryEvent[] = [];
  #over = false;

  constructor(private readonly onEvent: (event: HistoryEvent) => void) {}

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** Whether the last event was written. */
  get over(): boolean {
    return this.#over;
  }

  /**
   * Adds an event; `details` goes under its type's own name, such as `taskScheduledEventDetails`. Nothing follows the end
   * of an execution, though a task that was given up may still answer.
   */
  add(type: string, details: { readonly [field: string]: Json } | undefined, timestamp = Date.now()): void {
    if (this.#over) return;
    this.#over = /^Execution(?!Started)/.test(type);
    const id = this.#events.length + 1;
    // The first state follows nothing: only the event that opens a history comes before it, and that one does not count.
    const previousEventId = id <= 2 ? 0 : id - 1;
    const event: HistoryEvent = {
      timestamp: timestamp / 1000,
      type,
      id,
      previousEventId,
      ...(details && { [detailsName(type)]: details }),
    };
    this.#events.push(event);
    this.onEvent(event);
  }
}

/** `TaskStateEntered` and its like share `stateEnteredEventDetails`; all others have their own. */
function detailsName(type: string): `${string}EventDetails` {
  const shared = /State(Entered|Exited)$/.exec(type);
  if (shared) return `state${shared[1]}EventDetails`;
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
