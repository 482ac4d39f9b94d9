import { Refusal } from "./errors";

// Kept back from the function's own timeout, so that the answer is ours and has a name.
const RESERVED_MILLISECONDS = 500;

/** The moment by which an invocation must have answered. */
export class Deadline {
  /** Aborts when time is up. */
  readonly signal: AbortSignal;
  private readonly end: number;

  constructor(remainingMilliseconds: number) {
    const milliseconds = Math.max(0, remainingMilliseconds - RESERVED_MILLISECONDS);
    this.end = Date.now() + milliseconds;
    this.signal = AbortSignal.timeout(milliseconds);
  }

  /** Whole seconds left, at least one: what sharp counts its own timeout in. */
  get secondsLeft(): number {
    return Math.max(1, Math.ceil((this.end - Date.now()) / 1000));
  }

  /** What `work` gives, if it does so in time. @throws Refusal DeadlineExceeded */
  async race<T>(work: Promise<T>): Promise<T> {
    let stopListening = () => {};
    const expired = new Promise<never>((_, reject) => {
      const expire = () => reject(this.exceeded());
      if (this.signal.aborted) return expire();
      this.signal.addEventListener("abort", expire);
      stopListening = () => this.signal.removeEventListener("abort", expire);
    });
    try {
      return await Promise.race([expired, work]);
    } finally {
      stopListening();
    }
  }

  /** What to throw when time is up. */
  exceeded(): Refusal {
    return new Refusal("DeadlineExceeded", "Expected to finish within the function's timeout but time is up");
  }
}
