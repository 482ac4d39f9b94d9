import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import {
  type ExecutionListItem,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { Backfill } from "../../operations/backfill/backfill";
import { BackfillRuns } from "../../operations/backfill/backfill-runs";
import { pipelineNames } from "../../operations/pipeline-names";
import { anEnvironment } from "../support/an-environment";

const MACHINE = "arn:aws:states:eu-west-1:1:stateMachine:m";
const NOON = new Date("2026-01-01T12:00:00Z");
const later = (ms: number) => new Date(NOON.getTime() + ms);

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
      names: pipelineNames(environment),
      runs,
      s3: new S3Client({}),
      lambda: new LambdaClient({}),
    });

  it("is refused while another one runs, which is not the newest where it was redriven itself", async () => {
    const { runs, told } = stepFunctions([execution("newest", "ABORTED", later(1)), execution("older", "RUNNING")]);
    await expect(backfillOf(runs).redrive()).rejects.toThrow("a backfill runs since 2026-01-01T12:00Z (older)");
    expect(told).toEqual([]);
  });
});
