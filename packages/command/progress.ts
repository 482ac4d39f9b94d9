/** What is being done, and how many of it are done. */
export type Progress = (doing: string, done: number) => void;

const PROGRESS_MS = 1_000;

/** A line each second, on standard error. */
export function progressOnTerminal(): Progress {
  let last = Date.now();
  return (doing, done) => {
    if (Date.now() - last < PROGRESS_MS) return;
    last = Date.now();
    console.error(`${doing}: ${done}`);
  };
}
