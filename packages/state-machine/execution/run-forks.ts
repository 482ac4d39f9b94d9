import type { Json } from "../data/scope";
import type { Fork } from "./fork";
import { Aborted, endsExecution } from "./state-failure";
import type { Step } from "./step";

/** What is told of each fork. */
export interface ForkEvents {
  /** Called before a fork runs; returns the event it follows. `before` is the fork whose end made room for it. */
  readonly started: (index: number, before: Fork | undefined) => number;
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
  const forks = new ForkSet(step, make, events);
  await forks.run(count, most);
  if (step.host.signal.aborted) throw new Aborted();
  if (forks.failure !== undefined) throw forks.failure.thrown;
  return step.forks.slice(0, count).map((fork) => fork?.output ?? null);
}

interface Begun {
  readonly index: number;
  readonly fork: Fork;
  readonly startedId: number;
}

class ForkSet {
  failure: { readonly thrown: unknown } | undefined;
  private readonly running = new Set<Fork>();
  private next = 0;

  constructor(
    private readonly step: Step,
    private readonly make: (index: number) => Promise<Fork> | Fork,
    private readonly events: ForkEvents,
  ) {}

  /** As many as there is room for are begun before the first of them takes a step, as recorded. */
  async run(count: number, most: number): Promise<void> {
    const first: Begun[] = [];
    while (first.length < most) {
      const begun = await this.begin(count, undefined);
      if (begun === undefined) break;
      first.push(begun);
    }
    await Promise.all(first.map((begun) => this.runFrom(begun, count)));
  }

  private async runFrom(first: Begun, count: number): Promise<void> {
    let begun: Begun | undefined = first;
    while (begun !== undefined && this.goesOn) {
      await this.runOne(begun);
      begun = await this.begin(count, begun.fork);
    }
  }

  private get goesOn(): boolean {
    return this.failure === undefined && !this.step.host.signal.aborted;
  }

  /** The next fork that has not ended well before; `undefined` when there is none, or none may begin. */
  private async begin(count: number, before: Fork | undefined): Promise<Begun | undefined> {
    const { forks } = this.step;
    while (this.next < count && this.goesOn) {
      const index = this.next++;
      const known = forks[index];
      if (known?.output !== undefined) continue;
      try {
        const fork = known ?? (await this.make(index));
        if (!this.goesOn) return undefined;
        forks[index] = fork;
        this.running.add(fork);
        return { index, fork, startedId: this.events.started(index, before) };
      } catch (thrown) {
        this.fail(thrown);
      }
    }
    return undefined;
  }

  private async runOne({ index, fork, startedId }: Begun): Promise<void> {
    try {
      await fork.run(startedId);
      this.running.delete(fork);
      if (this.failure === undefined) this.events.succeeded(index, fork);
    } catch (thrown) {
      this.running.delete(fork);
      if (this.failure === undefined) this.fail(thrown, { index, fork });
    }
  }

  /** A failure that ends the execution leaves no events of what was around it, as recorded. */
  private fail(thrown: unknown, failed?: { readonly index: number; readonly fork: Fork }): void {
    this.failure = { thrown };
    const { host } = this.step;
    if (failed !== undefined) host.lastEventId = failed.fork.lastEventId;
    if (host.signal.aborted) return;
    if (endsExecution(thrown)) {
      for (const sibling of this.running) sibling.end();
      return;
    }
    const failedId = host.lastEventId;
    if (failed !== undefined) {
      this.events.failed(failed.index, failed.fork);
      failed.fork.leave(failedId);
    }
    for (const sibling of this.running) sibling.abort(failedId);
  }
}
