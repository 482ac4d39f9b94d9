import type { ExecutionStatus, Visit } from "../wire";

const WORDS: Readonly<Record<ExecutionStatus | Visit["how"], string>> = {
  RUNNING: "running",
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  TIMED_OUT: "timed out",
  ABORTED: "aborted",
  running: "running",
  left: "succeeded",
  failed: "failed",
  aborted: "aborted",
};

/** A status as a shape and a colour, with its word for who sees neither. */
export function StatusMark({
  status,
  worded = false,
}: {
  readonly status: ExecutionStatus | Visit["how"];
  readonly worded?: boolean;
}) {
  const word = WORDS[status];
  return (
    <span class={`status ${word.replace(" ", "-")}`}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <Shape word={word} />
      </svg>
      <span class={worded ? undefined : "unseen"}>{word}</span>
    </span>
  );
}

function Shape({ word }: { readonly word: string }) {
  switch (word) {
    case "succeeded":
      return <path d="M3 8.5 6.5 12 13 4.5" />;
    case "failed":
      return <path d="M4 4l8 8M12 4l-8 8" />;
    case "running":
      return <circle cx="8" cy="8" r="5" />;
    case "timed out":
      return <path d="M8 3.5V8l3 2.5M8 1.5a6.5 6.5 0 1 0 .01 0" />;
    default:
      return <path d="M3.5 8h9" />;
  }
}
