/** What becomes of a burst of uploads when the function has few sandboxes: a queue model of a retrier. */

/** A retrier of Amazon States Language, each field as the definition has it or with its default. */
export interface Retrier {
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  /** Retries, not attempts. */
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: "FULL" | "NONE";
}

/** Uploads at a steady rate, each of which holds one sandbox for as long as its picture takes. */
export interface Burst {
  readonly uploads: number;
  readonly uploadsPerSecond: number;
  readonly secondsEach: number;
  /** Sandboxes that may run at once; whoever comes when all are taken is answered TooManyRequestsException. */
  readonly sandboxes: number;
}

export interface BurstOutcome {
  /** Uploads whose retries were used up. */
  readonly lost: number;
  /** Retries of one upload, on average. */
  readonly retriesEach: number;
  /** The retries of the upload that needed most. */
  readonly mostRetries: number;
  /** From an upload's start until its picture was made, the longest, in seconds. */
  readonly slowestSeconds: number;
  /** From the first upload until the last picture was made, in seconds. */
  readonly seconds: number;
  /** What no queue can beat: all work spread over all sandboxes, in seconds. */
  readonly floorSeconds: number;
}

/**
 * Seconds until the retry of this number, 1 for the first.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 * @param random 0 to 1
 */
export function retryDelay(retrier: Retrier, retry: number, random: number): number {
  const delay = Math.min(retrier.IntervalSeconds * retrier.BackoffRate ** (retry - 1), retrier.MaxDelaySeconds);
  return retrier.JitterStrategy === "FULL" ? random * delay : delay;
}

/** Plays one burst, in the order of time. @param random 0 to 1, given so that a run can be repeated */
export function playBurst(burst: Burst, retrier: Retrier, random: () => number): BurstOutcome {
  const arrival = (upload: number) => upload / burst.uploadsPerSecond;
  const retries = new Uint32Array(burst.uploads);
  const attempts = new Attempts();
  const ends = new Float64Array(burst.sandboxes); // When each sandbox is free again.
  let [next, lost, total, slowest, last] = [0, 0, 0, 0, 0];
  for (;;) {
    // The next thing that happens is a first attempt or a retry.
    const retried = attempts.first();
    const isFirst = next < burst.uploads && (retried === undefined || arrival(next) <= retried.at);
    if (!isFirst && retried === undefined) break;
    const { at, upload } = isFirst || retried === undefined ? { at: arrival(next), upload: next++ } : attempts.take();
    const free = ends.findIndex((end) => end <= at);
    if (free >= 0) {
      const end = at + burst.secondsEach;
      ends[free] = end;
      last = Math.max(last, end);
      slowest = Math.max(slowest, end - arrival(upload));
      continue;
    }
    const retry = (retries[upload] ?? 0) + 1;
    if (retry > retrier.MaxAttempts) {
      lost += 1;
      continue;
    }
    retries[upload] = retry;
    total += 1;
    attempts.add({ at: at + retryDelay(retrier, retry, random()), upload });
  }
  return {
    lost,
    retriesEach: total / burst.uploads,
    mostRetries: retries.reduce((most, count) => Math.max(most, count), 0),
    slowestSeconds: slowest,
    seconds: last,
    floorSeconds: (burst.uploads * burst.secondsEach) / burst.sandboxes,
  };
}

interface Attempt {
  /** Seconds since the burst began. */
  readonly at: number;
  readonly upload: number;
}

/** Attempts to come, the earliest first: a binary heap. */
class Attempts {
  readonly #heap: Attempt[] = [];

  first(): Attempt | undefined {
    return this.#heap[0];
  }

  add(attempt: Attempt): void {
    let place = this.#heap.push(attempt) - 1;
    for (;;) {
      const parent = (place - 1) >> 1;
      const above = this.#heap[parent];
      if (above === undefined || above.at <= attempt.at) break;
      this.#heap[place] = above;
      place = parent;
    }
    this.#heap[place] = attempt;
  }

  /** @throws Error when there is none */
  take(): Attempt {
    const first = this.#heap[0];
    const moved = this.#heap.pop();
    if (first === undefined || moved === undefined) throw new Error("expected an attempt");
    if (this.#heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (this.#at(child + 1) < this.#at(child)) child += 1;
      const below = this.#heap[child];
      if (below === undefined || below.at >= moved.at) break;
      this.#heap[place] = below;
      place = child;
    }
    this.#heap[place] = moved;
    return first;
  }

  #at(place: number): number {
    return this.#heap[place]?.at ?? Number.POSITIVE_INFINITY;
  }
}
