import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListObjectVersionsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import sharp from "sharp";
import { LocalProcess } from "../../packages/local-aws/__tests__/support/local-process";
import { runTypeScript } from "../../packages/local-aws/__tests__/support/local-project";
import { withGuard } from "../support/guarded-function";

// A pipeline is started, and the command runs against it many times.
jest.setTimeout(180_000);

const PICTURES = 120;
const FIELDS = { backfill: { maxConcurrency: 3 }, resizeOnUpload: false };

const folder = mkdtempSync(join(tmpdir(), "backfill-"));
/** While this file is there, the function comes to no end with pictures below odd/. */
const held = join(folder, "held");
let pipeline: LocalProcess;
let s3: S3Client;

beforeAll(async () => {
  const stacks = join(folder, "out");
  await runTypeScript("__tests__/support/synthesize-with.ts", [stacks, JSON.stringify(FIELDS)]);
  const stack = join(stacks, "stacks/image-pipeline-dev/cdk.tf.json");
  pipeline = new LocalProcess(["--stack", await withGuard(stack, HOLD, folder), "--port", "0", "--aws-port", "0"]);
  await pipeline.ready();
  s3 = new S3Client({ ...pipeline.client, forcePathStyle: true });
  await fill();
});
afterAll(async () => {
  await pipeline?.end();
  rmSync(folder, { recursive: true });
});

// What it was waiting for when the execution was stopped, it must not write after all.
const HOLD = `async (event) => {
  const { existsSync } = require("node:fs");
  const held = () => existsSync(${JSON.stringify(held)});
  if (event.dryRun || !event.fileName.startsWith("odd/") || !held()) return;
  while (held()) await new Promise((resolve) => setTimeout(resolve, 50));
  throw new Error("was held");
}`;

async function fill(): Promise<void> {
  const Bucket = pipeline.stackOutput("original_bucket_name");
  const put = (Key: string, Body: Buffer) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const jpeg = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#369" } })
    .jpeg()
    .toBuffer();
  const keys = Array.from({ length: PICTURES }, (_, index) => `${index % 2 ? "odd" : "even"}/${index}.jpg`);
  for (const key of keys) await put(key, jpeg);
  await put("even/", Buffer.alloc(0));
  await put("even/empty.jpg", Buffer.alloc(0));
  await put("text.jpg", Buffer.from("no picture at all"));
  await put("torn, in half.jpg", jpeg.subarray(0, jpeg.length - 100));
  await put('pdf "1".pdf', Buffer.from("%PDF-1.7\n"));
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the command as a shell would; it is sent SIGINT as soon as its output has a text. */
function backfill(args: readonly string[], interruptAt?: string): Promise<Ended> {
  const names = ["AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
  const shell = Object.fromEntries(names.map((name) => [name, pipeline.variable(name)]));
  const env = { PATH: process.env.PATH, ...shell, BACKFILL_FIELDS: JSON.stringify(FIELDS) };
  const file = join(__dirname, "../support/backfill-with.ts");
  const tsx = ["--require", require.resolve("tsx/preflight"), "--import", require.resolve("tsx")];
  const child = spawn(process.execPath, [...tsx, file, "--env", "dev", ...args], { env, cwd: folder });
  return ended(child, interruptAt);
}

function ended(child: ChildProcess, interruptAt?: string): Promise<Ended> {
  let output = "";
  let interrupted = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (interruptAt === undefined || interrupted || !output.includes(interruptAt)) return;
      interrupted = true;
      child.kill("SIGINT");
    });
  }
  return new Promise((done) => child.once("close", (code) => done({ code, output })));
}

/** How often each object of the resized bucket was written. */
async function writes(): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let KeyMarker: string | undefined;
  let VersionIdMarker: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectVersionsCommand({
        Bucket: pipeline.stackOutput("resized_bucket_name"),
        ...(KeyMarker !== undefined && { KeyMarker, VersionIdMarker }),
      }),
    );
    for (const { Key = "" } of page.Versions ?? []) counts.set(Key, (counts.get(Key) ?? 0) + 1);
    KeyMarker = page.NextKeyMarker;
    VersionIdMarker = page.NextVersionIdMarker;
  } while (KeyMarker !== undefined);
  return counts;
}

/** The rows of the CSV file that the output names, in the order of their keys. */
function failures(output: string): readonly string[] {
  const [file = ""] = /backfill-\w+-failures\.csv/.exec(output.slice(output.lastIndexOf("failed, in "))) ?? [];
  const [head, ...rows] = readFileSync(join(folder, file), "utf8").trim().split("\n");
  expect(head).toBe("key,error,cause");
  return rows.sort();
}

const FAILED_ROWS = [
  expect.stringMatching(/^"pdf ""1"".pdf",UnsupportedFormat,/),
  expect.stringMatching(/^"torn, in half.jpg",CorruptImage,/),
  expect.stringMatching(/^text.jpg,NotAnImage,/),
];

