import { isArray, type Json } from "../data/scope";

/** How a child of a Map run ended; PENDING for items whose child never started. */
export type ChildStatus = "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED" | "PENDING";

/** A child of a Map run, as its results are written (docs: input-output-resultwriter). */
export interface ChildResult {
  readonly status: ChildStatus;
  readonly name: string;
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly input: Json;
  /** Of a child that succeeded. */
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  readonly startDate?: Date;
  readonly stopDate?: Date;
  readonly redriveCount?: number;
  readonly redriveStatus?: string;
  readonly redriveStatusReason?: string;
}

/** What is made of the results (docs: input-output-resultwriter, `Transformation`). */
export type Transformation = "NONE" | "COMPACT" | "FLATTEN";

/** What a child adds to the results. A child that did not succeed keeps its metadata, whatever the transformation. */
export function entriesOf(result: ChildResult, transformation: Transformation): readonly Json[] {
  if (transformation === "NONE" || result.status !== "SUCCEEDED") return [metadata(result)];
  const output = result.output ?? null;
  return transformation === "FLATTEN" && isArray(output) ? output : [output];
}

/** Input and output are JSON texts, and fields stand in the order of the alphabet, as in the page's examples. */
function metadata(result: ChildResult): Json {
  const fields: readonly (readonly [string, Json | undefined])[] = [
    ["Cause", result.cause],
    ["Error", result.error],
    ["ExecutionArn", result.executionArn],
    ["Input", JSON.stringify(result.input)],
    ["InputDetails", { Included: true }],
    ["Name", result.name],
    ["Output", result.output === undefined ? undefined : JSON.stringify(result.output)],
    ["OutputDetails", result.output === undefined ? undefined : { Included: true }],
    ["RedriveCount", result.redriveCount],
    ["RedriveStatus", result.redriveStatus],
    ["RedriveStatusReason", result.redriveStatusReason],
    ["StartDate", result.startDate?.toISOString()],
    ["StateMachineArn", result.stateMachineArn],
    ["Status", result.status],
    ["StopDate", result.stopDate?.toISOString()],
  ];
  const present: [string, Json][] = [];
  for (const [name, value] of fields) if (value !== undefined) present.push([name, value]);
  return Object.fromEntries(present);
}
