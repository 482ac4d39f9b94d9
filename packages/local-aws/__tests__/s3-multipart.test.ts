import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { S3Process } from "./support/s3-process";

const ROLES = {
  stranger: [{ Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::two/*" }],
};
const MEGABYTE = 1024 * 1024;

describe("multipart uploads of the local S3", () => {
  let s3: S3Process;
  let client: S3Client;
  const target = { Bucket: "one", Key: "parts" };
  const create = async () => (await client.send(new CreateMultipartUploadCommand(target))).UploadId;

  beforeAll(async () => {
    s3 = await S3Process.start(ROLES);
    client = s3.client();
  });
  afterAll(() => s3.stop());

  it.each([
    ["another bucket", { Bucket: "two", Key: "parts" }],
    ["another key", { Bucket: "one", Key: "other" }],
  ])("does not know an upload in %s", async (_what, elsewhere) => {
    const UploadId = await create();
    const part = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: "x" }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: part.ETag }] };

    // One client takes each of the commands, but not their union.
    for (const command of [
      new UploadPartCommand({ ...elsewhere, UploadId, PartNumber: 1, Body: "evil" }),
      new CompleteMultipartUploadCommand({ ...elsewhere, UploadId, MultipartUpload }),
      new AbortMultipartUploadCommand({ ...elsewhere, UploadId }),
    ])
      await expect(client.send(Object(command))).rejects.toMatchObject({
        name: "NoSuchUpload",
        $metadata: { httpStatusCode: 404 },
      });
    await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
    const { Body } = await client.send(new GetObjectCommand(target));
    expect(await Body?.transformToString()).toBe("x");
  });

  it("says 404 of an unknown upload to someone who may not list", async () => {
    const upload = { Bucket: "two", Key: "x", UploadId: "unknown", PartNumber: 1, Body: "x" };

    await expect(s3.client("stranger").send(new UploadPartCommand(upload))).rejects.toMatchObject({
      name: "NoSuchUpload",
    });
  });

  it.each([0, -1, 10_001, 1.5])("does not take part number %d", async (PartNumber) => {
    const UploadId = await create();

    await expect(
      client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body: "x" })),
    ).rejects.toMatchObject({
      name: "InvalidArgument",
      message: "Part number must be an integer between 1 and 10000, inclusive",
    });
  });

  it("stores nothing for half of the parameters of a part", async () => {
    const started = await s3.fetch("/open/half?uploads", { method: "POST" });
    const [, uploadId] = /<UploadId>(.*)<\/UploadId>/.exec(started.body) ?? [];

    for (const query of [`uploadId=${uploadId}`, "uploadId=", "partNumber=1"]) {
      expect((await s3.fetch(`/open/half?${query}`, { method: "PUT", body: "x" })).status).toBe(405);
    }
    expect((await s3.fetch("/open/half")).status).toBe(404);
  });

  it("takes an empty part", async () => {
    const UploadId = await create();

    expect(await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 10_000 }))).toMatchObject({
      ETag: '"d41d8cd98f00b204e9800998ecf8427e"',
    });
  });

  it.each([
    ["no parts", []],
    ["a part without its ETag", [{ PartNumber: 1 }]],
  ])("does not complete an upload with %s", async (_what, Parts) => {
    const UploadId = await create();

    await expect(
      client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } })),
    ).rejects.toMatchObject({ name: "MalformedXML", $metadata: { httpStatusCode: 400 } });
  });

  it("compares the list of parts with its digest, and not with that of the object", async () => {
    const started = await s3.fetch("/open/listed?uploads", { method: "POST" });
    const [, uploadId] = /<UploadId>(.*)<\/UploadId>/.exec(started.body) ?? [];
    const path = `/open/listed?uploadId=${uploadId}`;
    const { headers } = await s3.fetch(`${path}&partNumber=1`, { method: "PUT", body: "x" });
    const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${headers.get("etag")}</ETag></Part></CompleteMultipartUpload>`;
    const complete = (digest: Record<string, string>) => s3.fetch(path, { method: "POST", headers: digest, body });

    expect((await complete({ "content-md5": "AAAAAAAAAAAAAAAAAAAAAA==" })).body).toContain("<Code>BadDigest</Code>");
    expect(await complete({ "x-amz-checksum-crc32": "jNwWgw==" })).toMatchObject({ status: 200 });
  });

  describe("with parts that are copied", () => {
    const source = { Bucket: "two", Key: "what? a source/of 6 MB" };
    const CopySource = `two/${encodeURIComponent(source.Key)}`;
    const bytes = Buffer.alloc(6 * MEGABYTE, "0123456789");
    let ETag: string | undefined;

    beforeAll(async () => {
      ({ ETag } = await client.send(new PutObjectCommand({ ...source, Body: bytes })));
    });

    it("copies ranges of the source", async () => {
      const UploadId = await create();
      const copy = async (PartNumber: number, CopySourceRange: string) => {
        const part = { ...target, UploadId, PartNumber, CopySource, CopySourceRange };
        const { CopyPartResult } = await client.send(new UploadPartCopyCommand({ ...part, CopySourceIfMatch: ETag }));
        return { PartNumber, ETag: CopyPartResult?.ETag };
      };

      const Parts = [
        await copy(1, `bytes=0-${5 * MEGABYTE - 1}`),
        await copy(2, `bytes=${5 * MEGABYTE}-${6 * MEGABYTE - 1}`),
      ];
      await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));

      const { Body } = await client.send(new GetObjectCommand(target));
      expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
      expect((await client.send(new HeadObjectCommand({ ...target }))).ContentLength).toBe(bytes.length);
    });

    it.each([
      ["a source that has changed", { CopySourceIfMatch: '"other"' }, "PreconditionFailed"],
      ["a range behind the end", { CopySourceRange: `bytes=0-${6 * MEGABYTE}` }, "InvalidArgument"],
      ["a range without an end", { CopySourceRange: "bytes=0-" }, "InvalidArgument"],
      ["a source that is not there", { CopySource: "two/missing" }, "NoSuchKey"],
      ["a bucket that is not there", { CopySource: "none/missing" }, "NoSuchBucket"],
    ])("does not copy %s", async (_what, changed, name) => {
      const UploadId = await create();
      const part = { ...target, UploadId, PartNumber: 1, CopySource, ...changed };

      await expect(client.send(new UploadPartCopyCommand(part))).rejects.toMatchObject({ name });
    });

    it("asks IAM about the source", async () => {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: "two", Key: "mine" }));
      const part = { Bucket: "two", Key: "mine", UploadId, PartNumber: 1, CopySource };

      await expect(s3.client("stranger").send(new UploadPartCopyCommand(part))).rejects.toMatchObject({
        name: "AccessDenied",
        message: expect.stringContaining("s3:GetObject"),
      });
    });
  });
});