describe("npm run backfill, against a local run", () => {
  it("counts, measures and says what it would take with --dry-run, and writes nothing", async () => {
    const { code, output } = await backfill(["--dry-run", "--renditions", "thumbnail,card"]);
    expect(output).toMatch(/^dev: 123 pictures of s3:\/\/image-pipeline-dev-original-\d+\/, thumbnail, card$/m);
    expect(output).toMatch(/^\.jpg +122 +0\.\d$/m);
    expect(output).toMatch(/^\.pdf +1 +0\.0$/m);
    expect(output).toMatch(/^\d+ samples: \d+ ms and [12]\.\d renditions to make each; failed: .*UnsupportedFormat/m);
    expect(output).toMatch(/^about \d+ s with 3 at once$/m);
    expect(output).toMatch(/^nothing was changed$/m);
    expect(code).toBe(0);
    expect((await writes()).size).toBe(0);
  });

  it("asks for --yes where nobody can be asked", async () => {
    const { code, output } = await backfill([]);
    expect(output).toContain("npm run backfill: expected --yes or --dry-run where nobody can be asked");
    expect(code).toBe(2);
  });

  it.each<[string, string[], string]>([
    ["watch", ["--watch"], "there has been no backfill yet"],
    ["stop", ["--stop"], "no backfill runs"],
    ["redrive", ["--redrive"], "there has been no backfill yet"],
  ])("has nothing to %s before the first", async (_, args, message) => {
    const { code, output } = await backfill(args);
    expect(output).toBe(`npm run backfill: ${message}\n`);
    expect(code).toBe(2);
  });

  it("goes on when nobody looks any more, is told of and not doubled, is shown again, and stops", async () => {
    writeFileSync(held, "");
    const left = await backfill(["--yes"], "Ctrl-C leaves it running");
    expect(left.output).toContain("it goes on: npm run backfill -- --env dev --watch shows it, --stop ends it");
    const second = await backfill(["--yes"]);
    expect(second.output).toMatch(/^npm run backfill: a backfill runs since \S+Z \(backfill-\w+\): --watch shows it/m);
    expect(second.code).toBe(2);
    const watched = await backfill(["--watch"], "Ctrl-C leaves it running");
    expect(watched.output).toContain("it goes on");
    const stopped = await backfill(["--stop"]);
    expect(stopped.output).toMatch(/^backfill-\w+ ABORTED: Stopped: npm run backfill -- --stop$/m);
    expect(stopped.code).toBe(1);
    expect((await writes()).size).toBe(PICTURES / 2);
    rmSync(held);
  });

  it("goes on with what was stopped, makes each rendition once, and says by error and in a file what failed", async () => {
    const { code, output } = await backfill(["--redrive"]);
    expect(output).toMatch(/^backfill-\w+ SUCCEEDED$/m);
    expect(output).toMatch(/^NotAnImage +1$/m);
    expect(output).toMatch(/^CorruptImage +1$/m);
    expect(output).toMatch(/^UnsupportedFormat +1$/m);
    expect(failures(output)).toEqual(FAILED_ROWS);
    expect(code).toBe(1);
    const written = await writes();
    expect(written.size).toBe(PICTURES);
    expect([...written.values()].filter((count) => count !== 1)).toEqual([]);
  });

  it("says of one that came to its end that there is nothing to redrive", async () => {
    const { code, output } = await backfill(["--redrive"]);
    expect(output).toMatch(
      / came to its end, and only what was stopped or failed can be redriven: npm run backfill -- /,
    );
    expect(code).toBe(2);
  });

  it("makes nothing of what is there, and what is missing only, below a prefix", async () => {
    const again = await backfill(["--yes", "--prefix", "odd/"]);
    expect(again.output).toMatch(/^made: nothing; nothing to make of 60 objects$/m);
    expect(again.code).toBe(0);
    const other = await backfill(["--yes", "--prefix", "odd/", "--renditions", "thumbnail,card"]);
    expect(other.output).toMatch(/^made: 60 card; nothing to make of 0 objects$/m);
    expect([...(await writes()).values()].filter((count) => count !== 1)).toEqual([]);
  });

  it("takes the file of what failed as a list of keys, and another list where the machine may read it", async () => {
    const first = await backfill(["--yes", "--prefix", "t"]);
    const [file = ""] = /backfill-\w+-failures\.csv/.exec(first.output) ?? [];
    const { output } = await backfill(["--yes", "--keys", file]);
    expect(output).toContain("dev: 2 pictures of backfill-");
    expect(failures(output)).toEqual(FAILED_ROWS.slice(1));
    const Bucket = pipeline.stackOutput("backfill_bucket_name");
    const lines = ["even/0.jpg", "odd/1.jpg"].map((key) => JSON.stringify({ key }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "lists/two.jsonl", Body: lines.join("\n") }));
    const listed = await backfill(["--yes", "--keys", `s3://${Bucket}/lists/two.jsonl`, "--renditions", "large"]);
    expect(listed.output).toMatch(/^made: 2 large; nothing to make of 0 objects$/m);
  });

  it("says how a run ended that found no list, and one that knows no such list", async () => {
    const sfn = new SFNClient(pipeline.client);
    const start = (name: string, input: object) =>
      sfn.send(
        new StartExecutionCommand({
          stateMachineArn: pipeline.stackOutput("backfill_state_machine_arn"),
          name,
          input: JSON.stringify(input),
        }),
      );
    await start("lost", { keys: "lists/lost.csv" });
    expect((await backfill(["--watch"])).output).toMatch(/^lost FAILED: States\.ItemReaderFailed: /m);
    await start("elsewhere", { keys: "results/of-another.csv" });
    expect((await backfill(["--watch"])).output).toMatch(
      /^elsewhere FAILED: States\.ItemReaderFailed: .*not authorized/m,
    );
    await start("unknown", { keys: "lists/keys.txt" });
    expect((await backfill(["--watch"])).output).toMatch(/^unknown FAILED: UnknownList: Expected keys to name a list/m);
  });
});
