import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  paginateListExecutions,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import { Pace } from "./pace";

/** An execution that did not succeed. */
export interface FailedExecution {
  readonly arn: string;
  readonly name: string;
  /** The error it ended with, or how it ended where none is its own: TIMED_OUT, and ABORTED whatever it was stopped with. */
  readonly error: string;
  readonly cause: string;
  readonly input: string;
  /** Step Functions can go on with it in the state that failed. */
  readonly redrivable: boolean;
}

const FAILURES = ["FAILED", "TIMED_OUT", "ABORTED"] as const;
type Failure = (typeof FAILURES)[number];

// The lowest of all regions, of DescribeExecution; ListExecutions has 5 a second and gives a thousand at once.
const READS = { perSecond: 10, burst: 200 };
const PAGE = 1_000;

/**
 * The executions of a machine that failed at `since` or later. All that failed are listed, for a list is in the order of
 * starts, and an execution may have begun long before it failed.
 */
export async function* failedExecutions(sfn: SFNClient, machineArn: string, since: Date) {
  const pace = new Pace(READS.perSecond, READS.burst);
  for (const statusFilter of FAILURES) {
    const query = { stateMachineArn: machineArn, statusFilter, maxResults: PAGE };
    for await (const { executions = [] } of paginateListExecutions({ client: sfn }, query)) {
      for (const item of executions) {
        if ((item.stopDate ?? since) < since) continue;
        await pace.turn();
        const failed = await failedExecution(sfn, item.executionArn);
        if (failed !== undefined) yield failed;
      }
    }
  }
}

/** An execution as it is now; undefined when it runs again or has succeeded: a list lags behind a redrive. */
export async function failedExecution(
  sfn: SFNClient,
  executionArn: string | undefined,
): Promise<FailedExecution | undefined> {
  const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  const { status, name, cause = "", input = "{}", redriveStatus } = execution;
  if (executionArn === undefined || name === undefined || !isFailure(status)) return undefined;
  const error = status === "ABORTED" ? status : (execution.error ?? status);
  return { arn: executionArn, name, error, cause, input, redrivable: redriveStatus === "REDRIVABLE" };
}

const isFailure = (status: string | undefined): status is Failure => FAILURES.some((failure) => failure === status);

// The failure itself, and the state it happened in.
const LAST_EVENTS = 2;

/** Whether it ended in a Fail state: then its function has judged, and a redrive could only fail there again. */
export async function endedInFailState(sfn: SFNClient, { arn }: FailedExecution): Promise<boolean> {
  const query = { executionArn: arn, reverseOrder: true, maxResults: LAST_EVENTS, includeExecutionData: false };
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand(query));
  return events.some(({ type }) => type === "FailStateEntered");
}
