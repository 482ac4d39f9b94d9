import type { MapRunSummary } from "../wire";
import { countText, durationText, readableCause } from "./format";
import { StatusMark } from "./status-mark";
import { useNow } from "./use-now";

const PARTS = [
  ["succeeded", "succeeded"],
  ["failed", "failed"],
  ["timedOut", "timed out"],
  ["aborted", "aborted"],
  ["running", "running"],
] as const;

/** Whether the counts of one still change, with every child of it. */
export function isAnyRunning(runs: readonly MapRunSummary[]): boolean {
  return runs.some(({ status }) => status === "RUNNING");
}

/** A Map run as a bar of its items, and the counts in words. */
export function MapRunBar({ run }: { readonly run: MapRunSummary }) {
  const { items, executions, startedAt, stoppedAt, status } = run;
  const whole = Math.max(1, items.total);
  const done = items.succeeded + items.failed + items.timedOut + items.aborted;
  const now = useNow(stoppedAt === undefined);
  const seconds = Math.max(0, (stoppedAt ?? now) - startedAt) / 1000;
  return (
    <section class="map-run" aria-label={`Map run ${run.arn}`}>
      <p class="facts">
        <strong>{status.toLowerCase()}</strong>
        <span>{countText(items.total, "item")}</span>
        <span>{countText(executions.total, "child execution")}</span>
        <span>{durationText(seconds * 1000)}</span>
        {seconds > 0 && <span>{(done / seconds).toFixed(1)} items/s</span>}
      </p>
      <div class="stacked-bar" aria-hidden="true">
        {PARTS.map(([field, word]) => (
          <span
            key={field}
            class={`bar ${word.replace(" ", "-")}`}
            style={{ width: `${(items[field] / whole) * 100}%` }}
          />
        ))}
      </div>
      <p class="facts quiet">
        {PARTS.filter(([field]) => items[field] > 0).map(([field, word]) => (
          <span key={field}>
            {items[field].toLocaleString("en")} {word}
          </span>
        ))}
      </p>
      {run.failures.length > 0 && (
        <ul class="child-failures">
          {run.failures.map(({ name, status, key, error, cause }) => (
            <li key={name}>
              <StatusMark status={status} /> {key ?? name}
              {error !== undefined && <strong> {error}</strong>}
              {cause !== undefined && <p class="cause">{readableCause(cause)}</p>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
