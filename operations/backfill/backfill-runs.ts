import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ExecutionDoesNotExist,
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
  /** When it was redriven, by this command. */
  readonly redrivenAt?: Date | undefined;
}

// What was started or redriven is not known everywhere at once. A moment, with room for a clock that is wrong by as much as
// signatures may be: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html ("eventually consistent")
const SETTLED_MS = 600_000;

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

  async redrive(run: Run): Promise<Run> {
    const { redriveDate } = await this.sfn.send(new RedriveExecutionCommand({ executionArn: run.arn }));
    return { ...run, status: "RUNNING", redrivenAt: redriveDate };
  }

  /** Undefined while it has not begun to list. */
  async progress(run: Run): Promise<RunProgress | undefined> {
    const mapRunArn = await this.#mapRun(run);
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
  async end(run: Run): Promise<RunEnd | undefined> {
    const execution = await ifKnown(run, () => this.sfn.send(new DescribeExecutionCommand({ executionArn: run.arn })));
    if (execution === undefined) return undefined;
    const { status = "", error, cause, redriveDate } = execution;
    if (status === "RUNNING" || status === "PENDING_REDRIVE") return undefined;
    // How it had ended before it was redriven.
    if (run.redrivenAt !== undefined && (redriveDate === undefined || redriveDate < run.redrivenAt)) return undefined;
    const mapRunArn = await this.#mapRun(run);
    const mapRun = mapRunArn === undefined ? undefined : await this.sfn.send(new DescribeMapRunCommand({ mapRunArn }));
    return { status, error, cause, mapRunArn, redrivenAt: mapRun?.redriveDate };
  }

  async #mapRun(run: Run): Promise<string | undefined> {
    const answer = await ifKnown(run, () => this.sfn.send(new ListMapRunsCommand({ executionArn: run.arn })));
    return answer?.mapRuns?.[0]?.mapRunArn;
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

/** What is said of a run; undefined where it is too new to be known. @throws whatever `ask` does of an older one */
async function ifKnown<Answer>({ startedAt }: Run, ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist && Date.now() - startedAt.getTime() < SETTLED_MS) return undefined;
    throw error;
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
