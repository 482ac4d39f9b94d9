/**
 * Holds the local runner under load: many executions at once, good and bad pictures, by upload and by POST; each has to
 * end in the right state and each thumbnail has to be whole. With --kill, sandboxes die at random moments meanwhile.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  paginateListExecutions,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { runCommand, wholeNumber } from "@image-pipeline/command";
import sharp from "sharp";
import { isRunning, LocalProcess } from "./local-process";
import { synthesizeInto } from "./local-project";
import { soakBackfill } from "./soak-backfill";

const BURST_SANDBOXES = 2;

const HELP = `npm run soak [-- --executions 1000 --at-once 50 --burst 400 --backfill 0 --kill]

Runs the stack on this machine and holds it under load: good and bad pictures, by upload and by POST. Each execution has to
end in the right state and each thumbnail has to be whole. With --kill, sandboxes die at random moments meanwhile. Then so
many uploads at once as --burst says, with room for ${BURST_SANDBOXES} of them: none may be lost. Then so many
pictures as --backfill says are there already, one in fifty broken, and are backfilled; with --kill the runner dies in the middle:
none may be lost, and none made twice. 0 leaves a part out. Linux only.`;

interface Load {
  readonly executions: number;
  readonly atOnce: number;
  readonly kill: boolean;
  /** Uploads at once. */
  readonly burst: number;
}

/** What is asked for and how it has to end; undefined is success. */
interface Kind {
  readonly name: string;
  readonly body: Buffer | undefined;
  readonly error?: string;
}

async function kinds(): Promise<readonly Kind[]> {
  const noise = sharp({
    create: {
      width: 640,
      height: 480,
      channels: 3,
      background: "#000",
      noise: { type: "gaussian", mean: 128, sigma: 30 },
    },
  });
  const jpeg = await noise.clone().jpeg().toBuffer();
  return [
    { name: "a.jpg", body: jpeg },
    { name: "a.png", body: await noise.clone().resize(300, 200).png().toBuffer() },
    { name: "a.webp", body: await noise.clone().webp().toBuffer() },
    { name: "b.jpg", body: jpeg },
    { name: "text.jpg", body: Buffer.from("no picture at all"), error: "NotAnImage" },
    { name: "torn.jpg", body: jpeg.subarray(0, 2000), error: "CorruptImage" },
    { name: "missing.jpg", body: undefined, error: "ObjectNotReadable" },
  ];
}

