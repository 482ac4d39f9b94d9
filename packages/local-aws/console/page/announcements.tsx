import { useRef, useState } from "preact/hooks";
import type { ExecutionSummary } from "../wire";
import { useChanges } from "./use-live";

/** Faster than this nobody could listen. */
const GATHER_MS = 1000;

/** Says aloud, for who does not see it, how executions end. */
export function Announcements() {
  const [text, setText] = useState("");
  const ended = useRef<ExecutionSummary[]>([]);
  const timer = useRef<number | undefined>(undefined);
  useChanges(({ executions }) => {
    ended.current.push(...executions.filter(({ status }) => status !== "RUNNING"));
    if (ended.current.length === 0) return;
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      setText(spoken(ended.current.splice(0)));
    }, GATHER_MS);
  });
  return (
    <p class="unseen" aria-live="polite">
      {text}
    </p>
  );
}

function spoken(ended: readonly ExecutionSummary[]): string {
  const [first, second] = ended;
  if (first === undefined) return "";
  const word = first.status.toLowerCase().replace("_", " ");
  if (second === undefined) return `${first.key ?? first.name} ${word}${first.error ? `, ${first.error}` : ""}`;
  const failed = ended.filter(({ status }) => status !== "SUCCEEDED").length;
  return `${ended.length} executions ended${failed > 0 ? `, ${failed} of them not well` : ""}`;
}
