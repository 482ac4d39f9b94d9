/** Writes one line for a person: which part of the pipeline speaks, and what happened. */
export type Log = (
  part: "http" | "states" | "lambda" | "s3" | "events" | "iam" | "sqs" | "runner",
  text: string,
) => void;

/** A log that puts the time in front. */
export function timestampedLog(write: (line: string) => void): Log {
  return (part, text) => {
    const time = new Date().toISOString().slice(11, 23);
    for (const line of text.split("\n")) write(`${time}  ${part.padEnd(6)}  ${line}`);
  };
}
