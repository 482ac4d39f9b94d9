import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  UpdateMapRunCommand,
  ValidateStateMachineDefinitionCommand,
} from "@aws-sdk/client-sfn";
import sharp from "sharp";
import { removeCodeFolder } from "../code-folder";
import { LocalProcess } from "./support/local-process";
import { synthesizeInto } from "./support/local-project";

const folder = mkdtempSync(join(tmpdir(), "map-run-"));
const running: LocalProcess[] = [];
afterAll(async () => {
  await Promise.all(running.map((local) => local.end()));
  await removeCodeFolder(folder);
});

/** Everything a Map over the original bucket needs (docs: iam-policies-eg-dist-map), by the action. */
const grants = (originalArn: string, resizedArn: string, machineArn: string) => ({
  "s3:ListBucket": originalArn,
  "s3:PutObject": `${resizedArn}/results/*`,
  "states:StartExecution": machineArn,
  "states:DescribeExecution": `${machineArn.replace(":stateMachine:", ":execution:")}:*`,
  "states:RedriveExecution": `${machineArn.replace(":stateMachine:", ":execution:")}/pictures:*`,
});

/** The pipeline's stack, its machine a Map that resizes every picture in a folder of the original bucket. */
function backfill(text: string, without?: string): string {
  const { resource, ...stack } = JSON.parse(text);
  const machines: Record<string, { name: string; definition: string }> = resource.aws_sfn_state_machine;
  const [machine] = Object.values(machines);
  const [policy] = Object.entries<{ policy: string }>(resource.aws_iam_role_policy)
    .filter(([name]) => name.startsWith("workflow_"))
    .map(([, each]) => each);
  const [original, resized] = Object.keys(resource.aws_s3_bucket).map((name) => `\${aws_s3_bucket.${name}}`);
  if (machine === undefined || policy === undefined || original === undefined || resized === undefined) {
    throw new Error("expected the pipeline's stack");
  }
  const attribute = (reference: string, name: string) => reference.replace("}", `.${name}}`);
  const resize = JSON.parse(machine.definition).States.ResizeImage;
  const { Next: _next, Retry: _retry, ...task } = resize;
  machine.definition = JSON.stringify({
    StartAt: "Pictures",
    States: {
      Pictures: {
        Type: "Map",
        Label: "pictures",
        ItemReader: {
          Resource: "arn:aws:states:::s3:listObjectsV2",
          Parameters: { Bucket: attribute(original, "bucket"), "Prefix.$": "$.prefix" },
        },
        ItemSelector: { "key.$": "$$.Map.Item.Value.Key" },
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "Resize",
          States: {
            Resize: { ...task, Next: "Good" },
            Good: {
              Type: "Choice",
              Choices: [{ Variable: "$.success", BooleanEquals: true, Next: "Yes" }],
              Default: "No",
            },
            Yes: { Type: "Succeed" },
            No: { Type: "Fail", ErrorPath: "$.Error", CausePath: "$.Cause" },
          },
        },
        ToleratedFailureCountPath: "$.tolerated",
        ResultWriter: {
          Resource: "arn:aws:states:::s3:putObject",
          Parameters: { Bucket: attribute(resized, "bucket"), Prefix: "results" },
        },
        End: true,
      },
    },
  });
  const machineArn = `arn:aws:states:*:*:stateMachine:${machine.name}`;
  const allowed = Object.entries(grants(attribute(original, "arn"), attribute(resized, "arn"), machineArn))
    .filter(([action]) => action !== without)
    .map(([Action, Resource]) => ({ Effect: "Allow", Action, Resource }));
  const document = JSON.parse(policy.policy);
  policy.policy = JSON.stringify({ ...document, Statement: [...document.Statement, ...allowed] });
  return JSON.stringify({ ...stack, resource });
}

interface Run {
  readonly local: LocalProcess;
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly machine: string;
}

async function startRun(synthesized: string, without?: string): Promise<Run> {
  // Beside the stack that was synthesized, whose zips are named by their paths.
  const path = join(dirname(synthesized), `${without?.replace(":", "-") ?? "all"}.tf.json`);
  writeFileSync(path, backfill(readFileSync(synthesized, "utf8"), without));
  const local = new LocalProcess(["--stack", path, "--port", "0", "--aws-port", "0"]);
  running.push(local);
  await local.ready();
  const options = { ...local.client, forcePathStyle: true, disableHostPrefix: true };
  const s3 = new S3Client(options);
  const sfn = new SFNClient(options);
  const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#336699" } })
    .png()
    .toBuffer();
  const bodies = { "in/a.png": picture, "in/b.png": picture, "in/broken.png": Buffer.from("no picture") };
  for (const [Key, Body] of Object.entries(bodies)) {
    await s3.send(new PutObjectCommand({ Bucket: local.stackOutput("original_bucket_name"), Key, Body }));
  }
  return { local, s3, sfn, machine: local.stackOutput("state_machine_arn") };
}

async function execute({ sfn, machine }: Run, tolerated: number): Promise<string> {
  const input = JSON.stringify({ prefix: "in/", tolerated });
  const { executionArn = "" } = await sfn.send(new StartExecutionCommand({ stateMachineArn: machine, input }));
  await ended(sfn, executionArn);
  return executionArn;
}

