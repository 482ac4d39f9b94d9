import type { LogLine, LogPart } from "../wire";

const KEPT_LINES = 5_000;

/** The last lines of the log, numbered. */
export class LogLines {
  #lines: LogLine[] = [];
  #count = 0;

  add(part: LogPart, text: string): LogLine {
    const line = { id: ++this.#count, at: Date.now(), part, text };
    this.#lines.push(line);
    // Seldom, and many at once: taking one off the front moves all others.
    if (this.#lines.length >= 2 * KEPT_LINES) this.#lines = this.#lines.slice(-KEPT_LINES);
    return line;
  }

  /** The newest first. */
  get newestFirst(): readonly LogLine[] {
    return this.#lines.slice(-KEPT_LINES).reverse();
  }
}
