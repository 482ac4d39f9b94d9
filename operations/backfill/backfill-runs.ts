import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { CommandError } from "@image-pipeline/command";

/** An execution of the backfill's state machine. */
export interface Run {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  readonly startedAt: Date;
}

/** How far a run is; every number counts pictures. */
export interface RunProgress {
  readonly status: string;
  readonly succeeded: number;
  /** Failed, timed out or aborted. */
  readonly failed: number;
  /** Found so far, for the listing goes on meanwhile. */
  readonly total: number;
  readonly maxConcurrency: number;
}

/** How a run ended. */
export interface RunEnd {
  readonly status: string;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** Its Map run; undefined where it ended before it had one. */
  readonly mapRunArn: string | undefined;
  /** When it was redriven last: what failed before was tried again. */
  readonly redrivenAt: Date | undefined;
}

/** The backfills of an environment: one runs at a time. */
export class BackfillRuns {
  constructor(
    private readonly sfn: SFNClient,
    private readonly stateMachineArn: string,
  ) {}

  async running(): Promise<Run | undefined> {
    return (await this.#list("RUNNING"))[0];
  }

  /** The one that was started last, whether it runs or not. */
  async newest(): Promise<Run | undefined> {
    return (await this.#list())[0];
  }

  /** @throws CommandError when somebody else has started one at the same moment: theirs goes on, or ours where it was first */
  async start(name: string, input: object): Promise<Run> {
    const { executionArn: arn = "", startDate: startedAt = new Date() } = await this.sfn.send(
      new StartExecutionCommand({ stateMachineArn: this.stateMachineArn, name, input: JSON.stringify(input) }),
    );
    const first = (await this.#list("RUNNING")).find((run) => isBefore(run, { arn, startedAt }));
    if (first !== undefined) {
      await this.stop(arn);
      throw alreadyRuns(first);
    }
    return { arn, name, status: "RUNNING", startedAt };
  }

  async stop(executionArn: string): Promise<void> {
    await this.sfn.send(
      new StopExecutionCommand({ executionArn, error: "Stopped", cause: "npm run backfill -- --stop" }),
    );
  }

  async redrive(executionArn: string): Promise<void> {
    await this.sfn.send(new RedriveExecutionCommand({ executionArn }));
  }

  /** Undefined while it has not begun to list. */
  async progress(executionArn: string): Promise<RunProgress | undefined> {
    const mapRunArn = await this.#mapRun(executionArn);
    if (mapRunArn === undefined) return undefined;
    const {
      status = "",
      itemCounts,
      maxConcurrency = 0,
    } = await this.sfn.send(new DescribeMapRunCommand({ mapRunArn }));
    const { succeeded = 0, failed = 0, timedOut = 0, aborted = 0, total = 0 } = itemCounts ?? {};
    return { status, succeeded, failed: failed + timedOut + aborted, total, maxConcurrency };
  }

  /** Undefined while it runs. */
  async end(executionArn: string): Promise<RunEnd | undefined> {
    const { status = "", error, cause } = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status === "RUNNING" || status === "PENDING_REDRIVE") return undefined;
    const mapRunArn = await this.#mapRun(executionArn);
    const { redriveDate: redrivenAt } =
      mapRunArn === undefined ? {} : await this.sfn.send(new DescribeMapRunCommand({ mapRunArn }));
    return { status, error, cause, mapRunArn, redrivenAt };
  }

  async #mapRun(executionArn: string): Promise<string | undefined> {
    const { mapRuns = [] } = await this.sfn.send(new ListMapRunsCommand({ executionArn }));
    return mapRuns[0]?.mapRunArn;
  }

  async #list(statusFilter?: "RUNNING"): Promise<readonly Run[]> {
    const { stateMachineArn } = this;
    const { executions = [] } = await this.sfn.send(
      new ListExecutionsCommand({ stateMachineArn, ...(statusFilter && { statusFilter }) }),
    );
    return executions.map(({ executionArn: arn = "", name = "", status = "", startDate: startedAt = new Date() }) => ({
      arn,
      name,
      status,
      startedAt,
    }));
  }
}

/** Of two that were started in the same millisecond one has to be the first, and the same one for both. */
const isBefore = (one: Pick<Run, "arn" | "startedAt">, other: Pick<Run, "arn" | "startedAt">): boolean =>
  one.startedAt < other.startedAt || (one.startedAt.getTime() === other.startedAt.getTime() && one.arn < other.arn);

/** Two at once would share the sandboxes and make the same renditions. */
export const alreadyRuns = ({ name, startedAt }: Run): CommandError =>
  new CommandError(
    `a backfill runs since ${startedAt.toISOString().slice(0, 16)}Z (${name}): --watch shows it, --stop ends it`,
  );
