/**
 * Backfills many small pictures of a local run, one in fifty broken. With `kill` the runner dies in the middle and is started
 * again on the same data: nothing may be lost, and nothing made twice.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListObjectVersionsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { LocalProcess } from "./local-process";
import { runTypeScript } from "./local-project";

const FIELDS = { backfill: { maxConcurrency: 4 }, resizeOnUpload: false };
const BROKEN_EACH = 50;
const UPLOADS_AT_ONCE = 16;
const LOOK_MS = 2_000;

interface Picture {
  readonly key: string;
  readonly body: Buffer;
  /** How it has to fail; undefined for one that is good. */
  readonly error?: string;
}

/** Gives what went wrong. */
export async function soakBackfill(pictures: number, kill: boolean): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "soak-backfill-"));
  try {
    const stacks = join(folder, "stacks");
    await runTypeScript("__tests__/support/synthesize-with.ts", [stacks, JSON.stringify(FIELDS)]);
    const stack = join(stacks, "stacks/image-pipeline-dev/cdk.tf.json");
    const start = async () => {
      const local = new LocalProcess([
        ...["--stack", stack, "--data", join(folder, "data")],
        ...["--port", "0", "--aws-port", "0"],
      ]);
      await local.ready();
      return local;
    };
    return await backfill(folder, await start(), start, await madePictures(pictures), kill);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function backfill(
  folder: string,
  first: LocalProcess,
  start: () => Promise<LocalProcess>,
  pictures: readonly Picture[],
  kill: boolean,
): Promise<string[]> {
  await upload(first, pictures);
  const good = pictures.filter(({ error }) => error === undefined);
  let local = first;
  let before = 0;
  if (kill) {
    const broken = command(folder, local);
    while (before < good.length / 2) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      before = (await writes(local)).size;
    }
    await local.end("SIGKILL");
    await broken;
    local = await start();
    before = (await writes(local)).size;
    console.log(`the runner was killed when ${before} of ${good.length} were made, and is back`);
  }
  const began = performance.now();
  const output = await command(folder, local);
  const seconds = (performance.now() - began) / 1000;
  console.log(output.trimEnd());
  console.log(
    `${pictures.length - before} pictures in ${seconds.toFixed(0)} s with the count and the samples: ${((pictures.length - before) / seconds).toFixed(1)} a second`,
  );
  const faults = [...differences(await writes(local), good), ...(await failureFaults(folder, pictures))];
  const again = await command(folder, local);
  if (!again.includes(`made: nothing; nothing to make of ${good.length.toLocaleString("en-US")} objects`))
    faults.push(`expected nothing to be made by another run but it said ${again}`);
  await local.end("SIGINT");
  return faults;
}

