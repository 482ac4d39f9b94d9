import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import sharp from "sharp";
import { LocalProcess } from "../../packages/local-aws/__tests__/support/local-process";
import { synthesizeInto } from "../../packages/local-aws/__tests__/support/local-project";
import { withGuard } from "../support/guarded-function";

// A pipeline is started, and hundreds of executions run.
jest.setTimeout(180_000);

const EXECUTIONS = 200;
const REFUSALS = 3;

const folder = mkdtempSync(join(tmpdir(), "replay-"));
/** While this file is there, the function is broken. */
const broken = join(folder, "broken");
let pipeline: LocalProcess;
let sfn: SFNClient;
let s3: S3Client;

beforeAll(async () => {
  pipeline = new LocalProcess(["--stack", await stackThatCanBreak(), "--port", "0", "--aws-port", "0"]);
  await pipeline.ready();
  const { client } = pipeline;
  sfn = new SFNClient(client);
  s3 = new S3Client({ ...client, forcePathStyle: true });
});
afterAll(async () => {
  await pipeline.end();
  rmSync(folder, { recursive: true });
});

const BREAK = `async () => {
  const { existsSync } = require("node:fs");
  if (existsSync(${JSON.stringify(broken)})) throw Object.assign(new Error("a bad deployment"), { name: "Broken" });
}`;

/** The stack of dev, with the real function behind a switch, and uploads that may start nothing. */
async function stackThatCanBreak(): Promise<string> {
  const path = await withGuard(await synthesizeInto(folder), BREAK, folder);
  const stack = JSON.parse(readFileSync(path, "utf8"));
  const [uploadPolicy] = Object.entries<{ policy: string }>(stack.resource.aws_iam_role_policy)
    .filter(([name]) => name.startsWith("upload_"))
    .map(([, resource]) => resource);
  if (uploadPolicy === undefined) throw new Error("Expected a policy of the upload trigger's role");
  uploadPolicy.policy = uploadPolicy.policy.replace("states:StartExecution", "states:DescribeExecution");
  const target = join(dirname(path), "can-break.tf.json");
  writeFileSync(target, JSON.stringify(stack));
  return target;
}

