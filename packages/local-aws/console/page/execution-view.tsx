import type { ExecutionDetail, StackInfo } from "../wire";
import { CopiedText } from "./copied-text";
import { postCommand, startCommand, uploadCommand } from "./curl";
import { Decisions } from "./decisions";
import { countText, durationText, preciseClockText, readableCause } from "./format";
import { MachineDrawing } from "./machine-drawing";
import { isAnyRunning, MapRunBar } from "./map-run-bar";
import { Pictures } from "./pictures";
import { StatusMark } from "./status-mark";
import { stepTimes } from "./step-times";
import { Steps } from "./steps";
import { Timeline } from "./timeline";
import { useNow } from "./use-now";
import { type Read, useRead } from "./use-read";

/** One execution, as it is now and while it changes. */
export function ExecutionView({
  stack,
  machine,
  name,
}: {
  readonly stack: StackInfo;
  readonly machine: string;
  readonly name: string;
}) {
  const { value: detail, error } = useDetail(machine, name);
  const now = useNow(detail?.summary.status === "RUNNING");
  if (error !== undefined) {
    return (
      <p class="failure" role="alert">
        {error}
      </p>
    );
  }
  if (detail === undefined) return <p class="quiet">…</p>;
  const { summary, visits, decisions, moreDecisions, source, renditions, mapRuns } = detail;
  const definition = stack.machines.find((one) => one.name === machine);
  const end = summary.stoppedAt ?? now;
  const steps = stepTimes(summary.startedAt, decisions, visits);
  const retries = visits.reduce((sum, { attempts }) => sum + Math.max(0, attempts.length - 1), 0);
  return (
    <article class="execution" aria-labelledby="execution-title">
      <header>
        <h1 id="execution-title">{summary.key ?? summary.name}</h1>
        <p class="facts">
          <StatusMark status={summary.status} worded />
          <span>{durationText(end - summary.startedAt)}</span>
          <span>started {preciseClockText(summary.startedAt)}</span>
          {retries > 0 && <span>{countText(retries, "retry", "retries")}</span>}
          {summary.redriveCount > 0 && <span>{countText(summary.redriveCount, "redrive")}</span>}
        </p>
      </header>
      {detail.error !== undefined && (
        <section class="refusal" aria-label="What failed">
          <h2>{detail.error}</h2>
          <p>{readableCause(detail.cause ?? "")}</p>
        </section>
      )}
      {(source !== undefined || renditions.length > 0) && (
        <section aria-labelledby="pictures-title">
          <h2 id="pictures-title">Pictures</h2>
          <Pictures stack={stack} source={source} renditions={renditions} />
        </section>
      )}
      <div class="machine-and-history">
        {definition !== undefined && (
          <section class="machine-section" aria-labelledby="machine-title">
            <h2 id="machine-title">State machine</h2>
            <MachineDrawing machine={definition} visits={visits} />
          </section>
        )}
        <section aria-labelledby="history-title">
          <h2 id="history-title">History</h2>
          <Timeline visits={visits} from={summary.startedAt} to={end} />
          {steps !== undefined && <Steps steps={steps} />}
          {mapRuns.map((run) => (
            <MapRunBar key={run.arn} run={run} />
          ))}
        </section>
      </div>
      <section aria-labelledby="decisions-title">
        <h2 id="decisions-title">
          IAM decisions <span class="quiet">{decisionCounts(decisions)}</span>
        </h2>
        <Decisions decisions={decisions} more={moreDecisions} />
      </section>
      <section aria-labelledby="by-hand-title">
        <h2 id="by-hand-title">The same by hand</h2>
        {source !== undefined && (
          <CopiedText label="the upload as a command" text={uploadCommand(stack, source.bucket, source.key)} />
        )}
        {summary.key !== undefined && (
          <CopiedText label="the call of the API as a command" text={postCommand(stack, detail.input)} />
        )}
        <CopiedText label="the start as a command" text={startCommand(stack, detail.arn, detail.input)} />
      </section>
    </article>
  );
}

function decisionCounts(decisions: ExecutionDetail["decisions"]): string {
  const denied = decisions.filter(({ allowed }) => !allowed).length;
  const allowed = decisions.length - denied;
  return denied === 0 ? `${allowed} allowed` : `${allowed} allowed, ${denied} denied`;
}

/** An execution and its pictures. */
function useDetail(machine: string, name: string): Read<ExecutionDetail> {
  return useRead(`/api/executions/${encodeURIComponent(machine)}/${encodeURIComponent(name)}`, {
    isChanged: ({ executions, objects }, detail) => {
      const pictures = detail === undefined ? [] : [detail.source, ...detail.renditions];
      return (
        executions.some((one) => one.machine === machine && one.name === name) ||
        objects.some(({ bucket, key }) => pictures.some((picture) => picture?.bucket === bucket && picture.key === key))
      );
    },
    movesOn: ({ mapRuns }) => isAnyRunning(mapRuns),
  });
}
