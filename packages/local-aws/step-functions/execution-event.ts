import { randomUUID } from "node:crypto";
import type { JsonObject } from "../json";
import type { ExecutionChanged } from "./state-machine";

/**
 * The event that Step Functions sends to EventBridge when the status of a Standard execution changes. Dates are epoch milliseconds.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function executionEvent(
  { machineArn, execution, status }: ExecutionChanged,
  place: { readonly region: string; readonly accountId: string },
): JsonObject {
  const { outcome } = execution;
  const succeeded = outcome?.status === "SUCCEEDED";
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Step Functions Execution Status Change",
    source: "aws.states",
    account: place.accountId,
    time: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    region: place.region,
    resources: [execution.arn],
    detail: {
      executionArn: execution.arn,
      stateMachineArn: machineArn,
      name: execution.name,
      status,
      startDate: execution.startedAt,
      stopDate: execution.stoppedAt ?? null,
      input: execution.input,
      inputDetails: { included: true },
      output: succeeded ? outcome.output : null,
      outputDetails: succeeded ? { included: true } : null,
      error: (outcome !== undefined && "error" in outcome && outcome.error) || null,
      cause: (outcome !== undefined && "cause" in outcome && outcome.cause) || null,
      redriveCount: execution.redriveCount,
      redriveDate: execution.redrivenAt ?? null,
    },
  };
}
