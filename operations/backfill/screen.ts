import type { Screen } from "./watch";

const LINE_MS = 10_000;

/** One line that is written over at a terminal; elsewhere, in a log, a line now and then. On standard error. */
export function screen(): Screen {
  const { stderr } = process;
  if (stderr.isTTY) {
    return {
      show: (line) => void stderr.write(`\r\u001b[K${line}`),
      clear: () => void stderr.write("\n"),
    };
  }
  let last = 0;
  let waiting: string | undefined;
  return {
    show: (line) => {
      waiting = line;
      if (Date.now() - last < LINE_MS) return;
      last = Date.now();
      stderr.write(`${line}\n`);
      waiting = undefined;
    },
    clear: () => {
      if (waiting !== undefined) stderr.write(`${waiting}\n`);
    },
  };
}
