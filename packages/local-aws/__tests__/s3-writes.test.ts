import { createHash } from "node:crypto";
import { request } from "node:http";
import { GetObjectCommand, PutObjectCommand, type PutObjectCommandInput, type S3Client } from "@aws-sdk/client-s3";
import { S3Process } from "./support/s3-process";

jest.setTimeout(60_000);

const UNSIGNED = { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" };
const CHUNKED = {
  ...UNSIGNED,
  "content-encoding": "aws-chunked",
  "x-amz-decoded-content-length": "4",
  "x-amz-trailer": "x-amz-checksum-crc32",
};
const FRAMES = "4\r\nabcd\r\n0\r\nx-amz-checksum-crc32:7YLNEQ==\r\n\r\n";
const sha256 = (text: string) => createHash("sha256").update(text).digest("base64");

describe("writes to the local S3", () => {
  let s3: S3Process;
  let client: S3Client;

  beforeAll(async () => {
    s3 = await S3Process.start();
    client = s3.client();
  });
  afterAll(() => s3.stop());

  const put = (input: Partial<PutObjectCommandInput>) =>
    client.send(new PutObjectCommand({ Bucket: "one", Key: "key", ...input }));
  const putRaw = (headers: Record<string, string>, body = "") =>
    s3.fetch("/open/raw", { method: "PUT", headers, body });
  /** With nothing added to the headers, and possibly without the body they announce. */
  const send = (headers: Record<string, string>, body = "") =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const put = request(`${s3.endpoint}/open/raw`, { method: "PUT", headers }, async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode, body: text });
        put.destroy();
      });
      put.on("error", reject);
      put.flushHeaders();
      if (body !== "") put.end(body);
    });

  it("stores an empty object, without a body and without a type", async () => {
    expect(await send({ "content-length": "0" })).toMatchObject({ status: 200 });

    const { status, body, headers } = await s3.fetch("/open/raw");
    expect([status, body, headers.get("content-type")]).toEqual([200, "", "binary/octet-stream"]);
  });

  it.each(["garbage", "a/b/c", "text/plain; =", "image/jpeg;;", "\u00fc"])("keeps the type %j", async (type) => {
    expect(await putRaw({ "content-type": type }, "x")).toMatchObject({ status: 200 });

    expect((await s3.fetch("/open/raw")).headers.get("content-type")).toBe(type);
  });

  it("takes no more than it can hold", async () => {
    expect(await send({ "content-length": String(2 ** 30 + 1) })).toEqual({
      status: 400,
      body: expect.stringContaining("<Code>EntityTooLarge</Code>"),
    });
  });

  it.each(["zz", "AAAA", `${"A".repeat(24)}`])("does not take %s for an MD5", async (md5) => {
    expect(await putRaw({ "content-md5": md5 }, "x")).toEqual(
      expect.objectContaining({ status: 400, body: expect.stringContaining("<Code>InvalidDigest</Code>") }),
    );
  });

  describe("in frames", () => {
    it.each([
      ["with a checksum behind them", CHUNKED, FRAMES],
      ["without content-encoding", { ...CHUNKED, "content-encoding": "" }, FRAMES],
      [
        "with signatures",
        { ...CHUNKED, "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "x-amz-trailer": "" },
        `2;chunk-signature=${"0".repeat(64)}\r\nab\r\n2;chunk-signature=1\r\ncd\r\n0;chunk-signature=2\r\n\r\n`,
      ],
      [
        "with a SHA-256 behind them",
        { ...CHUNKED, "x-amz-trailer": "x-amz-checksum-sha256" },
        FRAMES.replace(/crc32:.*==/, `sha256:${sha256("abcd")}`),
      ],
    ])("stores what is in them: %s", async (_what, headers, body) => {
      const present = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ""));

      expect(await putRaw(present, body)).toMatchObject({ status: 200 });
      expect((await s3.fetch("/open/raw")).body).toBe("abcd");
    });

    it("keeps the encodings of the object itself", async () => {
      await putRaw({ ...CHUNKED, "content-encoding": "br, aws-chunked" }, FRAMES);
      const { headers } = await s3.fetch("/open/raw", { method: "HEAD" });
      await putRaw({ ...CHUNKED, "content-encoding": "aws-chunked" }, FRAMES);
      const { headers: none } = await s3.fetch("/open/raw", { method: "HEAD" });

      expect([headers.get("content-encoding"), none.get("content-encoding")]).toEqual(["br", null]);
    });

    it("keeps the checksum that came behind them", async () => {
      const stored = await putRaw(CHUNKED, FRAMES);

      expect(stored.headers.get("x-amz-checksum-crc32")).toBe("7YLNEQ==");
    });

    it.each([
      ["another checksum", CHUNKED, FRAMES.replace("abcd", "abcX"), "BadDigest"],
      ["another length", { ...CHUNKED, "x-amz-decoded-content-length": "99" }, FRAMES, "IncompleteBody"],
      ["a frame cut short", CHUNKED, "ff\r\nabcd", "IncompleteBody"],
      ["no last frame", CHUNKED, "4\r\nabcd\r\n", "IncompleteBody"],
      ["a frame without a length", CHUNKED, FRAMES.replace("4", "x"), "IncompleteBody"],
      ["a frame longer than its length", CHUNKED, FRAMES.replace("4", "3"), "IncompleteBody"],
      ["no frames", CHUNKED, "abcd", "IncompleteBody"],
      ["no checksum behind them", CHUNKED, "4\r\nabcd\r\n0\r\n\r\n", "MalformedTrailerError"],
      [
        // It would make a copy of what nobody was asked about.
        "another header behind them",
        { ...CHUNKED, "x-amz-trailer": "x-amz-copy-source" },
        FRAMES.replace(/x-amz-.*==/, "x-amz-copy-source:one/key"),
        "MalformedTrailerError",
      ],
    ])("stores nothing of a payload with %s", async (_what, headers, body, code) => {
      await putRaw({}, "before");

      expect(await putRaw(headers, body)).toMatchObject({
        status: 400,
        body: expect.stringContaining(`<Code>${code}</Code>`),
      });
      expect((await s3.fetch("/open/raw")).body).toBe("before");
    });

    it("does not take a payload of no known length", async () => {
      expect(await send({ "transfer-encoding": "chunked" }, "abc")).toMatchObject({
        status: 501,
        body: expect.stringContaining("Transfer-Encoding"),
      });
    });
  });

  it.each<[string, Partial<PutObjectCommandInput>, string, number]>([
    ["a storage class", { StorageClass: "GLACIER" }, "NotImplemented", 501],
    ["KMS", { ServerSideEncryption: "aws:kms" }, "NotImplemented", 501],
    ["a key of KMS", { ServerSideEncryption: "AES256", SSEKMSKeyId: "x" }, "NotImplemented", 501],
    ["tags", { Tagging: "a=b" }, "NotImplemented", 501],
    ["an ACL", { ACL: "public-read" }, "NotImplemented", 501],
    ["a condition", { IfNoneMatch: "*" }, "NotImplemented", 501],
    ["another owner of the bucket", { ExpectedBucketOwner: "999999999999" }, "AccessDenied", 403],
    ["a key of 1,025 bytes", { Key: `${"x".repeat(1023)}\u00fc` }, "KeyTooLongError", 400],
    ["metadata of 2,049 bytes", { Metadata: { abc: "x".repeat(2046) } }, "MetadataTooLarge", 400],
  ])("refuses %s", async (_what, input, name, httpStatusCode) => {
    await expect(put({ Body: "x", ...input })).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
  });

  it.each<[string, Partial<PutObjectCommandInput>]>([
    ["the storage class it has", { StorageClass: "STANDARD" }],
    ["the encryption of every bucket", { ServerSideEncryption: "AES256" }],
    ["the owner of the bucket", { ExpectedBucketOwner: "111111111111" }],
    ["a key of 1,024 bytes", { Key: `${"x".repeat(1022)}\u00fc` }],
    ["metadata of 2,048 bytes", { Metadata: { abc: "x".repeat(2045) } }],
  ])("takes %s", async (_what, input) => {
    await put({ Body: "x", ...input });

    const { Body } = await client.send(new GetObjectCommand({ Bucket: "one", Key: input.Key ?? "key" }));
    expect(await Body?.transformToString()).toBe("x");
  });

  it("tells of each write, with what was written", async () => {
    await s3.created();
    await put({ Key: "told", Body: "abcd" });

    expect(await s3.created()).toEqual([
      expect.objectContaining({
        bucket: expect.objectContaining({ name: "one" }),
        key: "told",
        sizeBytes: 4,
        etag: "e2fc714c4727ee9395f324cd2e7f331f",
        reason: "PutObject",
        requestId: expect.stringMatching(/^[0-9A-F]{16}$/),
      }),
    ]);
  });
});
