type Ended = "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** docs: API_MapRunExecutionCounts, API_MapRunItemCounts */
export interface Counts {
  pending: number;
  running: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  total: number;
  resultsWritten: number;
}

const FIELDS = { SUCCEEDED: "succeeded", FAILED: "failed", TIMED_OUT: "timedOut", ABORTED: "aborted" } as const;

/** How many children of a Map run, and how many of their items, are in which state. */
export class MapRunCounts {
  readonly executions = none();
  readonly items = none();

  started(items: number): void {
    this.#each(items, (counts, by) => {
      counts.total += by;
      counts.running += by;
    });
  }

  ended(items: number, status: Ended): void {
    this.#each(items, (counts, by) => {
      counts.running -= by;
      counts[FIELDS[status]] += by;
      if (status === "SUCCEEDED") counts.resultsWritten += by;
    });
  }

  restarted(items: number, status: Ended): void {
    this.#each(items, (counts, by) => {
      counts.running += by;
      counts[FIELDS[status]] -= by;
    });
  }

  #each(items: number, change: (counts: Counts, by: number) => void): void {
    change(this.executions, 1);
    change(this.items, items);
  }
}

function none(): Counts {
  return { pending: 0, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0, total: 0, resultsWritten: 0 };
}
