import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { S3Process } from "./support/s3-process";

const KEY = "arn:aws:kms:eu-central-1:111111111111:key/of-the-bucket";
const OTHER_KEY = "arn:aws:kms:eu-central-1:111111111111:key/another";
const S3 = { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "arn:aws:s3:::*/*" };
const use = (Action: string, Resource: string, viaService = "s3.eu-central-1.amazonaws.com") => ({
  Effect: "Allow",
  Action,
  Resource,
  Condition: { StringEquals: { "kms:ViaService": viaService } },
});

let s3: S3Process;
beforeAll(async () => {
  s3 = await S3Process.start({
    keyless: [S3],
    writer: [S3, use("kms:GenerateDataKey", KEY)],
    reader: [S3, use("kms:Decrypt", KEY)],
    both: [S3, use("kms:GenerateDataKey", KEY), use("kms:Decrypt", KEY)],
    elsewhere: [S3, use("kms:GenerateDataKey", KEY, "s3.eu-west-1.amazonaws.com")],
  });
});
afterAll(() => s3.stop());

const put = (role: string | undefined, input: Partial<PutObjectCommandInput> = {}) =>
  s3.client(role).send(new PutObjectCommand({ Bucket: "keyed", Key: "key", Body: "abcd", ...input }));

describe("a bucket that encrypts with a key of KMS", () => {
  it("says so of what was written without a word about it, whose ETag is no digest", async () => {
    const written = await put("both");
    const read = await s3.client("both").send(new GetObjectCommand({ Bucket: "keyed", Key: "key" }));

    const said = { ServerSideEncryption: "aws:kms", SSEKMSKeyId: KEY, BucketKeyEnabled: true };
    expect(written).toMatchObject(said);
    expect(read).toMatchObject({ ...said, ETag: written.ETag });
    expect(await read.Body?.transformToString()).toBe("abcd");
    expect(written.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(written.ETag).not.toBe('"e2fc714c4727ee9395f324cd2e7f331f"');
  });

  it.each([
    ["keyless", `is not authorized to perform: kms:GenerateDataKey on resource: ${KEY}`],
    ["reader", `is not authorized to perform: kms:GenerateDataKey on resource: ${KEY}`],
    ["elsewhere", `is not authorized to perform: kms:GenerateDataKey on resource: ${KEY}`],
  ])("takes nothing of %s", async (role, message) => {
    await expect(put(role)).rejects.toMatchObject({ name: "AccessDenied", message: expect.stringContaining(message) });
  });

  it("shows nothing to who may not decrypt, but what is not encrypted", async () => {
    await put("both", { ChecksumAlgorithm: "CRC32" });
    const ask = { Bucket: "keyed", Key: "key" };
    const writer = s3.client("writer");

    await expect(writer.send(new GetObjectCommand(ask))).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining(`is not authorized to perform: kms:Decrypt on resource: ${KEY}`),
    });
    expect(await writer.send(new HeadObjectCommand(ask))).toMatchObject({ ContentLength: 4, SSEKMSKeyId: KEY });
    await expect(writer.send(new HeadObjectCommand({ ...ask, ChecksumMode: "ENABLED" }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });

  it.each<[string, Partial<PutObjectCommandInput>, string | undefined]>([
    ["S3's own key", { ServerSideEncryption: "AES256" }, undefined],
    ["another key", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: OTHER_KEY }, OTHER_KEY],
    ["the key that KMS keeps for S3", { ServerSideEncryption: "aws:kms" }, undefined],
  ])("takes an object under %s where the request asks for it", async (_what, input, key) => {
    const written = await put(undefined, input);

    expect([written.ServerSideEncryption, written.SSEKMSKeyId]).toEqual([input.ServerSideEncryption, key]);
  });

  it("encrypts copies with its own key, whatever the source had", async () => {
    await put("both", { Bucket: "one", Key: "plain" });
    const copy = { Bucket: "keyed", Key: "copy", CopySource: "one/plain" };

    await expect(s3.client("reader").send(new CopyObjectCommand(copy))).rejects.toMatchObject({ name: "AccessDenied" });
    const { CopyObjectResult, SSEKMSKeyId } = await s3.client("writer").send(new CopyObjectCommand(copy));
    expect(SSEKMSKeyId).toBe(KEY);
    expect(CopyObjectResult?.ETag).not.toBe('"e2fc714c4727ee9395f324cd2e7f331f"');
  });

  it("takes parts only of who may decrypt as well, for they are read again", async () => {
    const upload = { Bucket: "keyed", Key: "parts" };
    const { UploadId, SSEKMSKeyId } = await s3.client("writer").send(new CreateMultipartUploadCommand(upload));
    expect(SSEKMSKeyId).toBe(KEY);
    const part = { ...upload, UploadId, PartNumber: 1, Body: "abcd" };

    await expect(s3.client("writer").send(new UploadPartCommand(part))).rejects.toMatchObject({
      message: expect.stringContaining("kms:Decrypt"),
    });
    const { ETag } = await s3.client("both").send(new UploadPartCommand(part));
    const parts = { ...upload, UploadId, MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] } };
    const completed = await s3.client("both").send(new CompleteMultipartUploadCommand(parts));
    expect(ETag).not.toBe('"e2fc714c4727ee9395f324cd2e7f331f"');
    expect(completed).toMatchObject({ SSEKMSKeyId: KEY, ETag: expect.stringMatching(/^"[0-9a-f]{32}-1"$/) });
  });
});
