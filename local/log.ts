/** Writes one line for a person: which part of the pipeline speaks, and what happened. */
export type Log = (
  part: "http" | "states" | "lambda" | "s3" | "events" | "iam" | "sqs" | "runner",
  text: string,
) => void;

const COLUMNS = 160;

/** A log that puts the time in front and, unless `verbose`, cuts what would not fit a line. Denials are never cut. */
export function timestampedLog(write: (line: string) => void, { verbose = false } = {}): Log {
  return (part, text) => {
    const start = `${new Date().toISOString().slice(11, 23)}  ${part.padEnd(6)}  `;
    const whole = verbose || part === "iam" || part === "runner";
    for (const line of text.split("\n")) write(whole ? start + line : cut(start + line));
  };
}

function cut(line: string): string {
  return line.length > COLUMNS ? `${line.slice(0, COLUMNS - 3)}...` : line;
}
