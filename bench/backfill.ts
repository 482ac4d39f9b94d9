import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListMapRunsCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { RenditionPreset } from "../handlers/resize-image/config";
import { contenders } from "./contender";
import { READY, Runner } from "./local-runner";
import { median } from "./statistics";
import { synthesizeWith } from "./synthesize";

const ROUNDS = 7;
const PICTURES = 120;
const UPLOADS_AT_ONCE = 8;
const LOOK_MS = 100;

/** Pictures a second, of a backfill and of so many processes that only render, one after the other in each round. */
export interface BackfillSpeed {
  readonly perSecond: number;
  readonly corePerSecond: number;
  /** Of what one round did, for both have the same machine then. */
  readonly ratio: number;
  readonly workers: number;
}

/** Backfills copies of a picture on this machine, in turns with the core alone. */
export async function backfillSpeed(folder: string, picture: string, preset: RenditionPreset): Promise<BackfillSpeed> {
  // As many as the local run lets work at once.
  const workers = 2 * availableParallelism();
  const fields = { backfill: { maxConcurrency: workers }, resizeOnUpload: false };
  const runner = new Runner(synthesizeWith(join(folder, "backfill"), fields), join(folder, "backfill"));
  await runner.heard(READY);
  const { client } = runner;
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const sfn = new SFNClient(client);
  const cores = Array.from({ length: workers }, contenders.ours);

  const rounds: { readonly backfillMs: number; readonly coreMs: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    await upload(s3, runner.output("original_bucket_name"), `${round}/`, readFileSync(picture));
    const backfillMs = await backfill(sfn, runner.output("backfill_state_machine_arn"), `${round}/`);
    const coreMs = await renderAll(cores, picture, preset);
    // The first one starts the sandboxes.
    if (round > 0) rounds.push({ backfillMs, coreMs });
  }
  for (const core of cores) core.stop();
  await runner.stop();
  const perSecond = (ms: number) => (PICTURES * 1_000) / ms;
  return {
    perSecond: perSecond(median(rounds.map(({ backfillMs }) => backfillMs))),
    corePerSecond: perSecond(median(rounds.map(({ coreMs }) => coreMs))),
    ratio: median(rounds.map(({ backfillMs, coreMs }) => coreMs / backfillMs)),
    workers,
  };
}

async function upload(s3: S3Client, Bucket: string, prefix: string, Body: Buffer): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let index = next++; index < PICTURES; index = next++)
      await s3.send(new PutObjectCommand({ Bucket, Key: `${prefix}${index}.jpg`, Body }));
  };
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, work));
}

/** Milliseconds of its Map run, by the runner's own clock. */
async function backfill(sfn: SFNClient, stateMachineArn: string, prefix: string): Promise<number> {
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ prefix, renditions: ["thumb"] }) }),
  );
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== "RUNNING") break;
  }
  const { mapRuns: [run] = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
  const mapRun = await sfn.send(new DescribeMapRunCommand({ mapRunArn: run?.mapRunArn }));
  if (mapRun.itemCounts?.succeeded !== PICTURES)
    throw new Error(`Expected ${PICTURES} pictures but received ${JSON.stringify(mapRun.itemCounts)}`);
  return Number(mapRun.stopDate) - Number(mapRun.startDate);
}

async function renderAll(
  cores: readonly ReturnType<typeof contenders.ours>[],
  picture: string,
  preset: RenditionPreset,
): Promise<number> {
  const began = performance.now();
  let next = 0;
  const work = async (core: (typeof cores)[number]) => {
    while (next++ < PICTURES) await core.run(picture, [preset]);
  };
  await Promise.all(cores.map(work));
  return performance.now() - began;
}
