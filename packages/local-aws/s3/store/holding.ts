/** Bytes in memory or the path of a file with them; it ends with the last one that uses it. */
export class Holding {
  #users = 0;

  constructor(
    readonly content: Buffer | string,
    private readonly end: () => void,
  ) {}

  retain(): this {
    this.#users++;
    return this;
  }

  release(): void {
    if (--this.#users === 0) this.end();
  }
}
