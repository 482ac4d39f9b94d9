import { setTimeout as sleep } from "node:timers/promises";
import type { BackfillRuns, Run, RunEnd, RunProgress } from "./backfill-runs";
import { duration } from "./forecast";

// DescribeMapRun has 5 a second or more: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
const LOOK_MS = 2_000;
// A few pictures are made before that.
const FIRST_LOOK_MS = 250;
// A rate of less would jump with every large picture.
const RATE_MS = 60_000;
const MS_PER_SECOND = 1_000;

/** How a line of progress is shown. */
export interface Screen {
  readonly show: (line: string) => void;
  readonly clear: () => void;
}

/** Follows a run until it ends, or until `stop` says that nobody looks any more: then undefined. */
export async function watch(
  runs: BackfillRuns,
  run: Run,
  screen: Screen,
  stop: AbortSignal,
  expected?: number,
): Promise<RunEnd | undefined> {
  const pace = new RecentRate(RATE_MS);
  let pause = FIRST_LOOK_MS;
  try {
    while (!stop.aborted) {
      const end = await runs.end(run);
      const progress = await runs.progress(run);
      if (progress !== undefined) screen.show(progressLine(progress, pace, expected, Date.now()));
      if (end !== undefined) return end;
      // It ends early where nobody looks any more, which the loop sees.
      await sleep(pause, undefined, { signal: stop }).catch(() => undefined);
      pause = Math.min(2 * pause, LOOK_MS);
    }
    return undefined;
  } finally {
    screen.clear();
  }
}

/** `done 1,234 of 10,000, failed 20, 85.0 a second, 2 min left`. */
export function progressLine(
  { succeeded, failed, total }: RunProgress,
  pace: RecentRate,
  expected: number | undefined,
  now: number,
): string {
  const all = Math.max(total, expected ?? 0);
  const perSecond = pace.after(succeeded + failed, now);
  const number = (value: number) => value.toLocaleString("en-US");
  // Without a count from before, the listing may be far from its end.
  const of = expected === undefined ? `${number(all)} found so far` : number(all);
  const left = perSecond > 0 ? `, ${duration((all - succeeded - failed) / perSecond)} left` : "";
  return `done ${number(succeeded)} of ${of}, failed ${number(failed)}, ${perSecond.toFixed(1)} a second${left}`;
}

/** Pictures a second of the last while. */
export class RecentRate {
  readonly #looks: { readonly count: number; readonly at: number }[] = [];

  constructor(private readonly windowMs: number) {}

  after(count: number, at: number): number {
    this.#looks.push({ count, at });
    while (this.#looks.length > 2 && (this.#looks[0]?.at ?? at) < at - this.windowMs) this.#looks.shift();
    const first = this.#looks[0];
    if (first === undefined || first.at === at) return 0;
    return ((count - first.count) * MS_PER_SECOND) / (at - first.at);
  }
}
