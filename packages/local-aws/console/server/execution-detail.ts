import type { Execution } from "@image-pipeline/state-machine";
import type { DecisionTrail } from "../../iam/decision-trail";
import type { BucketStore } from "../../s3/store/bucket-store";
import type { LocalStateMachine } from "../../step-functions/state-machine";
import { keyPath } from "../key-path";
import type { ExecutionDetail, Rendition, StoredPicture } from "../wire";
import { resultsOf } from "./execution-results";
import { visitsOf } from "./execution-visits";
import { decisionLine, keyOf, mapRunOf, summaryOf } from "./executions-view";
import { storedObject } from "./objects-view";

/** Where to look for what an execution is about. */
export interface DetailSources {
  readonly trail: DecisionTrail;
  readonly contents: (bucket: string) => BucketStore | undefined;
  readonly originalBucket: string | undefined;
  readonly deliveryUrl: string | undefined;
}

/** Everything that is known of an execution. */
export function detailOf(machine: LocalStateMachine, execution: Execution, sources: DetailSources): ExecutionDetail {
  const { arn, input, outcome, events } = execution;
  const { kept, forgotten } = sources.trail.decisions(arn);
  const source = sourceOf(execution, sources);
  const { name } = machine.resource;
  return {
    summary: summaryOf(name, execution, sources.contents),
    arn,
    input,
    ...(outcome?.status === "SUCCEEDED" && { output: outcome.output }),
    ...(outcome !== undefined && "error" in outcome && outcome.error !== undefined && { error: outcome.error }),
    ...(outcome !== undefined && "cause" in outcome && outcome.cause !== undefined && { cause: outcome.cause }),
    visits: visitsOf(events),
    decisions: kept.map(decisionLine),
    moreDecisions: forgotten,
    ...(source && { source }),
    renditions: renditionsOf(execution, sources),
    mapRuns: machine.mapRuns.filter((run) => run.executionArn === arn).map((run) => mapRunOf(name, run)),
  };
}

function sourceOf(execution: Execution, { contents, originalBucket }: DetailSources): StoredPicture | undefined {
  const said = resultsOf(execution).source;
  const bucket = said?.bucket ?? originalBucket;
  const key = said?.key ?? keyOf(execution);
  if (key === undefined || bucket === undefined) return undefined;
  const version = contents(bucket)?.current(key);
  return version && { ...said, ...storedObject(bucket, version) };
}

/** The pictures an output names, with what the store has of them now. */
function renditionsOf(execution: Execution, { contents, deliveryUrl }: DetailSources): readonly Rendition[] {
  return resultsOf(execution).renditions.map((said) => {
    const { bucket, key, name = key } = said;
    const version = contents(bucket)?.current(key);
    return {
      ...said,
      name,
      ...(version && { object: storedObject(bucket, version) }),
      ...(deliveryUrl !== undefined && { deliveryUrl: `${deliveryUrl}/${keyPath(key)}` }),
    };
  });
}
