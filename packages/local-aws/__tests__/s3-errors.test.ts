import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { S3Process } from "./support/s3-process";

// Clients read these: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
describe("errors of the local S3", () => {
  let s3: S3Process;
  let client: S3Client;
  let versionId = "";
  let marker = "";

  beforeAll(async () => {
    s3 = await S3Process.start();
    client = s3.client();
    await client.send(new PutObjectCommand({ Bucket: "open", Key: "there", Body: "testcontent" }));
    const versioned = { Bucket: "versioned", Key: "there" };
    versionId = (await client.send(new PutObjectCommand({ ...versioned, Body: "x" }))).VersionId ?? "";
    marker = (await client.send(new DeleteObjectCommand(versioned))).VersionId ?? "";
  });
  afterAll(() => s3.stop());

  it.each([
    ["NoSuchBucket", "/none?list-type=2", {}, { BucketName: "none" }],
    ["NoSuchBucket", "/none/a", { method: "PUT", body: "x" }, { BucketName: "none" }],
    ["NoSuchKey", "/open/a%26b", {}, { Key: "a&amp;b" }],
    ["NoSuchKey", "/open/a", { method: "PUT", body: "x", headers: { "if-match": "x" } }, { Key: "a" }],
    ["NoSuchVersion", `/open/there?versionId=${"A".repeat(32)}`, {}, { Key: "there", VersionId: "A".repeat(32) }],
    ["NoSuchUpload", "/open/a?uploadId=x", { method: "DELETE" }, { UploadId: "x" }],
    ["PreconditionFailed", "/open/there", { headers: { "if-match": "x" } }, { Condition: "If-Match" }],
    [
      "PreconditionFailed",
      "/open/there",
      { headers: { "if-unmodified-since": "Sat, 29 Oct 1994 19:43:31 GMT" } },
      { Condition: "If-Unmodified-Since" },
    ],
    [
      "PreconditionFailed",
      "/open/there",
      { method: "PUT", body: "x", headers: { "if-none-match": "*" } },
      { Condition: "If-None-Match" },
    ],
    [
      "PreconditionFailed",
      "/open/copy",
      { method: "PUT", headers: { "x-amz-copy-source": "open/there", "x-amz-copy-source-if-none-match": "*" } },
      { Condition: "x-amz-copy-source-If-None-Match" },
    ],
    [
      "InvalidRange",
      "/open/there",
      { headers: { range: "bytes=40-50" } },
      { RangeRequested: "bytes=40-50", ActualObjectSize: "11" },
    ],
    ["InvalidArgument", "/open/there?partNumber=0", {}, { ArgumentName: "partNumber", ArgumentValue: "0" }],
    ...[
      ["GET", "/open/there"],
      ["DELETE", "/open/there"],
      ["GET", "/open?list-type=2"],
      ["PUT", "/open/there?partNumber=1&uploadId=x"],
      ["POST", "/open/there?uploadId=x"],
    ].map(([method = "", path = ""]): [string, string, RequestInit, Record<string, string>] => [
      "InvalidArgument",
      path,
      { method, headers: { "x-amz-server-side-encryption": "AES256" } },
      { ArgumentName: "x-amz-server-side-encryption", ArgumentValue: "AES256" },
    ]),
    [
      "InvalidArgument",
      "/open/a",
      { method: "PUT", body: "x", headers: { "x-amz-server-side-encryption": "rot13" } },
      { ArgumentName: "x-amz-server-side-encryption", ArgumentValue: "rot13" },
    ],
    [
      "InvalidArgument",
      "/open/a",
      { method: "PUT", body: "x", headers: { "x-amz-server-side-encryption-aws-kms-key-id": "key" } },
      { ArgumentName: "x-amz-server-side-encryption", ArgumentValue: "null" },
    ],
  ] satisfies [string, string, RequestInit, Record<string, string>][])(
    "%s says of %s what it is about",
    async (code, path, init, details) => {
      const { body } = await s3.fetch(path, init);

      const said = Object.entries(details).map(([name, value]) => `<${name}>${value}</${name}>`);
      for (const text of [`<Code>${code}</Code>`, ...said]) expect(body).toContain(text);
    },
  );

  it("say which part is too small or not there", async () => {
    const upload = { Bucket: "open", Key: "parts" };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
    const sent: CompletedPart[] = [];
    for (const PartNumber of [1, 2]) {
      const { ETag } = await client.send(new UploadPartCommand({ ...upload, UploadId, PartNumber, Body: "small" }));
      sent.push({ PartNumber, ...(ETag !== undefined && { ETag }) });
    }
    const complete = (Parts: CompletedPart[]) =>
      client.send(new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload: { Parts } }));

    await expect(complete(sent)).rejects.toMatchObject({
      name: "EntityTooSmall",
      ProposedSize: "5",
      MinSizeAllowed: String(5 * 1024 ** 2),
      PartNumber: "1",
    });
    await expect(complete([{ PartNumber: 3, ETag: "none" }])).rejects.toMatchObject({
      name: "InvalidPart",
      UploadId,
      PartNumber: "3",
      ETag: "none",
    });
  });

  it("say when a version was made that is a delete marker", async () => {
    const read = new GetObjectCommand({ Bucket: "versioned", Key: "there", VersionId: marker });

    await expect(client.send(read)).rejects.toMatchObject({
      name: "MethodNotAllowed",
      Method: "GET",
      ResourceType: "DeleteMarker",
      $response: { headers: { "last-modified": expect.stringContaining("GMT"), "x-amz-version-id": marker } },
    });
    expect(versionId).not.toBe(marker);
  });
});
