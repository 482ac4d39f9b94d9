/** Time as an execution sees it: tests give it one of their own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** setTimeout holds 31 bits of milliseconds; a longer wait would fire at once. */
const LONGEST_TIMER = 2_147_483_647;

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async wait(milliseconds, signal) {
    const end = Date.now() + milliseconds;
    for (let left = milliseconds; left > 0 && !signal.aborted; left = end - Date.now()) {
      await sleep(Math.min(left, LONGEST_TIMER), signal);
    }
  },
};

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
