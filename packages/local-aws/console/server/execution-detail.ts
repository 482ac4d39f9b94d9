import type { Execution } from "@image-pipeline/state-machine";
import type { DecisionTrail } from "../../iam/decision-trail";
import { isJsonObject, type Json, parseJson } from "../../json";
import type { BucketStore } from "../../s3/store/bucket-store";
import type { LocalStateMachine } from "../../step-functions/state-machine";
import type { ExecutionDetail, Rendition, StoredObject } from "../wire";
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
    summary: summaryOf(name, execution),
    arn,
    input,
    ...(outcome?.status === "SUCCEEDED" && { output: outcome.output }),
    ...(outcome !== undefined && "error" in outcome && outcome.error !== undefined && { error: outcome.error }),
    ...(outcome !== undefined && "cause" in outcome && outcome.cause !== undefined && { cause: outcome.cause }),
    visits: visitsOf(events),
    decisions: kept.map(decisionLine),
    moreDecisions: forgotten,
    ...(source && { source }),
    renditions: outcome?.status === "SUCCEEDED" ? renditionsOf(parseJson(outcome.output), sources) : [],
    mapRuns: machine.mapRuns.filter((run) => run.executionArn === arn).map((run) => mapRunOf(name, run)),
  };
}

function sourceOf(execution: Execution, { contents, originalBucket }: DetailSources): StoredObject | undefined {
  const key = keyOf(execution);
  if (key === undefined || originalBucket === undefined) return undefined;
  const version = contents(originalBucket)?.current(key);
  return version && storedObject(originalBucket, version);
}

/** The pictures an output names, with what the store has of them now. */
function renditionsOf(output: Json, { contents, deliveryUrl }: DetailSources): readonly Rendition[] {
  const listed = isJsonObject(output) && Array.isArray(output.renditions) ? output.renditions : [];
  return listed.flatMap((item: Json) => {
    if (!isJsonObject(item)) return [];
    const { name, bucket, key, width, height, format, bytes } = item;
    if (typeof bucket !== "string" || typeof key !== "string") return [];
    const version = contents(bucket)?.current(key);
    return {
      name: typeof name === "string" ? name : key,
      bucket,
      key,
      ...(typeof width === "number" && { width }),
      ...(typeof height === "number" && { height }),
      ...(typeof format === "string" && { format }),
      ...(typeof bytes === "number" && { bytes }),
      ...(version && { object: storedObject(bucket, version) }),
      ...(deliveryUrl !== undefined && {
        deliveryUrl: `${deliveryUrl}/${key.split("/").map(encodeURIComponent).join("/")}`,
      }),
    };
  });
}
