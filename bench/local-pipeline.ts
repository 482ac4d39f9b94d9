import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { asText, runCommand, type Table, wholeNumber } from "@image-pipeline/command";
import { backfillSpeed } from "./backfill";
import { renderCore } from "./core";
import { READY, Runner, STARTING } from "./local-runner";
import { OpenConsole } from "./open-console";
import { makePictures } from "./pictures";
import { median, percentile } from "./statistics";
import { synthesizeInto } from "./synthesize";

const HELP = `npm run bench:local [-- [--rounds N] [picture]]

Measures the pipeline as it runs on this machine: how long until it is ready, from POST to thumbnail (cold and warm, and in
turns with the core alone, and with a console open), executions a second, memory, and pictures a second of a backfill, in
turns with as many processes that only render. When a thumbnail is stored and an execution has ended is read from the runner's
log, so nothing polls meanwhile.
`;
const THUMB = { width: 256, height: 256, fit: "inside", format: "source" } as const; // as environments/dev.ts has it
const WARM_UP = 50;
const EXECUTIONS = 300;
const AT_ONCE = 8;

runCommand({
  name: "npm run bench:local",
  help: HELP,
  options: { rounds: { type: "string", default: "200" } },
  allowPositionals: true,
  run: async ({ values, positionals }) => {
    if (process.platform !== "linux") throw new Error("npm run bench:local reads /proc, which only Linux has");
    const folder = mkdtempSync(join(tmpdir(), "bench-local-"));
    try {
      const picture = positionals[0] ?? (await makePictures(join(folder, "pictures")))[0];
      if (picture === undefined) throw new Error("expected a picture");
      process.stdout.write(`${asText(await measure(folder, picture, wholeNumber("--rounds", values.rounds, 1)))}\n`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
});

async function measure(folder: string, picture: string, rounds: number): Promise<Table> {
  const runner = new Runner(synthesizeInto(folder, "dev"), folder);
  const spawned = performance.now();
  await runner.heard(STARTING);
  const loaded = performance.now();
  await runner.heard(READY);
  const ready = performance.now();

  await upload(runner, picture);
  const cold: number[] = [];
  for (let round = 0; round < 5; round++) {
    await runner.killSandboxes();
    cold.push((await postToThumbnail(runner)).storedMs);
  }
  const bytes = readFileSync(picture);
  await inTurns(runner, bytes, WARM_UP);
  const warmFrom = runner.functionMs.length;
  const turns = await inTurns(runner, bytes, rounds);
  const warm = turns.map(({ storedMs }) => storedMs);
  const inFunction = runner.functionMs.slice(warmFrom);
  const watched = await watchedInTurns(runner, rounds);
  const perSecond = await throughput(runner);
  const [runnerMb, sandboxMb] = runner.memoryMb();
  await runner.stop();
  const backfill = await backfillSpeed(folder, picture, THUMB);

  const ratio = (of: (posted: Posted) => number) => median(turns.map((turn) => of(turn) / turn.coreMs)).toFixed(2);
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  return {
    title: `The pipeline on this machine, ${basename(picture)}`,
    head: ["", "measured"],
    rows: [
      ["start of the program to loaded", ms(loaded - spawned)],
      ["synthesized and loaded to ready", ms(ready - loaded)],
      ["POST to thumbnail, cold, median of 5", ms(median(cold))],
      ["POST to thumbnail, warm, p50", ms(median(warm))],
      ["POST to thumbnail, warm, p95", ms(percentile(warm, 0.95))],
      ["POST to the end of the execution, warm, p50", ms(median(turns.map(({ endedMs }) => endedMs)))],
      ["of it in the function, p50", ms(median(inFunction))],
      ["the core alone on the same picture, p50", ms(median(turns.map(({ coreMs }) => coreMs)))],
      ["POST to thumbnail against the core alone, p50", ratio(({ storedMs }) => storedMs)],
      ["POST to the end against the core alone, p50", ratio(({ endedMs }) => endedMs)],
      ["POST to thumbnail with a console open, against without, p50", watched.toFixed(2)],
      [`executions a second, ${AT_ONCE} at once`, perSecond.toFixed(1)],
      [`pictures a second of a backfill, ${backfill.workers} at once`, backfill.perSecond.toFixed(1)],
      [`the core alone, ${backfill.workers} processes`, backfill.corePerSecond.toFixed(1)],
      ["backfill against the core alone, p50 of rounds", backfill.ratio.toFixed(2)],
      ["memory of the runner", `${runnerMb} MB`],
      ["memory of a sandbox", `${sandboxMb} MB`],
    ],
  };
}

/** Puts the picture into the bucket and waits for the execution that starts by itself. */
async function upload(runner: Runner, picture: string): Promise<void> {
  const s3 = new S3Client({ ...runner.client, forcePathStyle: true });
  await s3.send(
    new PutObjectCommand({ Bucket: runner.output("original_bucket_name"), Key: "bench", Body: readFileSync(picture) }),
  );
  while (runner.functionMs.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** One after the other each time, so that a ratio is of one moment. */
async function inTurns(runner: Runner, bytes: Buffer, rounds: number) {
  const turns: (Posted & { readonly coreMs: number })[] = [];
  for (let round = 0; round < rounds; round++) {
    // Below the stage's throttle.
    await new Promise((resolve) => setTimeout(resolve, 25));
    const posted = await postToThumbnail(runner);
    const started = performance.now();
    await renderCore(bytes, [THUMB]);
    turns.push({ ...posted, coreMs: performance.now() - started });
  }
  return turns;
}

/** How much longer it takes while somebody looks: each pair of posts is of one moment. */
async function watchedInTurns(runner: Runner, rounds: number): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    const unwatched = await postToThumbnail(runner);
    const page = await OpenConsole.at(runner.consoleUrl);
    await new Promise((resolve) => setTimeout(resolve, 25));
    const watched = await postToThumbnail(runner);
    page.close();
    ratios.push(watched.storedMs / unwatched.storedMs);
  }
  return median(ratios);
}

/** Milliseconds from a POST until its thumbnail is stored, and until its execution has ended. */
interface Posted {
  readonly storedMs: number;
  readonly endedMs: number;
}

async function postToThumbnail(runner: Runner): Promise<Posted> {
  const started = performance.now();
  const answer = await post(`${runner.output("api_url")}/process`, '{"key":"bench"}');
  const { executionArn }: { executionArn?: string } = JSON.parse(answer);
  if (executionArn === undefined) throw new Error(`POST answered ${answer}`);
  await runner.heard(executionArn.slice(executionArn.lastIndexOf(":") + 1).slice(0, 8));
  return { storedMs: runner.storedAt - started, endedMs: performance.now() - started };
}

const keptConnections = new Agent({ keepAlive: true });

/** Plainly: what fetch() does besides would be measured with the pipeline. */
function post(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent: keptConnections }, (response) => {
      text(response).then(resolve, reject);
    });
    sent.on("error", reject).end(body);
  });
}

async function throughput(runner: Runner): Promise<number> {
  const started = performance.now();
  let left = EXECUTIONS;
  const work = async () => {
    while (left-- > 0)
      await postToThumbnail(runner).catch(() => new Promise((resolve) => setTimeout(resolve, 50, left++)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return EXECUTIONS / ((performance.now() - started) / 1000);
}