/** Runs `npm run backfill` and gives what it printed, however it ended. */
function command(folder: string, local: LocalProcess): Promise<string> {
  const names = ["AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
  const shell = Object.fromEntries(names.map((name) => [name, local.variable(name)]));
  const tsx = ["--require", require.resolve("tsx/preflight"), "--import", require.resolve("tsx")];
  const file = join(__dirname, "../../../../__tests__/support/backfill-with.ts");
  const child = spawn(process.execPath, [...tsx, file, "--env", "dev", "--yes"], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...shell, BACKFILL_FIELDS: JSON.stringify(FIELDS) },
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.pipe(process.stderr);
  return new Promise((resolve) => child.once("close", () => resolve(output)));
}

async function madePictures(count: number): Promise<readonly Picture[]> {
  const small = sharp({ create: { width: 320, height: 240, channels: 3, background: "#963" } }).composite([
    { input: { create: { width: 99, height: 77, channels: 3, background: "#369" } } },
  ]);
  const [jpeg, png, webp] = await Promise.all([
    small.clone().jpeg().toBuffer(),
    small.clone().png().toBuffer(),
    small.clone().webp().toBuffer(),
  ]);
  const huge = Buffer.from(png);
  // Width and height of the header: 60,000 pixels each, more than the function decodes, with the right checksum of nothing.
  huge.writeUInt32BE(60_000, 16);
  huge.writeUInt32BE(60_000, 20);
  const good = [
    ["jpg", jpeg],
    ["png", png],
    ["webp", webp],
  ] as const;
  const broken = [
    ["text.jpg", Buffer.from("no picture at all"), "NotAnImage"],
    ["torn.jpg", jpeg.subarray(0, jpeg.length / 2), "CorruptImage"],
    ["paper.pdf", Buffer.from("%PDF-1.7\n"), "UnsupportedFormat"],
    ["torn.png", png.subarray(0, png.length - 60), "CorruptImage"],
    ["huge.png", huge, "TooManyPixels"],
  ] as const;
  return Array.from({ length: count }, (_, index) => {
    const folder = `${index % 100}/${index}`;
    if (index % BROKEN_EACH === 0) {
      const [name, body, error] = broken[(index / BROKEN_EACH) % broken.length] ?? broken[0];
      return { key: `${folder}-${name}`, body, error };
    }
    const [extension, body] = good[index % good.length] ?? good[0];
    return { key: `${folder}.${extension}`, body };
  });
}

async function upload(local: LocalProcess, pictures: readonly Picture[]): Promise<void> {
  const s3 = new S3Client({ ...local.client, forcePathStyle: true });
  const Bucket = local.stackOutput("original_bucket_name");
  let next = 0;
  const work = async () => {
    for (let picture = pictures[next++]; picture !== undefined; picture = pictures[next++])
      await s3.send(new PutObjectCommand({ Bucket, Key: picture.key, Body: picture.body }));
  };
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, work));
}

/** How often each object of the resized bucket was written, by key. */
async function writes(local: LocalProcess): Promise<ReadonlyMap<string, number>> {
  const s3 = new S3Client({ ...local.client, forcePathStyle: true });
  const Bucket = local.stackOutput("resized_bucket_name");
  const counts = new Map<string, number>();
  let KeyMarker: string | undefined;
  let VersionIdMarker: string | undefined;
  do {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, KeyMarker, VersionIdMarker }));
    for (const { Key = "" } of page.Versions ?? []) counts.set(Key, (counts.get(Key) ?? 0) + 1);
    KeyMarker = page.NextKeyMarker;
    VersionIdMarker = page.NextVersionIdMarker;
  } while (KeyMarker !== undefined);
  return counts;
}

function differences(written: ReadonlyMap<string, number>, good: readonly Picture[]): string[] {
  const expected = new Set(good.map(({ key }) => key.replace("/", "/thumbnail-")));
  return [
    ...[...expected].filter((key) => !written.has(key)).map((key) => `${key} is not there`),
    ...[...written.keys()].filter((key) => !expected.has(key)).map((key) => `${key} is there and should not be`),
    ...[...written].filter(([, times]) => times > 1).map(([key, times]) => `${key} was written ${times} times`),
  ];
}

/** Compares the newest CSV file with what had to fail. */
async function failureFaults(folder: string, pictures: readonly Picture[]): Promise<string[]> {
  const file =
    (await readdir(folder))
      .filter((name) => name.endsWith("-failures.csv"))
      .sort()
      .at(-1) ?? "";
  const [, ...rows] = (await readFile(join(folder, file), "utf8")).trim().split("\n");
  const received = rows.map((row) => row.split(",").slice(0, 2).join(" ")).sort();
  const expected = pictures.flatMap(({ key, error }) => (error === undefined ? [] : [`${key} ${error}`])).sort();
  if (received.join("\n") === expected.join("\n")) return [];
  const wrong = received.filter((row) => !expected.includes(row)).slice(0, 5);
  const missing = expected.filter((row) => !received.includes(row)).slice(0, 5);
  return [
    `${file}: expected ${expected.length} rows but received ${received.length}; wrong: ${wrong}; missing: ${missing}`,
  ];
}
