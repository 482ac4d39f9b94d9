import type { Json } from "../data/scope";
import type { Fork } from "./fork";
import { Aborted } from "./state-failure";
import type { Step } from "./step";

/** What is told of each fork. */
export interface ForkEvents {
  /** Called before a fork runs; returns the event it follows. */
  readonly started: (index: number) => number;
  readonly succeeded: (index: number, fork: Fork) => void;
  readonly failed: (index: number, fork: Fork) => void;
}

/**
 * Runs the forks of a step, at most `most` at a time, and gives their outputs in order. When one fails, those that run
 * are ended, no other begins, and its failure is thrown. Forks that ended well before are not run again.
 */
export async function runForks(
  step: Step,
  count: number,
  most: number,
  make: (index: number) => Promise<Fork> | Fork,
  events: ForkEvents,
): Promise<readonly Json[]> {
  const running = new Set<Fork>();
  let next = 0;
  let failure: { readonly thrown: unknown } | undefined;

  const runOne = async (index: number): Promise<void> => {
    const { forks } = step;
    const known = forks[index];
    if (known?.output !== undefined) return;
    const fork = known ?? (await make(index));
    if (failure !== undefined || step.host.signal.aborted) return;
    forks[index] = fork;
    running.add(fork);
    try {
      await fork.run(events.started(index));
      running.delete(fork);
      if (failure === undefined) events.succeeded(index, fork);
    } catch (thrown) {
      running.delete(fork);
      if (failure === undefined) fail(index, fork, thrown);
    }
  };
  const fail = (index: number, fork: Fork, thrown: unknown): void => {
    failure = { thrown };
    step.host.lastEventId = fork.lastEventId;
    if (!step.host.signal.aborted) {
      events.failed(index, fork);
      for (const sibling of running) sibling.abort();
    }
  };
  const worker = async (): Promise<void> => {
    while (next < count && failure === undefined) {
      try {
        await runOne(next++);
      } catch (thrown) {
        failure ??= { thrown };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, most) }, worker));
  if (step.host.signal.aborted) throw new Aborted();
  if (failure !== undefined) throw failure.thrown;
  return step.forks.slice(0, count).map((fork) => fork?.output ?? null);
}
