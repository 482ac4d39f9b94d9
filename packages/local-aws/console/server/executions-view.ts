import type { Child, Execution } from "@image-pipeline/state-machine";
import type { Asked } from "../../iam/authorizer";
import type { RememberedDecision } from "../../iam/decision-trail";
import { isJsonObject, type Json, parseJson } from "../../json";
import type { BucketStore } from "../../s3/store/bucket-store";
import type { LocalStateMachine } from "../../step-functions/state-machine";
import type { ChildFailure, DecisionLine, ExecutionSummary, MapRunSummary, ObjectName, Page } from "../wire";
import { resultsOf, type SaidPicture } from "./execution-results";

/** What a list of executions is asked for. */
export interface ExecutionQuery {
  readonly search: string;
  readonly status: string;
  readonly machine: string;
  readonly from: number;
  readonly limit: number;
}

/** Where objects are looked up. */
export type Contents = (bucket: string) => BucketStore | undefined;

/** The executions of all machines that fit, the newest first. */
export function listExecutions(
  machines: readonly LocalStateMachine[],
  { search, status, machine, from, limit }: ExecutionQuery,
  contents: Contents,
): Page<ExecutionSummary> {
  const asked = machines.filter(({ resource }) => machine === "" || resource.name === machine);
  const all = asked.flatMap((one) => one.executions.map((execution) => ({ machine: one, execution })));
  if (asked.length > 1) all.sort((one, other) => other.execution.startedAt - one.execution.startedAt);
  const words = search.toLowerCase();
  const fitting = all.filter(
    ({ execution }) =>
      (status === "" || statusOf(execution) === status) && (words === "" || saidOf(execution).includes(words)),
  );
  const items = fitting
    .slice(from, from + limit)
    .map((one) => summaryOf(one.machine.resource.name, one.execution, contents));
  return { total: fitting.length, from, items };
}

/** An execution in a line. */
export function summaryOf(machine: string, execution: Execution, contents: Contents): ExecutionSummary {
  const { name, startedAt, stoppedAt, redriveCount, outcome } = execution;
  const key = keyOf(execution);
  const state = stateOf(execution);
  const error = outcome !== undefined && "error" in outcome ? outcome.error : undefined;
  const { renditions } = resultsOf(execution);
  const preview = previewOf(renditions, contents);
  return {
    machine,
    name,
    status: statusOf(execution),
    startedAt,
    redriveCount,
    ...(stoppedAt !== undefined && { stoppedAt }),
    ...(key !== undefined && { key }),
    ...(state !== undefined && { state }),
    ...(error !== undefined && { error }),
    ...(renditions.length > 0 && { made: renditions.map((one) => one.name ?? one.key) }),
    ...(preview && { preview }),
  };
}

function previewOf([first]: readonly SaidPicture[], contents: Contents): ObjectName | undefined {
  if (first === undefined) return undefined;
  const { bucket, key } = first;
  const version = contents(bucket)?.current(key);
  return version && { bucket, key, etag: version.etag };
}

/** A Map run with its counts. */
export function mapRunOf(machine: string, run: LocalStateMachine["mapRuns"][number]): MapRunSummary {
  const { arn, executionArn, status, startedAt, stoppedAt, limits, counts } = run;
  return {
    arn,
    machine,
    execution: executionArn.slice(executionArn.lastIndexOf(":") + 1),
    status,
    startedAt,
    ...(stoppedAt !== undefined && { stoppedAt }),
    maxConcurrency: limits.maxConcurrency,
    executions: { ...counts.executions },
    items: { ...counts.items },
    failures: failuresOf(run),
  };
}

const SHOWN_FAILURES = 20;

function failuresOf({
  children,
  counts: { executions },
}: LocalStateMachine["mapRuns"][number]): readonly ChildFailure[] {
  if (executions.failed + executions.timedOut + executions.aborted === 0) return [];
  const failures: ChildFailure[] = [];
  for (const child of children) {
    const { name, outcome } = child;
    if (outcome === undefined || outcome.status === "SUCCEEDED") continue;
    const key = keyOf(child);
    failures.push({
      name,
      status: outcome.status,
      ...(key !== undefined && { key }),
      ...("error" in outcome && outcome.error !== undefined && { error: outcome.error }),
      ...("cause" in outcome && outcome.cause !== undefined && { cause: outcome.cause }),
    });
    // The rest of tens of thousands need not be looked at, each time that the counts change.
    if (failures.length === SHOWN_FAILURES) break;
  }
  return failures;
}

/** A decision as a person reads it. */
export function decisionLine({ at, asked }: RememberedDecision): DecisionLine {
  const { principal, action, resource, decision } = asked;
  return {
    at,
    who: whoOf(principal),
    ...(principal.kind === "role" && { role: principal.address }),
    action,
    resource,
    ...(decision.allowed ? { allowed: true, by: decision.by } : { allowed: false, by: [], message: decision.message }),
  };
}

function whoOf(principal: Asked["principal"]): string {
  switch (principal.kind) {
    case "role":
      return principal.sessionArn;
    case "operator":
      return principal.arn;
    case "service":
      return principal.name;
    case "anonymous":
      return "anonymous";
  }
}

function statusOf({ outcome }: Execution): ExecutionSummary["status"] {
  return outcome?.status ?? "RUNNING";
}

function stateOf({ events }: Execution): string | undefined {
  const entered = events.findLast(({ type }) => type.endsWith("StateEntered"))?.stateEnteredEventDetails;
  return typeof entered?.name === "string" ? entered.name : undefined;
}

/** What an execution can be found by, in small letters. */
function saidOf(execution: Execution): string {
  const { name, outcome } = execution;
  const error = outcome !== undefined && "error" in outcome ? outcome.error : undefined;
  return `${keyOf(execution) ?? ""}\n${name}\n${error ?? ""}`.toLowerCase();
}

/** An input does not change, and thousands are looked through at each letter of a search. */
const keys = new WeakMap<Child, string | undefined>();

/** The key of the picture: `key` of the short form of a request, `fileName` of the explicit one, `Key` of a listed object. */
export function keyOf(execution: Child): string | undefined {
  if (keys.has(execution)) return keys.get(execution);
  const input: Json = parseJson(execution.input);
  const { request = input } = isJsonObject(input) ? input : {};
  const { key, fileName, Key } = isJsonObject(request) ? request : {};
  const found = [key, fileName, Key].find((value) => typeof value === "string");
  const text = typeof found === "string" ? found : undefined;
  keys.set(execution, text);
  return text;
}
