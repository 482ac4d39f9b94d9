/** Writes one line for a person: which part of the pipeline speaks, and what happened. */
export type Log = (
  part: "http" | "states" | "lambda" | "s3" | "events" | "iam" | "sqs" | "sns" | "delivery" | "runner",
  text: string,
) => void;

const COLUMNS = 160;
// Their reason stands at the end.
const NEVER_CUT = /^\S+ {2}(iam|runner) |failed: |FAILED: /;

/** A log that puts the time in front and, if asked, cuts what would not fit a line; denials and failures never. */
export function timestampedLog(write: (line: string) => void, { cut }: { readonly cut: boolean }): Log {
  return (part, text) => {
    for (const line of text.split("\n")) {
      const whole = `${new Date().toISOString().slice(11, 23)}  ${part.padEnd(6)}  ${line}`;
      const fits = !cut || whole.length <= COLUMNS || NEVER_CUT.test(whole);
      write(fits ? whole : `${whole.slice(0, COLUMNS - 3)}...`);
    }
  };
}
