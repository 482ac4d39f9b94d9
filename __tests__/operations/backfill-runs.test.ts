import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ExecutionDoesNotExist,
  type ExecutionListItem,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { Backfill } from "../../operations/backfill/backfill";
import { BackfillRuns, type Run } from "../../operations/backfill/backfill-runs";
import { watch } from "../../operations/backfill/watch";
import { anEnvironment } from "../support/an-environment";

const MACHINE = "arn:aws:states:eu-west-1:1:stateMachine:m";
const NOON = new Date("2026-01-01T12:00:00Z");
const later = (ms: number) => new Date(NOON.getTime() + ms);

const ARN = "arn:aws:states:eu-west-1:1:execution:m:run";

type AnswerOfOne = DescribeExecutionCommandOutput["status"] | Date | Error;

/** Step Functions that gives these answers about one run, one after the other, and has no Map run of it. */
function answers(...given: readonly AnswerOfOne[]) {
  const sfn = new SFNClient({});
  const left = [...given];
  jest.spyOn(sfn, "send").mockImplementation(async (command: unknown) => {
    if (!(command instanceof DescribeExecutionCommand)) return {};
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    // An end, and of a redriven one when it was.
    return answer instanceof Date ? { status: "SUCCEEDED", redriveDate: answer } : { status: answer };
  });
  return new BackfillRuns(sfn, MACHINE);
}

const unknown = () => new ExecutionDoesNotExist({ message: "Execution Does Not Exist", $metadata: {} });
const run = (more: Partial<Run> = {}): Run => ({ arn: ARN, name: "run", status: "RUNNING", startedAt: NOON, ...more });

describe("the end of a run, of which not everything is known everywhere at once", () => {
  beforeEach(() => jest.spyOn(Date, "now").mockReturnValue(later(1_000).getTime()));
  afterEach(() => jest.restoreAllMocks());

  it.each<[string, AnswerOfOne, Partial<Run>, string | undefined]>([
    ["has not come while it runs", "RUNNING", {}, undefined],
    ["has not come while its redrive waits", "PENDING_REDRIVE", {}, undefined],
    ["is told", "FAILED", {}, "FAILED"],
    ["of before its redrive is none", "ABORTED", { redrivenAt: later(500) }, undefined],
    ["of before its second redrive is none", later(499), { redrivenAt: later(500) }, undefined],
    ["after its redrive is told", later(500), { redrivenAt: later(500) }, "SUCCEEDED"],
    ["after somebody else's later redrive is told", later(501), { redrivenAt: later(500) }, "SUCCEEDED"],
    ["has not come of one that is too new to be known", unknown(), {}, undefined],
  ])("%s", async (_, answer, more, status) => {
    expect((await answers(answer).end(run(more)))?.status).toBe(status);
  });

  it("is asked in vain of one that should be known by now", async () => {
    const old = run({ startedAt: new Date("2026-01-01T11:00:00Z") });
    await expect(answers(unknown()).end(old)).rejects.toThrow(ExecutionDoesNotExist);
  });
});

describe("watching a run", () => {
  const screen = { show: () => undefined, clear: jest.fn() };

  it("leaves no listener behind, and ends as soon as nobody looks any more", async () => {
    const stop = new AbortController();
    const added = jest.spyOn(stop.signal, "addEventListener");
    const removed = jest.spyOn(stop.signal, "removeEventListener");
    const watched = watch(answers("RUNNING", "RUNNING"), run(), screen, stop.signal);
    await new Promise(setImmediate);
    stop.abort();
    expect(await watched).toBeUndefined();
    expect(added).toHaveBeenCalled();
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
  });

  it("clears the screen also where it fails", async () => {
    screen.clear.mockClear();
    const refused = answers(new Error("The security token included in the request is expired"));
    await expect(watch(refused, run(), screen, new AbortController().signal)).rejects.toThrow("is expired");
    expect(screen.clear).toHaveBeenCalledTimes(1);
  });
});

/** Step Functions with these executions, the newest first, and what it was told to do. */
function stepFunctions(executions: readonly ExecutionListItem[], startedAt = NOON) {
  const sfn = new SFNClient({});
  const told: string[] = [];
  jest.spyOn(sfn, "send").mockImplementation(async (command: unknown) => {
    if (command instanceof ListExecutionsCommand) {
      const { statusFilter } = command.input;
      return { executions: executions.filter(({ status }) => statusFilter === undefined || status === statusFilter) };
    }
    if (command instanceof StartExecutionCommand) {
      return { executionArn: `arn:${command.input.name}`, startDate: startedAt };
    }
    if (command instanceof StopExecutionCommand) told.push(`stop ${command.input.executionArn}`);
    if (command instanceof RedriveExecutionCommand) told.push(`redrive ${command.input.executionArn}`);
    return {};
  });
  return { runs: new BackfillRuns(sfn, MACHINE), told };
}

const execution = (name: string, status: ExecutionListItem["status"], startDate = NOON): ExecutionListItem => ({
  executionArn: `arn:${name}`,
  stateMachineArn: MACHINE,
  name,
  status,
  startDate,
});

describe("of two backfills that are started at the same moment", () => {
  it.each([
    ["the first goes on", "a", NOON, later(1), true],
    ["the second is stopped", "a", later(1), NOON, false],
    ["one goes on of the same millisecond", "a", NOON, NOON, true],
    ["the other one is stopped of the same millisecond", "c", NOON, NOON, false],
  ])("%s", async (_, name, startedAt, ofTheOther, goesOn) => {
    const { runs, told } = stepFunctions(
      [execution("b", "RUNNING", ofTheOther), execution(name, "RUNNING")],
      startedAt,
    );
    const started = runs.start(name, {});
    if (goesOn) expect(await started).toMatchObject({ name, startedAt });
    else await expect(started).rejects.toThrow("a backfill runs since 2026-01-01T12:00Z (b): --watch shows it");
    expect(told).toEqual(goesOn ? [] : [`stop arn:${name}`]);
  });
});

describe("a redrive", () => {
  const environment = anEnvironment({ backfill: { maxConcurrency: 1 } });
  const backfillOf = (runs: BackfillRuns) =>
    new Backfill({
      environment,
      maxConcurrency: 1,
      runs,
      s3: new S3Client({}),
      lambda: new LambdaClient({}),
    });

  it("says that the run goes on where it cannot be watched to its end, and leaves Ctrl-C to others", async () => {
    const { runs } = stepFunctions([execution("a", "ABORTED")]);
    jest.spyOn(runs, "end").mockRejectedValue(new Error("ExpiredToken"));
    const said: string[] = [];
    const out = jest.spyOn(process.stdout, "write").mockImplementation((text) => said.push(String(text)) > 0);
    const listeners = process.listenerCount("SIGINT");
    await expect(backfillOf(runs).redrive()).rejects.toThrow("ExpiredToken");
    out.mockRestore();
    expect(said.at(-1)).toBe(
      "this ends the watching and not the run: npm run backfill -- --env test --watch shows it, --stop ends it\n",
    );
    expect(process.listenerCount("SIGINT")).toBe(listeners);
  });

  it("is refused while another one runs, which is not the newest where it was redriven itself", async () => {
    const { runs, told } = stepFunctions([execution("newest", "ABORTED", later(1)), execution("older", "RUNNING")]);
    await expect(backfillOf(runs).redrive()).rejects.toThrow("a backfill runs since 2026-01-01T12:00Z (older)");
    expect(told).toEqual([]);
  });
});
