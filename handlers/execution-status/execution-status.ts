import type { DescribeExecutionOutput } from "@aws-sdk/client-sfn";

/** What a caller is told about an execution: `GET /executions/{name}`. Dates are ISO 8601. */
export interface ExecutionStatus {
  readonly name: string | undefined;
  readonly status: string | undefined;
  readonly startDate: string | undefined;
  readonly stopDate?: string;
  /** As the resize function answered them; only of an execution that succeeded. */
  readonly source?: unknown;
  readonly renditions?: unknown;
  readonly present?: unknown;
  readonly deleted?: unknown;
  /** Only of an execution that failed, timed out or was aborted. */
  readonly error?: string;
  readonly cause?: string;
}

/** The part of DescribeExecution's answer that is a caller's business: neither ARNs nor the input. */
export function executionStatus(described: DescribeExecutionOutput): ExecutionStatus {
  const { name, status, startDate, stopDate, output, error, cause } = described;
  const { source, renditions, present, deleted } = output === undefined ? {} : JSON.parse(output);
  return {
    name,
    status,
    startDate: startDate?.toISOString(),
    ...(stopDate && { stopDate: stopDate.toISOString() }),
    ...(source !== undefined && { source }),
    ...(renditions !== undefined && { renditions }),
    ...(present !== undefined && { present }),
    ...(deleted !== undefined && { deleted }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
}
