import type { SFNClient } from "@aws-sdk/client-sfn";
import { endedInFailState, type FailedExecution } from "./failed-executions";

/** Executions that ended with one error. */
export interface FailureGroup {
  readonly error: string;
  /**
   * `fault`: of a service, and may pass. `refused`: the function has judged, and only another picture, another setting or
   * another function helps. `aborted`: somebody stopped it.
   */
  readonly kind: "fault" | "refused" | "aborted";
  readonly executions: readonly FailedExecution[];
}

/** By error, the most frequent first. An error comes from the same state each time, so one of each is looked into. */
export async function groupFailures(sfn: SFNClient, executions: readonly FailedExecution[]): Promise<FailureGroup[]> {
  const groups: FailureGroup[] = [];
  for (const [error, ofError = []] of Object.entries(Object.groupBy(executions, (execution) => execution.error))) {
    groups.push({ error, kind: await kindOf(sfn, ofError), executions: ofError });
  }
  return groups.sort((one, other) => other.executions.length - one.executions.length);
}

async function kindOf(sfn: SFNClient, [example]: readonly FailedExecution[]): Promise<FailureGroup["kind"]> {
  if (example === undefined || example.error === "ABORTED") return "aborted";
  return (await endedInFailState(sfn, example)) ? "refused" : "fault";
}
