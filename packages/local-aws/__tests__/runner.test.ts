import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import {
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import sharp from "sharp";
import { removeCodeFolder } from "../code-folder";
import { LocalProcess } from "./support/local-process";
import { synthesizeInto } from "./support/local-project";
import { until } from "./support/until";

const MEGABYTE = 1024 * 1024;
const photo = () =>
  sharp({ create: { width: 600, height: 400, channels: 3, background: "#336699" } })
    .jpeg()
    .toBuffer();
const folder = mkdtempSync(join(tmpdir(), "runner-"));
let stack = "";

beforeAll(async () => {
  stack = await synthesizeInto(folder);
});
afterAll(() => removeCodeFolder(folder));

const start = (...args: readonly string[]) =>
  new LocalProcess(["--stack", stack, "--port", "0", "--aws-port", "0", ...args]);

describe("npm start", () => {
  let local: LocalProcess;
  let s3: S3Client;
  let sfn: SFNClient;
  let original = "";
  let resized = "";
  let machine = "";

  const client = (accessKeyId: string, secretAccessKey: string, region = local.variable("AWS_REGION")) => ({
    endpoint: local.variable("AWS_ENDPOINT_URL"),
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  });
  const put = (Key: string, Body: Uint8Array | string) =>
    s3.send(new PutObjectCommand({ Bucket: original, Key, Body }));
  const thumbnail = (Key: string) =>
    until(() =>
      s3.send(new GetObjectCommand({ Bucket: resized, Key })).then(
        ({ Body }) => Body?.transformToByteArray(),
        () => undefined,
      ),
    );
  const post = (path: string, body: string) =>
    fetch(`${local.stackOutput("api_url")}${path}`, { method: "POST", body });
  const executed = (executionArn: string | undefined) =>
    until(async () => {
      const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === "RUNNING" ? undefined : execution;
    });

  beforeAll(async () => {
    local = start();
    await local.ready();
    const options = client(local.variable("AWS_ACCESS_KEY_ID"), local.variable("AWS_SECRET_ACCESS_KEY"));
    s3 = new S3Client(options);
    sfn = new SFNClient(options);
    [original, resized, machine] = [
      local.stackOutput("original_bucket_name"),
      local.stackOutput("resized_bucket_name"),
      local.stackOutput("state_machine_arn"),
    ];
  });
  afterAll(() => local.end());

  it("listens on 127.0.0.1", () => {
    expect([local.stackOutput("api_url"), local.variable("AWS_ENDPOINT_URL")]).toEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    ]);
  });

  it("resizes what is uploaded, without any call of the API", async () => {
    await put("uploaded/cat.jpg", await photo());

    const { width, height } = await sharp(await thumbnail("uploaded/thumbnail-cat.jpg")).metadata();

    expect([width, height]).toEqual([256, 171]);
  });

  it.each([
    ["/resized", "explicit"],
    ["/process", "short"],
    ["/dev/process", "short"],
  ])("starts an execution for POST %s with the %s form", async (path, form) => {
    await put("cat.jpg", await photo());
    const body =
      form === "short" ? { key: "cat.jpg" } : { bucket: original, fileName: "cat.jpg", resizedBucket: resized };

    const response = await post(path, JSON.stringify(body));
    const { executionArn, startDate } = JSON.parse(await response.text());

    expect(response.status).toBe(200);
    expect(Math.abs(Date.now() / 1000 - startDate)).toBeLessThan(60);
    expect((await executed(executionArn)).status).toBe("SUCCEEDED");
  });

  it("says how an execution ended to whoever knows its name, and 404 to others", async () => {
    await put("cat.jpg", await photo());
    const { executionArn } = JSON.parse(await (await post("/process", '{"key":"cat.jpg"}')).text());
    await executed(executionArn);
    const ask = async (name: string) => {
      const response = await fetch(`${local.stackOutput("api_url")}/dev/executions/${name}`);
      return { status: response.status, body: JSON.parse(await response.text()) };
    };
    const name = executionArn.split(":").at(-1);

    expect(await ask(name)).toEqual({
      status: 200,
      body: {
        name,
        status: "SUCCEEDED",
        startDate: expect.stringMatching(/Z$/),
        stopDate: expect.stringMatching(/Z$/),
        source: expect.objectContaining({ key: "cat.jpg", width: 600 }),
        renditions: [expect.objectContaining({ name: "thumb", key: "thumb-cat.jpg" })],
      },
    });
    expect((await ask("unknown")).status).toBe(404);
  });

  it("starts one execution of a name, however often it is put while that runs, and refuses the name afterwards", async () => {
    await put("cat.jpg", await photo());
    const name = `order-${Date.now()}`;
    const putExecution = async () => {
      const address = `${local.stackOutput("api_url")}/dev/executions/${name}`;
      const response = await fetch(address, { method: "PUT", body: JSON.stringify({ key: "cat.jpg" }) });
      return { status: response.status, answer: JSON.parse(await response.text()) };
    };

    const [first, second] = await Promise.all([putExecution(), putExecution()]);
    const { executionArn } = first.answer;
    const { status } = await executed(executionArn);
    const third = await putExecution();

    expect([first.status, executionArn, status]).toEqual([200, expect.stringMatching(`:${name}$`), "SUCCEEDED"]);
    expect(second).toEqual(first);
    expect([third.status, third.answer.__type]).toEqual([400, "ExecutionAlreadyExists"]);
  });

  it.each([
    ["invalid JSON", "{"],
    ["no body", ""],
    ["more than 256 KiB", JSON.stringify("x".repeat(262_143))],
  ])("answers 400 to %s", async (_what, body) => {
    expect((await post("/resized", body)).status).toBe(400);
  });

  it("answers 431 to more than 10,240 bytes of headers", async () => {
    const response = await fetch(`${local.stackOutput("api_url")}/process`, {
      method: "POST",
      body: "{}",
      headers: { "x-long": "x".repeat(10_300) },
    });

    expect(response.status).toBe(431);
  });

  it("resizes a multipart upload and a copy", async () => {
    const picture = await sharp({
      create: {
        width: 1600,
        height: 1200,
        channels: 3,
        background: "#000",
        noise: { type: "gaussian", mean: 128, sigma: 60 },
      },
    })
      .png({ compressionLevel: 0 })
      .toBuffer();
    const parts = [picture.subarray(0, 5 * MEGABYTE), picture.subarray(5 * MEGABYTE)];
    const target = { Bucket: original, Key: "parts.png" };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
    const Parts = await Promise.all(
      parts.map(async (Body, index) => {
        const { ETag } = await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: index + 1, Body }));
        return { ETag, PartNumber: index + 1 };
      }),
    );
    await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
    await s3.send(
      new CopyObjectCommand({ Bucket: original, Key: "copy of it.png", CopySource: `${original}/parts.png` }),
    );

    expect((await sharp(await thumbnail("thumbnail-parts.png")).metadata()).width).toBe(256);
    expect((await sharp(await thumbnail("thumbnail-copy of it.png")).metadata()).width).toBe(256);
  });

  it("serves lists, ranges, heads and deletes of S3", async () => {
    await put("list/a b.txt", "0123456789");
    const target = { Bucket: original, Key: "list/a b.txt" };

    const range = await s3.send(new GetObjectCommand({ ...target, Range: "bytes=2-4" }));
    const list = await s3.send(new ListObjectsV2Command({ Bucket: original, Prefix: "list/" }));
    const { Buckets } = await s3.send(new ListBucketsCommand({}));

    expect(await range.Body?.transformToString()).toBe("234");
    expect(list.Contents?.map(({ Key }) => Key)).toEqual(["list/a b.txt"]);
    expect((await s3.send(new HeadObjectCommand(target))).ContentLength).toBe(10);
    expect(Buckets?.map(({ Name }) => Name)).toEqual([original, resized]);
    await s3.send(new DeleteObjectCommand(target));
    await expect(s3.send(new HeadObjectCommand(target))).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  it("writes only once where that is the condition", async () => {
    const write = () =>
      s3.send(new PutObjectCommand({ Bucket: original, Key: "once.txt", Body: "x", IfNoneMatch: "*" }));
    await write();

    await expect(write()).rejects.toMatchObject({ name: "PreconditionFailed" });
  });

  it("refuses a payload that is not the one announced", async () => {
    const write = s3.send(
      new PutObjectCommand({ Bucket: original, Key: "torn.txt", Body: "x", ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" }),
    );

    await expect(write).rejects.toMatchObject({ name: "BadDigest", $metadata: { httpStatusCode: 400 } });
  });

  it.each(["application/x-www-form-urlencoded", "application/json", "text/plain", "application/x-amz-json-1.0"])(
    "keeps the bytes of an object of type %s",
    async (ContentType) => {
      const target = { Bucket: original, Key: "bytes.bin" };
      const bytes = Buffer.from([0xff, 0x00, 0x26, 0x3d, 0x0a]);
      await s3.send(new PutObjectCommand({ ...target, Body: bytes, ContentType }));

      const { Body, ContentType: kept } = await s3.send(new GetObjectCommand(target));

      expect([Buffer.from((await Body?.transformToByteArray()) ?? []), kept]).toEqual([bytes, ContentType]);
    },
  );

  it("takes an object of more than 11 MB in one piece", async () => {
    await put("large.bin", Buffer.alloc(12 * MEGABYTE));

    expect((await s3.send(new HeadObjectCommand({ Bucket: original, Key: "large.bin" }))).ContentLength).toBe(
      12 * MEGABYTE,
    );
  });

  it.each([
    ["an unknown key", () => client("AKIAUNKNOWN", "x"), "InvalidAccessKeyId"],
    ["a wrong secret", () => client(local.variable("AWS_ACCESS_KEY_ID"), "x"), "SignatureDoesNotMatch"],
    [
      "another region",
      () => client(local.variable("AWS_ACCESS_KEY_ID"), local.variable("AWS_SECRET_ACCESS_KEY"), "us-east-1"),
      "AuthorizationHeaderMalformed",
    ],
  ])("refuses %s in S3", async (_what, options, name) => {
    await expect(new S3Client(options()).send(new ListObjectsV2Command({ Bucket: original }))).rejects.toMatchObject({
      name,
    });
  });

  it.each([
    ["an unknown key", "AKIAUNKNOWN", "UnrecognizedClientException"],
    ["a wrong secret", "AKIALOCALOPERATOR000", "InvalidSignatureException"],
  ])("refuses %s in Step Functions", async (_what, key, name) => {
    await expect(new SFNClient(client(key, "x")).send(new ListStateMachinesCommand({}))).rejects.toMatchObject({
      name,
    });
  });

  it.each(["/", "/{bucket}", "/{bucket}/cat.jpg"])("refuses the anonymous GET %s", async (path) => {
    const response = await fetch(`${local.variable("AWS_ENDPOINT_URL")}${path.replace("{bucket}", original)}`);

    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining("<Code>AccessDenied</Code>"),
    ]);
  });

  it("names what it serves when asked for anything else", async () => {
    const acl = await fetch(`${local.variable("AWS_ENDPOINT_URL")}/${original}?acl`);

    expect([acl.status, await acl.text()]).toEqual([
      501,
      expect.stringContaining("of S3 it serves objects, multipart uploads and lists"),
    ]);
    await expect(sfn.send(new DeleteStateMachineCommand({ stateMachineArn: machine }))).rejects.toMatchObject({
      name: "UnknownOperationException",
      message: expect.stringContaining("it serves StartExecution, StartSyncExecution, DescribeExecution"),
    });
  });

  it("does not know executions it never started", async () => {
    await expect(sfn.send(new StopExecutionCommand({ executionArn: `${machine}:x` }))).rejects.toMatchObject({
      name: "ExecutionDoesNotExist",
    });
  });

  it("says what a function may not know: 403 for a missing object", async () => {
    const { executionArn } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: machine, input: '{"key":"missing.jpg"}' }),
    );

    expect(await executed(executionArn)).toMatchObject({ status: "FAILED", error: "ObjectNotReadable" });
  });

  it("gives the history of an execution in pages", async () => {
    await put("history.jpg", await photo());
    const { executionArn } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: machine, input: '{"key":"history.jpg"}', name: "with-a-name" }),
    );
    await executed(executionArn);

    const first = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 3 }));
    const rest = await sfn.send(new GetExecutionHistoryCommand({ executionArn, nextToken: first.nextToken }));
    const reversed = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }),
    );

    expect(first.events?.map(({ type }) => type)).toEqual(["ExecutionStarted", "TaskStateEntered", "TaskScheduled"]);
    expect(rest.events?.map(({ type }) => type)).toEqual([
      ...["TaskStarted", "TaskSucceeded", "TaskStateExited", "ChoiceStateEntered", "ChoiceStateExited"],
      ...["SucceedStateEntered", "SucceedStateExited", "ExecutionSucceeded"],
    ]);
    expect(reversed.events?.[0]?.type).toBe("ExecutionSucceeded");
  });

  it("gives a history without its data: what a task was called with stays", async () => {
    const name = "without-data";
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: machine, input: "{}", name }));
    await executed(executionArn);

    const { events = [] } = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false, maxResults: 3 }),
    );
    const [started, entered, scheduled] = events;

    expect(Object.keys(started?.executionStartedEventDetails ?? {})).toEqual(["roleArn"]);
    expect(Object.keys(entered?.stateEnteredEventDetails ?? {})).toEqual(["name"]);
    expect(scheduled?.taskScheduledEventDetails?.parameters).toContain("FunctionName");
  });

  it("lists machines and executions", async () => {
    const { stateMachines } = await sfn.send(new ListStateMachinesCommand({}));
    const { executions } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: machine, statusFilter: "FAILED" }),
    );
    const description = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: machine }));

    expect(stateMachines?.map(({ name }) => name)).toEqual(["ImageProcessingStateMachine-dev"]);
    expect(executions?.every(({ status }) => status === "FAILED")).toBe(true);
    expect(JSON.parse(description.definition ?? "{}").StartAt).toBe("ResizeImage");
  });

  it("logs a line for a request", () => {
    expect(local.output).toMatch(/\d\d:\d\d:\d\d\.\d{3} {2}http {4}POST \/process 200\n/);
  });
});
