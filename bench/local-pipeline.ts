import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { asText, runCommand, type Table, wholeNumber } from "@image-pipeline/command";
import { renderCore } from "./core";
import { OpenConsole } from "./open-console";
import { makePictures } from "./pictures";
import { median, percentile } from "./statistics";
import { synthesizeInto } from "./synthesize";

const HELP = `npm run bench:local [-- [--rounds N] [picture]]

Measures the pipeline as it runs on this machine: how long until it is ready, from POST to thumbnail (cold and warm, and in
turns with the core alone, and with a console open), executions a second, memory. When a thumbnail is stored and an execution has ended is read from
the runner's log, so nothing polls meanwhile.
`;
const PROJECT = join(__dirname, "..");
const THUMB = { width: 256, height: 256, fit: "inside", format: "source" } as const; // as environments/dev.ts has it
const WARM_UP = 50;
const EXECUTIONS = 300;
const AT_ONCE = 8;
const STARTING = "runner  starting";
const READY = "ready; Ctrl-C stops";

/** The runner, with its log as something to wait for. */
class Runner {
  readonly #process: ChildProcess;
  readonly #events = new Map<string, PromiseWithResolvers<void>>();
  readonly #functionMs: number[] = [];
  #storedAt = 0;
  #consoleUrl = "";
  #outputs: Readonly<Record<string, string>> | undefined;

  constructor(
    stack: string,
    private readonly folder: string,
  ) {
    const tsx = ["--require", require.resolve("tsx/cjs")];
    const args = [
      "--stack",
      stack,
      "--out",
      folder,
      "--port",
      "0",
      "--aws-port",
      "0",
      "--console-port",
      "0",
      "--verbose",
    ];
    this.#process = spawn(process.execPath, [...tsx, join(PROJECT, "packages", "local-aws", "main.ts"), ...args], {
      cwd: PROJECT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (this.#process.stdout) createInterface({ input: this.#process.stdout }).on("line", (line) => this.#hear(line));
  }

  /** Settles when the log has said that an execution ended, or one of the runner's own words. */
  heard(event: string): Promise<void> {
    return this.#event(event).promise;
  }

  /** Durations the function itself reported. */
  get functionMs(): readonly number[] {
    return this.#functionMs;
  }

  /** When the log last said that a rendition was written, in performance.now(). */
  get storedAt(): number {
    return this.#storedAt;
  }

  get consoleUrl(): string {
    return this.#consoleUrl;
  }

  output(name: string): string {
    this.#outputs ??= JSON.parse(readFileSync(join(this.folder, "outputs.json"), "utf8"))["image-pipeline-dev"];
    return this.#outputs?.[name] ?? "";
  }

  variable(name: string): string {
    return new RegExp(`^${name}=(.*)$`, "m").exec(readFileSync(join(this.folder, "aws.env"), "utf8"))?.[1] ?? "";
  }

  /** Megabytes of the runner, and of its largest sandbox. */
  memoryMb(): readonly [number, number] {
    return [residentMb(this.#process.pid ?? 0), Math.max(0, ...this.#sandboxes().map(residentMb))];
  }

  async killSandboxes(): Promise<void> {
    for (const pid of this.#sandboxes()) process.kill(pid, "SIGKILL");
    while (this.#sandboxes().length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGINT");
    await gone;
  }

  #sandboxes(): readonly number[] {
    const { pid } = this.#process;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  }

  #hear(line: string): void {
    if (/ s3 {6}PutObject 200 \S+\/thumb-/.test(line)) this.#storedAt = performance.now();
    const duration = / REPORT .* Duration: ([\d.]+) ms/.exec(line)?.[1];
    if (duration !== undefined) this.#functionMs.push(Number(duration));
    const ended = / states {2}(\S+) {2}(SUCCEEDED|FAILED)/.exec(line)?.[1];
    if (ended !== undefined) this.#event(ended).resolve();
    this.#consoleUrl = / runner {2}console +(\S+)/.exec(line)?.[1] ?? this.#consoleUrl;
    for (const words of [STARTING, READY]) if (line.includes(words)) this.#event(words).resolve();
  }

  /** The log may be faster than who waits for it. */
  #event(name: string): PromiseWithResolvers<void> {
    const event = this.#events.get(name) ?? Promise.withResolvers<void>();
    this.#events.set(name, event);
    return event;
  }
}

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
      ["memory of the runner", `${runnerMb} MB`],
      ["memory of a sandbox", `${sandboxMb} MB`],
    ],
  };
}

/** Puts the picture into the bucket and waits for the execution that starts by itself. */
async function upload(runner: Runner, picture: string): Promise<void> {
  const credentials = {
    accessKeyId: runner.variable("AWS_ACCESS_KEY_ID"),
    secretAccessKey: runner.variable("AWS_SECRET_ACCESS_KEY"),
  };
  const s3 = new S3Client({
    endpoint: runner.variable("AWS_ENDPOINT_URL"),
    region: runner.variable("AWS_REGION"),
    credentials,
    forcePathStyle: true,
  });
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

function residentMb(pid: number): number {
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024);
}
