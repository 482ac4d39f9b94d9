import type { MapRun } from "@image-pipeline/state-machine";
import { optionalNumber, pageOf } from "./request-fields";
import type { Operation, Requests } from "./requests";

/** The operations on Map runs. */
export function mapRunOperations(requests: Requests): Readonly<Record<string, Operation>> {
  return {
    async ListMapRuns(input, principal) {
      const { machine, execution } = requests.execution(input, principal, "states:ListMapRuns");
      const runs = machine.mapRuns.filter((run) => run.executionArn === execution.arn);
      const all = runs.map((run) => ({
        executionArn: run.executionArn,
        mapRunArn: run.arn,
        stateMachineArn: run.childMachineArn,
        ...dates(run),
      }));
      return pageOf(all, input, "mapRuns");
    },

    async DescribeMapRun(input, principal) {
      const { run } = requests.mapRun(input, principal, "states:DescribeMapRun");
      const { limits, counts, redriveCount, redrivenAt } = run;
      return {
        mapRunArn: run.arn,
        executionArn: run.executionArn,
        status: run.status,
        ...dates(run),
        maxConcurrency: limits.maxConcurrency,
        toleratedFailurePercentage: limits.toleratedFailurePercentage ?? 0,
        toleratedFailureCount: limits.toleratedFailureCount ?? 0,
        itemCounts: { ...counts.items },
        executionCounts: { ...counts.executions },
        redriveCount,
        ...(redrivenAt !== undefined && { redriveDate: redrivenAt / 1000 }),
      };
    },

    async UpdateMapRun(input, principal) {
      const { run } = requests.mapRun(input, principal, "states:UpdateMapRun");
      const maxConcurrency = optionalNumber(input, "maxConcurrency", 0, Number.MAX_SAFE_INTEGER);
      const percentage = optionalNumber(input, "toleratedFailurePercentage", 0, 100);
      const count = optionalNumber(input, "toleratedFailureCount", 0, Number.MAX_SAFE_INTEGER);
      run.update({
        ...(maxConcurrency !== undefined && { maxConcurrency }),
        ...(percentage !== undefined && { toleratedFailurePercentage: percentage }),
        ...(count !== undefined && { toleratedFailureCount: count }),
      });
      return {};
    },
  };
}

function dates({ startedAt, stoppedAt }: MapRun) {
  return { startDate: startedAt / 1000, ...(stoppedAt !== undefined && { stopDate: stoppedAt / 1000 }) };
}