/** Runs the command as a shell would; when `until` settles it is broken off. */
function replay(
  args: readonly string[],
  until?: Promise<unknown>,
  variables: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; output: string }> {
  const names = ["AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
  const shell = Object.fromEntries(names.map((name) => [name, pipeline.variable(name)]));
  const env = { PATH: process.env.PATH, ...shell, ...variables };
  const command = [
    "--require",
    require.resolve("tsx/cjs"),
    join(__dirname, "../../operations/replay.ts"),
    "--env",
    "dev",
    ...args,
  ];
  return new Promise((done) => {
    const child = execFile(process.execPath, command, { env }, (_, stdout, stderr) =>
      done({ code: child.exitCode, output: `${stdout}${stderr}` }),
    );
    until?.then(() => child.kill("SIGKILL"));
  });
}

async function executions() {
  const stateMachineArn = pipeline.stackOutput("state_machine_arn");
  const all = [];
  for await (const page of paginateListExecutions({ client: sfn }, { stateMachineArn }))
    all.push(...(page.executions ?? []));
  return all;
}

/** Counts by status, when none is running any more. */
async function ended(): Promise<Record<string, number>> {
  for (;;) {
    const all = await executions();
    if (all.every(({ status }) => status !== "RUNNING")) {
      const byStatus = Object.groupBy(all, ({ status = "" }) => status);
      return Object.fromEntries(Object.entries(byStatus).map(([status, of]) => [status, of?.length ?? 0]));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const redriven = async () => (await executions()).filter(({ redriveCount = 0 }) => redriveCount > 0).length;

async function someAreRedriven(): Promise<void> {
  while ((await redriven()) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
}

const start = (name: string, key: string) =>
  sfn.send(
    new StartExecutionCommand({
      stateMachineArn: pipeline.stackOutput("state_machine_arn"),
      name,
      input: JSON.stringify({ key }),
    }),
  );

async function upload(key: string): Promise<void> {
  const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#369" } })
    .jpeg()
    .toBuffer();
  await s3.send(
    new PutObjectCommand({ Bucket: pipeline.stackOutput("original_bucket_name"), Key: key, Body: picture }),
  );
}

describe("npm run replay, against a local run", () => {
  it("lists what failed, by error, and changes nothing with --dry-run", async () => {
    await upload("there.jpg");
    for (let index = 0; index < REFUSALS; index += 1) await start(`refused-${index}`, `missing-${index}.jpg`);
    await ended();
    writeFileSync(broken, "");
    for (let index = 0; index < EXECUTIONS; index += 1) await start(`failed-${index}`, "there.jpg");
    expect(await ended()).toEqual({ FAILED: EXECUTIONS + REFUSALS });
    const { code, output } = await replay(["--dry-run"]);
    expect(output).toMatch(/^Broken +200 +fault +redrive 200 +failed-\d+: .*a bad deployment/m);
    expect(output).toMatch(/^ObjectNotReadable +3 +refused +nothing +refused-\d: /m);
    expect(output).toMatch(/^nothing was changed$/m);
    expect(code).toBe(0);
  });

  it("asks for --yes where nobody can be asked", async () => {
    const { code, output } = await replay([]);
    expect(output).toContain("npm run replay: expected --yes or --dry-run where nobody can be asked");
    expect(code).toBe(2);
  });

  it("says in a line that AWS refuses it", async () => {
    const { code, output } = await replay([], undefined, { AWS_SECRET_ACCESS_KEY: "another" });
    expect(output).toMatch(/^npm run replay: AWS: \w+: .*\n$/);
    expect(code).toBe(2);
  });

  it("brings all back once the function is mended, broken off and started again, and each of them once", async () => {
    rmSync(broken);
    await replay(["--yes"], someAreRedriven());
    const before = await redriven();
    const { output } = await replay(["--yes"]);
    expect(output).toMatch(
      new RegExp(`^redriven ${EXECUTIONS - before}, started anew 0, dead letters sent again 0$`, "m"),
    );
    expect(before).toBeLessThan(EXECUTIONS);
    expect(await ended()).toEqual({ SUCCEEDED: EXECUTIONS, FAILED: REFUSALS });
    const redrives = (await executions()).map(({ redriveCount }) => redriveCount);
    expect(redrives.filter((count) => count === 1)).toHaveLength(EXECUTIONS);
    expect(Math.max(...redrives.map(Number))).toBe(1);
  });

  it("starts refusals anew when they are named, and nothing twice", async () => {
    for (let index = 0; index < REFUSALS; index += 1) await upload(`missing-${index}.jpg`);
    const first = await replay(["--yes", "--error", "ObjectNotReadable"]);
    expect(first.output).toMatch(/^redriven 0, started anew 3, /m);
    const second = await replay(["--yes", "--error", "ObjectNotReadable"]);
    expect(second.output).toMatch(/^nothing was changed$/m);
    await ended();
    const executionArn = pipeline
      .stackOutput("state_machine_arn")
      .replace(":stateMachine:", ":execution:")
      .concat(":refused-0-replay");
    expect(await sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: "SUCCEEDED",
      input: '{"key":"missing-0.jpg"}',
    });
  });

  it("lists dead letters without taking them, then sends them again and empties the queue", async () => {
    const letters = 1 + REFUSALS;
    const shown = new RegExp(`^AccessDeniedException +${letters} +dead letter +send again ${letters} `, "m");
    const nothingElse = ["--since", "0m", "--dead-letters"];
    for (let time = 0; time < 2; time += 1) expect((await replay([...nothingElse, "--dry-run"])).output).toMatch(shown);
    const before = (await executions()).length;
    const sent = await replay([...nothingElse, "--yes"]);
    expect(sent.output).toMatch(/^redriven 0, started anew 0, dead letters sent again 4$/m);
    expect((await executions()).length).toBe(before + letters);
    expect((await ended()).FAILED).toBe(REFUSALS);
    expect((await replay([...nothingElse, "--dry-run"])).output).not.toMatch(/dead letter/);
  });
});
