import type { Clock } from "../../index";

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** Time that passes as soon as nothing else is left to do: hours take milliseconds. */
export class VirtualClock implements Clock {
  readonly start = Date.parse("2030-01-01T00:00:00Z");
  #now = this.start;
  #timers: Timer[] = [];
  #scheduled = false;

  now(): number {
    return this.#now;
  }

  /** Seconds since the start. */
  get elapsed(): number {
    return (this.#now - this.start) / 1_000;
  }

  wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = { at: this.#now + milliseconds, fire: resolve };
      this.#timers.push(timer);
      signal.addEventListener("abort", () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        resolve();
      });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const next = this.#timers.reduce<Timer | undefined>(
        (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
        undefined,
      );
      if (next === undefined) return;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.at);
      next.fire();
      this.#schedule();
    });
  }
}