async function ended(sfn: SFNClient, executionArn: string): Promise<void> {
  for (;;) {
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== "RUNNING") return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("a distributed Map over a bucket", () => {
  let synthesized = "";
  let run: Run;

  beforeAll(async () => {
    synthesized = await synthesizeInto(folder);
    run = await startRun(synthesized);
  });

  it("resizes what is there and reports what it could not", async () => {
    const { sfn, s3, local } = run;
    const executionArn = await execute(run, 1);

    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(execution).toMatchObject({ status: "SUCCEEDED", redriveStatus: "NOT_REDRIVABLE" });
    const { mapRuns: [listed] = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
    const mapRunArn = listed?.mapRunArn ?? "";
    expect(await sfn.send(new DescribeMapRunCommand({ mapRunArn }))).toMatchObject({
      status: "SUCCEEDED",
      maxConcurrency: 0,
      toleratedFailureCount: 1,
      executionCounts: { total: 3, succeeded: 2, failed: 1, running: 0, pending: 0 },
      itemCounts: { total: 3, succeeded: 2, failed: 1 },
    });
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ mapRunArn, statusFilter: "FAILED" }));
    expect(executions).toMatchObject([{ mapRunArn, itemCount: 1, status: "FAILED", redriveCount: 0 }]);
    const failed = await sfn.send(new DescribeExecutionCommand({ executionArn: executions[0]?.executionArn }));
    expect(failed).toMatchObject({
      mapRunArn,
      input: '{"key":"in/broken.png"}',
      redriveStatus: "REDRIVABLE_BY_MAP_RUN",
    });
    expect(failed.stateMachineArn).toMatch(/:stateMachine:[\w-]+\/pictures$/);
    const { events = [] } = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn: executions[0]?.executionArn }),
    );
    expect(events.at(-1)?.type).toBe("ExecutionFailed");

    const { ResultWriterDetails: written } = JSON.parse(execution.output ?? "");
    const manifest = await read(s3, written.Bucket, written.Key);
    expect(manifest.ResultFiles.SUCCEEDED).toHaveLength(1);
    expect(await read(s3, written.Bucket, manifest.ResultFiles.FAILED[0].Key)).toMatchObject([{ Status: "FAILED" }]);
    const resized = { Bucket: local.stackOutput("resized_bucket_name"), Key: "in/thumb-a.png" };
    expect((await s3.send(new GetObjectCommand(resized))).ContentType).toBe("image/png");
  });

  it("is redriven, with those children alone that failed", async () => {
    const { sfn } = run;
    const executionArn = await execute(run, 0);
    expect(await sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: "FAILED",
      error: "States.ExceedToleratedFailureThreshold",
      redriveStatus: "REDRIVABLE",
    });
    const { mapRuns: [listed] = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
    const mapRunArn = listed?.mapRunArn ?? "";
    await sfn.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: 2 }));
    // The child goes on where it was: its Fail state fails again.
    await sfn.send(new RedriveExecutionCommand({ executionArn }));
    await ended(sfn, executionArn);

    expect(await sfn.send(new DescribeMapRunCommand({ mapRunArn }))).toMatchObject({
      redriveCount: 1,
      maxConcurrency: 2,
    });
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.map(({ type }) => type)).toContain("MapRunRedriven");
  });

  it("answers what else the API asks of machines and executions", async () => {
    const { sfn, machine } = run;
    const executionArn = await execute(run, 1);

    expect(await sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn }))).toMatchObject({
      stateMachineArn: machine,
      loggingConfiguration: { level: "ALL", includeExecutionData: true },
    });
    await expect(sfn.send(new RedriveExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: "ExecutionNotRedrivable",
      message: "Execution is SUCCEEDED and cannot be redriven",
    });
    await expect(sfn.send(new StartSyncExecutionCommand({ stateMachineArn: machine }))).rejects.toMatchObject({
      name: "StateMachineTypeNotSupported",
      message: "This operation is not supported by this type of state machine",
    });
    const definition = JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass", Next: "B" } } });
    expect(await sfn.send(new ValidateStateMachineDefinitionCommand({ definition }))).toMatchObject({
      result: "FAIL",
      diagnostics: [{ severity: "ERROR", code: "MISSING_TRANSITION_TARGET", location: "/States/A/Next" }],
    });
    expect(await sfn.send(new ValidateStateMachineDefinitionCommand({ definition: "not a definition" }))).toMatchObject(
      {
        diagnostics: [
          {
            code: "INVALID_JSON_DESCRIPTION",
            location: '[Source: (String)"not a definition"; line: 1, column: 4]',
            message: expect.stringContaining("Unrecognized token 'not': was expecting (JSON String"),
          },
        ],
      },
    );
  });

  it.each(["s3:ListBucket", "s3:PutObject", "states:StartExecution", "states:DescribeExecution"])(
    "fails without %s",
    async (action) => {
      const denied = await startRun(synthesized, action);
      const executionArn = await execute(denied, 1);

      const { status, cause } = await denied.sfn.send(new DescribeExecutionCommand({ executionArn }));
      expect(status).toBe("FAILED");
      expect(cause).toContain(`is not authorized to perform: ${action}`);
    },
  );
});

async function read(s3: S3Client, Bucket: string, Key: string) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return JSON.parse((await Body?.transformToString()) ?? "");
}
