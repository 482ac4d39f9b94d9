import { useEffect, useState } from "preact/hooks";
import type { MapRunSummary } from "../wire";
import { clockText } from "./format";
import { MapRunBar } from "./map-run-bar";
import { hrefOf } from "./route";
import { readApi } from "./server-api";
import { useChanges, useReconnected } from "./use-live";

/** While one runs its counts change with every child, of which nobody tells. */
const LOOK_AGAIN_MS = 1000;

/** The Map runs of all machines: a backfill is one of them. */
export function MapRunsView() {
  const [runs, setRuns] = useState<readonly MapRunSummary[]>();
  const read = () => readApi<readonly MapRunSummary[]>("/api/map-runs").then(setRuns, () => {});
  useEffect(() => void read(), []);
  useReconnected(() => void read());
  useChanges(({ mapRuns }) => {
    if (mapRuns.length > 0) void read();
  });
  const running = runs?.some(({ status }) => status === "RUNNING") ?? false;
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(read, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [running]);
  return (
    <article class="main">
      <h1>Map runs</h1>
      {runs?.length === 0 && (
        <p class="quiet">
          None yet. A distributed Map, such as a backfill, shows its items here while they are worked on.
        </p>
      )}
      {runs?.map((run) => (
        <section key={run.arn} aria-label={`${run.machine} ${run.execution}`}>
          <h2>
            <a href={hrefOf({ view: "executions", machine: run.machine, name: run.execution })}>{run.execution}</a>
          </h2>
          <p class="quiet">
            {run.machine}, started {clockText(run.startedAt)}
            {run.maxConcurrency > 0 && `, at most ${run.maxConcurrency} at once`}
          </p>
          <MapRunBar run={run} />
        </section>
      ))}
    </article>
  );
}
