/** Does one thing at a time, and of those asked for meanwhile only the last; what takes too long is given up for it. */
export class LatestOnly<Input> {
  #next: { readonly input: Input } | undefined;
  #running: AbortController | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly run: (input: Input, signal: AbortSignal) => Promise<void>,
    private readonly patienceMs: number,
  ) {}

  ask(input: Input): void {
    this.#next = { input };
    if (this.#running === undefined) void this.#work();
    else this.#patience ??= setTimeout(() => this.#running?.abort(), this.patienceMs);
  }

  /** Gives up what runs, and what would come. */
  stop(): void {
    this.#next = undefined;
    clearTimeout(this.#patience);
    this.#running?.abort();
  }

  async #work(): Promise<void> {
    for (let next = this.#next; next !== undefined; next = this.#next) {
      this.#next = undefined;
      this.#running = new AbortController();
      await this.run(next.input, this.#running.signal).catch(() => {});
      clearTimeout(this.#patience);
      this.#patience = undefined;
    }
    this.#running = undefined;
  }
}