runCommand({
  name: "npm run soak",
  help: HELP,
  options: {
    executions: { type: "string", default: "1000" },
    "at-once": { type: "string", default: "50" },
    kill: { type: "boolean", default: false },
    burst: { type: "string", default: "400" },
    backfill: { type: "string", default: "0" },
  },
  run: async ({ values }) => {
    const load: Load = {
      executions: wholeNumber("--executions", values.executions),
      atOnce: wholeNumber("--at-once", values["at-once"], 1),
      kill: values.kill,
      burst: wholeNumber("--burst", values.burst),
    };
    const pictures = wholeNumber("--backfill", values.backfill);
    const folder = await mkdtemp(join(tmpdir(), "soak-"));
    try {
      const stack = await synthesizeInto(folder);
      const faults = load.executions === 0 ? [] : await against(stack, (local) => soak(local, load));
      if (load.burst > 0)
        faults.push(...(await against(await withFewSandboxes(stack), (local) => burst(local, load.burst))));
      if (pictures > 0) faults.push(...(await soakBackfill(pictures, load.kill)));
      for (const fault of faults.slice(0, 20)) console.log(`FAIL  ${fault}`);
      console.log(faults.length === 0 ? "PASS  every execution ended as it should" : `${faults.length} faults`);
      process.exitCode = faults.length === 0 ? 0 : 1;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

/** Starts a stack, holds it under load, and ends it; gives what went wrong, the end included. */
async function against(stack: string, load: (local: LocalProcess) => Promise<string[]>): Promise<string[]> {
  const local = new LocalProcess(["--stack", stack, "--port", "0", "--aws-port", "0"]);
  await local.ready();
  const faults = await load(local);
  const sandboxes = local.sandboxes();
  const status = await local.end("SIGINT");
  if (status !== 0) faults.push(`the runner ended with status ${status}`);
  const left = sandboxes.filter(isRunning);
  if (left.length > 0) faults.push(`sandboxes are left: ${left.join(", ")}`);
  return faults;
}

/** Reserves so few sandboxes for the function of a synthesized stack that a burst has to wait. */
async function withFewSandboxes(stack: string): Promise<string> {
  const terraform = JSON.parse(await readFile(stack, "utf8"));
  for (const name of Object.keys(terraform.resource.aws_lambda_function))
    terraform.resource.aws_lambda_function[name].reserved_concurrent_executions = BURST_SANDBOXES;
  await writeFile(stack, JSON.stringify(terraform));
  return stack;
}

/** Uploads many pictures at the same moment and waits until the execution that each has started is over. */
async function burst(local: LocalProcess, uploads: number): Promise<string[]> {
  const { s3, sfn } = clientsOf(local);
  const Body = await sharp({ create: { width: 640, height: 480, channels: 3, background: "#c33" } })
    .jpeg()
    .toBuffer();
  const Bucket = local.stackOutput("original_bucket_name");
  const stateMachineArn = local.stackOutput("state_machine_arn");
  const started = performance.now();
  await Promise.all(
    Array.from({ length: uploads }, (_, index) =>
      s3.send(new PutObjectCommand({ Bucket, Key: `burst/${index}.jpg`, Body })),
    ),
  );
  console.log(`${uploads} uploads, ${BURST_SANDBOXES} sandboxes: stored in ${secondsSince(started)} s`);
  const counted = async () => {
    const counts = new Map<string, number>();
    for await (const { executions = [] } of paginateListExecutions({ client: sfn }, { stateMachineArn }))
      for (const { status = "" } of executions) counts.set(status, (counts.get(status) ?? 0) + 1);
    return counts;
  };
  let counts = await counted();
  while ((counts.get("RUNNING") ?? 0) > 0) {
    console.log(`${counts.get("SUCCEEDED") ?? 0} made after ${secondsSince(started)} s`);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    counts = await counted();
  }
  const ended = [...counts].map(([status, count]) => `${count} ${status}`).join(", ");
  console.log(`${uploads} uploads, ${BURST_SANDBOXES} sandboxes: ${ended} after ${secondsSince(started)} s`);
  const faults = ended === `${uploads} SUCCEEDED` ? [] : [`expected ${uploads} SUCCEEDED but received ${ended}`];
  const resized = local.stackOutput("resized_bucket_name");
  for (let index = 0; index < uploads; index++)
    await checkThumbnail(s3, resized, `burst/thumbnail-${index}.jpg`, faults);
  return faults;
}

const secondsSince = (started: number): string => ((performance.now() - started) / 1000).toFixed(0);

let kills = 0;
function killOne(local: LocalProcess): void {
  const sandboxes = local.sandboxes();
  const victim = sandboxes[Math.floor(Math.random() * sandboxes.length)];
  if (victim === undefined) return;
  kills += 1;
  process.kill(victim, "SIGKILL");
}

function clientsOf(local: LocalProcess): { readonly s3: S3Client; readonly sfn: SFNClient } {
  const { client } = local;
  return { s3: new S3Client({ ...client, forcePathStyle: true }), sfn: new SFNClient(client) };
}

async function soak(local: LocalProcess, { executions, atOnce, kill }: Load): Promise<string[]> {
  const { s3, sfn } = clientsOf(local);
  const killer = kill ? setInterval(() => killOne(local), 400) : undefined;
  const original = local.stackOutput("original_bucket_name");
  const resized = local.stackOutput("resized_bucket_name");
  const all = await kinds();
  const faults: string[] = [];
  const memory: number[] = [];
  let next = 0;
  let lost = 0;
  const started = performance.now();

  const one = async (index: number): Promise<void> => {
    const kind = all[index % all.length];
    if (kind === undefined) return;
    const key = `${index}/${kind.name}`;
    if (kind.body) await s3.send(new PutObjectCommand({ Bucket: original, Key: key, Body: kind.body }));
    const arn = await post(local, key);
    const { status, error } = await finished(sfn, arn);
    const crashes = await crashesOf(sfn, arn);
    // The machine tries three times; whoever is hit each time is lost, and told so.
    if (error === "Runtime.ExitError" && crashes === 3) lost += 1;
    else if (kind.error !== undefined && error !== kind.error)
      faults.push(`${key}: expected ${kind.error} but it ended ${status} ${error}`);
    else if (kind.error === undefined && status !== "SUCCEEDED")
      faults.push(`${key}: expected success but it ended ${status} ${error}`);
    else if (kind.error === undefined) await checkThumbnail(s3, resized, `${index}/thumb-${kind.name}`, faults);
    if (kind.body) await s3.send(new DeleteObjectCommand({ Bucket: original, Key: key }));
    await s3.send(new DeleteObjectCommand({ Bucket: resized, Key: `${index}/thumb-${kind.name}` }));
    if (index % 100 === 0) {
      await sweep(s3, resized);
      memory.push(await residentMb(local));
      console.log(`${index} executions, runner ${memory.at(-1)} MB, ${local.sandboxes().length} sandboxes`);
    }
  };
  const work = async () => {
    while (next < executions) await one(next++);
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } finally {
    clearInterval(killer);
  }
  const seconds = (performance.now() - started) / 1000;
  const running = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn: local.stackOutput("state_machine_arn"), statusFilter: "RUNNING" }),
  );
  console.log(
    `${executions} posted and as many uploads in ${seconds.toFixed(1)} s; ${kills} sandboxes killed, ${lost} executions lost to three of them; memory ${memory.join(" ")} MB; still running: ${running.executions?.length}`,
  );
  const [half = 0, end = 0] = [memory[Math.floor(memory.length / 2)], memory.at(-1)];
  if (end > half * 1.5) faults.push(`memory grew from ${half} MB in the middle to ${end} MB`);
  return faults;
}

/** Removes what the uploads made, or the objects in memory would look like a leak. */
async function sweep(s3: S3Client, bucket: string): Promise<void> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const made = Contents.filter(({ Key = "" }) => Key.includes("/thumbnail-"));
  await Promise.all(made.map(({ Key }) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }))));
}

async function post(local: LocalProcess, key: string): Promise<string> {
  for (;;) {
    const response = await fetch(`${local.stackOutput("api_url")}/process`, {
      method: "POST",
      body: JSON.stringify({ key }),
    });
    const answer = JSON.parse(await response.text());
    if (response.status === 200) return answer.executionArn;
    if (response.status !== 429) throw new Error(`POST answered ${response.status} ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function finished(sfn: SFNClient, executionArn: string) {
  for (;;) {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== "RUNNING") return execution;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function crashesOf(sfn: SFNClient, executionArn: string): Promise<number> {
  const { events } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  return (events ?? []).filter(({ taskFailedEventDetails }) => taskFailedEventDetails?.error === "Runtime.ExitError")
    .length;
}

async function checkThumbnail(s3: S3Client, bucket: string, key: string, faults: string[]): Promise<void> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    // Decoding all of it tells a torn file from a whole one.
    const { info } = await sharp(await Body?.transformToByteArray(), { failOn: "truncated" })
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.width !== 256) faults.push(`${key} is ${info.width} wide`);
  } catch (error) {
    faults.push(`${key}: ${error instanceof Error ? error.message : error}`);
  }
}

async function residentMb(local: LocalProcess): Promise<number> {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${local.pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}
