import type { MapRunSummary } from "../wire";
import { clockText } from "./format";
import { isAnyRunning, MapRunBar } from "./map-run-bar";
import { hrefOf } from "./route";
import { useRead } from "./use-read";

/** The Map runs of all machines: a backfill is one of them. */
export function MapRunsView() {
  const { value: runs, error } = useRead<readonly MapRunSummary[]>("/api/map-runs", {
    isChanged: ({ mapRuns }) => mapRuns.length > 0,
    movesOn: isAnyRunning,
  });
  return (
    <article class="main">
      <h1>Map runs</h1>
      {error !== undefined && (
        <p class="failure" role="alert">
          {error}
        </p>
      )}
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
