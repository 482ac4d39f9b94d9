import type { Writable } from "node:stream";

/**
 * Writes lines, those of one turn of the event loop together: a terminal or a pipe is waited for at each write, and an
 * execution has a dozen lines. Whoever does not read them any more (`npm start | head`) does not stop the program.
 */
export class LineOutput {
  #collecting = false;

  constructor(private readonly stream: Writable) {
    stream.on("error", () => {});
  }

  write(line: string): void {
    if (!this.#collecting) {
      this.#collecting = true;
      this.stream.cork();
      setImmediate(() => this.flush());
    }
    this.stream.write(`${line}\n`);
  }

  /** Hands over what was collected. */
  flush(): void {
    if (!this.#collecting) return;
    this.#collecting = false;
    this.stream.uncork();
  }
}
