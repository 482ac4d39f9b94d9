/**
 * Lets only so many sandboxes work at once; the others wait their turn. AWS has a thousand machines behind it, a laptop
 * has its cores: beyond them more sandboxes make every picture slower and none sooner.
 */
export class SandboxQueue {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Runs a task as soon as there is room. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
