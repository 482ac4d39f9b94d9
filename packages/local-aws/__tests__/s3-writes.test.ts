import { createHash } from "node:crypto";
import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { S3Process } from "./support/s3-process";

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

  it("wants to know the length", async () => {
    const { hostname, port } = new URL(s3.endpoint);
    const socket = connect(Number(port), hostname);
    socket.write(`PUT /open/raw HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\n\r\n`);

    expect(await text(socket)).toMatch(/^HTTP\/1.1 411 .*<Code>MissingContentLength<\/Code>/s);
  });

  it.each(["200", "", "100-continue"])("expects no less of itself than %j", async (expectation) => {
    expect(await send({ "content-length": "1", expect: expectation }, "x")).toMatchObject({ status: 200 });
  });

  it("takes no more than it can hold", async () => {
    expect(await send({ "content-length": String(5 * 2 ** 30 + 1) })).toEqual({
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
    ["a storage class that is none", { StorageClass: Object("COLD") }, "InvalidStorageClass", 400],
    ["tags", { Tagging: "a=b" }, "NotImplemented", 501],
    ["an ACL", { ACL: "public-read" }, "AccessControlListNotSupported", 400],
    ["the ACL that objects have anyway", { ACL: "private" }, "AccessControlListNotSupported", 400],
    ["an encryption that is not there", { ServerSideEncryption: "aws:fsx" }, "InvalidArgument", 400],
    ["another owner of the bucket", { ExpectedBucketOwner: "999999999999" }, "AccessDenied", 403],
    ["a key of 1,025 bytes", { Key: `${"x".repeat(1023)}\u00fc` }, "KeyTooLongError", 400],
    ["metadata of 2,049 bytes", { Metadata: { abc: "x".repeat(2046) } }, "MetadataTooLarge", 400],
  ])("refuses %s", async (_what, input, name, httpStatusCode) => {
    await expect(put({ Body: "x", ...input })).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
  });

  it.each<[string, Partial<PutObjectCommandInput>]>([
    ["the storage class it has", { StorageClass: "STANDARD" }],
    ["the encryption of every bucket", { ServerSideEncryption: "AES256" }],
    ["a key of KMS", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: "arn:aws:kms:eu-central-1:111111111111:key/k" }],
    ["the ACL that changes nothing", { ACL: "bucket-owner-full-control" }],
    ["the owner of the bucket", { ExpectedBucketOwner: "111111111111" }],
    ["a key of 1,024 bytes", { Key: `${"x".repeat(1022)}\u00fc` }],
    ["metadata of 2,048 bytes", { Metadata: { abc: "x".repeat(2045) } }],
  ])("takes %s", async (_what, input) => {
    await put({ Body: "x", ...input });

    const { Body } = await client.send(new GetObjectCommand({ Bucket: "one", Key: input.Key ?? "key" }));
    expect(await Body?.transformToString()).toBe("x");
  });

  it("tells of each write and each deletion, with what was written and what is gone", async () => {
    await s3.changed();
    await put({ Key: "told", Body: "abcd" });
    await client.send(new DeleteObjectCommand({ Bucket: "one", Key: "told" }));
    await client.send(new DeleteObjectCommand({ Bucket: "one", Key: "told" }));

    const version = { key: "told", versionId: "null", etag: "e2fc714c4727ee9395f324cd2e7f331f" };
    expect(await s3.changed()).toEqual([
      { bucket: "one", kind: "created", reason: "PutObject", version: expect.objectContaining(version) },
      {
        bucket: "one",
        kind: "deleted",
        deletionType: "Permanently Deleted",
        version: expect.objectContaining(version),
      },
    ]);
  });

  it.each<[string, Partial<PutObjectCommandInput>, string | undefined]>([
    ["only where nothing is", { Key: "once", IfNoneMatch: "*" }, "PreconditionFailed"],
    ["only over what is expected", { Key: "once", IfMatch: '"x"' }, "PreconditionFailed"],
    ["over what is expected", { Key: "once", IfMatch: '"e2fc714c4727ee9395f324cd2e7f331f"' }, undefined],
    ["over nothing", { Key: "never", IfMatch: '"x"' }, "NoSuchKey"],
  ])("writes %s", async (_what, input, name) => {
    await put({ Key: "once", Body: "abcd" });

    const written = put({ Body: "new", ...input });

    if (name === undefined) expect(await written).toMatchObject({ ETag: expect.any(String) });
    else await expect(written).rejects.toMatchObject({ name });
  });

  it.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)("keeps a checksum by %s", async (algorithm) => {
    // The client computes it, and compares what it reads with what comes back.
    const written = await put({ Key: algorithm, Body: "123456789", ChecksumAlgorithm: algorithm });
    const read = await client.send(new GetObjectCommand({ Bucket: "one", Key: algorithm, ChecksumMode: "ENABLED" }));

    expect(await read.Body?.transformToString()).toBe("123456789");
    const name = `Checksum${algorithm}` as const;
    expect(written[name]).toBeDefined();
    expect(read).toMatchObject({ [name]: written[name], ChecksumType: "FULL_OBJECT" });
  });

  it.each([
    ["crc32", "y/Q5Jg=="],
    ["crc32c", "4waSgw=="],
    ["crc64nvme", "rosUhgp5mIg="],
  ])("computes %s as its specification does", async (algorithm, value) => {
    const wrong = {
      [`x-amz-checksum-${algorithm}`]: Buffer.alloc(Buffer.from(value, "base64").length).toString("base64"),
    };

    expect((await putRaw({ [`x-amz-checksum-${algorithm}`]: value }, "123456789")).status).toBe(200);
    expect((await putRaw(wrong, "123456789")).body).toContain("<Code>BadDigest</Code>");
  });

  it.each(["hello", "", "STREAMING-FOO"])("does not take %j for the digest of a payload", async (digest) => {
    expect(await putRaw({ "x-amz-content-sha256": digest }, "x")).toMatchObject({
      status: 400,
      body: expect.stringContaining("x-amz-content-sha256 must be UNSIGNED-PAYLOAD"),
    });
  });

  it("says how an object is encrypted, and names each request", async () => {
    const { headers } = await putRaw({}, "x");

    expect(headers.get("x-amz-server-side-encryption")).toBe("AES256");
    expect(headers.get("x-amz-request-id")).toMatch(/^[0-9A-F]{16}$/);
    const { body } = await s3.fetch("/open/none");
    expect(body).toMatch(/<RequestId>[0-9A-F]{16}<\/RequestId><HostId>[^<]+<\/HostId>/);
  });
});
