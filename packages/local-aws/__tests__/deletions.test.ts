import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  NotFound,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import sharp from "sharp";
import { removeCodeFolder } from "../code-folder";
import { LocalProcess } from "./support/local-process";
import { synthesizeDevWith } from "./support/local-project";
import { until } from "./support/until";

const folder = mkdtempSync(join(tmpdir(), "deletions-"));
let local: LocalProcess;
let s3: S3Client;
let sfn: SFNClient;
let [original, resized, machine] = ["", "", ""];

beforeAll(async () => {
  const stack = await synthesizeDevWith({ deleteRenditions: true }, folder);
  local = new LocalProcess(["--stack", stack, "--port", "0", "--aws-port", "0"]);
  await local.ready();
  const { client } = local;
  s3 = new S3Client({ ...client, forcePathStyle: true });
  sfn = new SFNClient(client);
  original = local.stackOutput("original_bucket_name");
  resized = local.stackOutput("resized_bucket_name");
  machine = local.stackOutput("state_machine_arn");
}, 120_000);

afterAll(async () => {
  await local?.end();
  await removeCodeFolder(folder);
});

let pictures = 0;
/** Uploads a picture that no other is like. */
async function upload(key: string): Promise<void> {
  pictures += 1;
  const background = { r: pictures % 256, g: Math.floor(pictures / 256), b: 99 };
  const Body = await sharp({ create: { width: 9, height: 9, channels: 3, background } })
    .png()
    .toBuffer();
  await s3.send(new PutObjectCommand({ Bucket: original, Key: key, Body }));
}

const remove = (key: string, VersionId?: string) =>
  s3.send(new DeleteObjectCommand({ Bucket: original, Key: key, ...(VersionId && { VersionId }) }));

const renditions = async (key: string): Promise<string[]> => {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: resized }));
  return Contents.flatMap(({ Key = "" }) => (Key.includes(key) ? [Key] : []));
};

/** Waits until so many executions more than before have ended, and gives how. */
let before = 0;
async function ended(more: number): Promise<readonly string[]> {
  before += more;
  const statuses = await until(async () => {
    const found: string[] = [];
    for await (const { executions = [] } of paginateListExecutions({ client: sfn }, { stateMachineArn: machine }))
      found.push(...executions.map(({ status }) => String(status)));
    return found.length >= before && !found.includes("RUNNING") ? found : undefined;
  });
  expect(statuses).toHaveLength(before);
  return statuses.slice(0, more);
}

async function execute(request: object) {
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: machine, input: JSON.stringify(request) }),
  );
  await ended(1);
  const { status, output, error } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  return { status, error, ...(output && { output: JSON.parse(output) }) };
}

/** What S3 says of an object; undefined when there is none. */
async function head(Bucket: string, Key: string) {
  try {
    return await s3.send(new HeadObjectCommand({ Bucket, Key }));
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

describe("the renditions of an original", () => {
  it("go with it, all of them, and come back with it", async () => {
    await upload("a/cat.png");
    await ended(1);
    await execute({ key: "a/cat.png", renditions: ["card", "large", "thumb"] });
    expect(await renditions("cat.png")).toHaveLength(4);

    await remove("a/cat.png");
    expect(await ended(1)).toEqual(["SUCCEEDED"]);
    expect(await renditions("cat.png")).toEqual([]);

    await upload("a/cat.png");
    await ended(1);
    expect(await renditions("cat.png")).toEqual(["a/thumbnail-cat.png"]);
  }, 60_000);

  it("go with each that is deleted in one request", async () => {
    await Promise.all(["d1.png", "d2.png", "d3.png"].map(upload));
    await ended(3);
    const Objects = ["d1.png", "d2.png"].map((Key) => ({ Key }));
    await s3.send(new DeleteObjectsCommand({ Bucket: original, Delete: { Objects } }));
    expect(await ended(2)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
    expect([await renditions("d1.png"), await renditions("d2.png")]).toEqual([[], []]);
    expect(await renditions("d3.png")).toEqual(["thumbnail-d3.png"]);
  }, 60_000);

  it("stay when an old version of it is deleted for good", async () => {
    await upload("old.png");
    await upload("old.png");
    await ended(2);
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: original, Prefix: "old.png" }));
    await remove("old.png", Versions.find(({ IsLatest }) => !IsLatest)?.VersionId);
    await execute({ key: "old.png" });
    expect(await renditions("old.png")).toEqual(["thumb-old.png", "thumbnail-old.png"]);
  }, 60_000);

  it("do not come back by themselves when its delete marker is taken away, but when they are asked for", async () => {
    await upload("back.png");
    await ended(1);
    const { VersionId } = await remove("back.png");
    await ended(1);
    await remove("back.png", VersionId);
    expect(await renditions("back.png")).toEqual([]);
    expect(await execute({ key: "back.png" })).toMatchObject({ status: "SUCCEEDED" });
    expect(await renditions("back.png")).toEqual(["thumb-back.png"]);
  }, 60_000);

  it("stay when somebody says that it was deleted and it was not", async () => {
    await upload("there.png");
    await ended(1);
    const claim = { bucket: original, fileName: "there.png", resizedBucket: resized, deleted: true };
    expect(await execute(claim)).toMatchObject({
      status: "SUCCEEDED",
      output: { renditions: [{ name: "thumbnail" }] },
    });
    expect(await execute({ ...claim, fileName: "never-there.png" })).toMatchObject({ error: "ObjectNotFound" });
    expect(await renditions("there.png")).toEqual(["thumbnail-there.png"]);
  }, 60_000);

  it("agree with it after it was uploaded and deleted many times at once", async () => {
    const keys = Array.from({ length: 8 }, (_, index) => `many-${index}.png`);
    let happened = 0;
    const atOnce = async (happenings: readonly Promise<unknown>[]) => {
      happened += happenings.length;
      await Promise.all(happenings);
    };
    for (let round = 0; round < 8; round++) {
      const both = (key: string) => (round % 2 === 0 ? [upload(key), remove(key)] : [remove(key), upload(key)]);
      await atOnce(keys.flatMap((key, index) => ((round + index) % 3 === 0 ? [remove(key)] : both(key))));
    }
    const isThere = (index: number) => index % 2 === 0;
    await atOnce(keys.map((key, index) => (isThere(index) ? upload(key) : remove(key))));
    const statuses = await ended(happened);

    // An upload whose picture was gone when it was read is refused.
    expect(statuses.filter((status) => status !== "SUCCEEDED" && status !== "FAILED")).toEqual([]);
    for (const [index, key] of keys.entries()) {
      const source = await head(original, key);
      const thumbnail = await head(resized, `thumbnail-${key}`);
      expect([key, source !== undefined]).toEqual([key, isThere(index)]);
      expect([key, thumbnail?.Metadata?.["source-etag"]]).toEqual([key, source?.ETag]);
      expect(await renditions(key)).toHaveLength(source ? 1 : 0);
    }
  }, 120_000);
});
