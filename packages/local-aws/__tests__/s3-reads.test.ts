import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  GetObjectAttributesCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { S3Process } from "./support/s3-process";

const allow = (Action: string, Resource: string) => ({ Effect: "Allow", Action, Resource });
const ROLES = {
  reader: [allow("s3:GetObject", "arn:aws:s3:::*/*")],
  attributeReader: [allow("s3:GetObjectAttributes", "arn:aws:s3:::*/*")],
  copierWhoListsTheTarget: [
    ...[allow("s3:GetObject", "arn:aws:s3:::one/*"), allow("s3:PutObject", "arn:aws:s3:::two/*")],
    allow("s3:ListBucket", "arn:aws:s3:::two"),
  ],
  copierWhoListsTheSource: [
    ...[allow("s3:GetObject", "arn:aws:s3:::one/*"), allow("s3:PutObject", "arn:aws:s3:::two/*")],
    allow("s3:ListBucket", "arn:aws:s3:::one"),
  ],
};
const TARGET = { Bucket: "one", Key: "digits" };
const [EARLIER, LATER] = [new Date(Date.now() - 60_000), new Date(Date.now() + 60_000)];

describe("reads of the local S3", () => {
  let s3: S3Process;
  let client: S3Client;
  let etag = "";
  let modified = new Date(0);

  beforeAll(async () => {
    s3 = await S3Process.start(ROLES);
    client = s3.client();
    await client.send(new PutObjectCommand({ ...TARGET, Body: "0123456789", Metadata: { a: "b" } }));
    const { ETag = "", LastModified = modified } = await client.send(new HeadObjectCommand(TARGET));
    [etag, modified] = [ETag, LastModified];
  });
  afterAll(() => s3.stop());

  const get = async (input: Partial<GetObjectCommandInput>) => {
    const { Body, ...rest } = await client.send(new GetObjectCommand({ ...TARGET, ...input }));
    return { ...rest, text: await Body?.transformToString() };
  };

  describe.each([
    ["GetObject", (input: object) => get(input)],
    ["HeadObject", (input: object) => client.send(new HeadObjectCommand({ ...TARGET, ...input }))],
  ])("%s", (_operation, read) => {
    it.each([
      ["If-Match with its ETag", () => ({ IfMatch: etag })],
      ["If-Match with its ETag without quotes", () => ({ IfMatch: etag.replaceAll('"', "") })],
      ["If-Match with any", () => ({ IfMatch: "*" })],
      ["If-None-Match with another ETag", () => ({ IfNoneMatch: '"other"' })],
      ["If-Modified-Since a minute earlier", () => ({ IfModifiedSince: EARLIER })],
      ["If-Unmodified-Since its Last-Modified", () => ({ IfUnmodifiedSince: modified })],
      ["If-Match, which counts more than If-Unmodified-Since", () => ({ IfMatch: etag, IfUnmodifiedSince: EARLIER })],
      [
        "If-None-Match, which counts more than If-Modified-Since",
        () => ({ IfNoneMatch: '"x"', IfModifiedSince: LATER }),
      ],
    ])("gives the object for %s", async (_what, input) => {
      expect(await read(input())).toMatchObject({ ETag: etag });
    });

    it.each([
      ["If-Match with another ETag", () => ({ IfMatch: '"other"' }), 412],
      ["If-Unmodified-Since a minute earlier", () => ({ IfUnmodifiedSince: EARLIER }), 412],
      ["If-None-Match with its ETag", () => ({ IfNoneMatch: etag }), 304],
      ["If-None-Match with any", () => ({ IfNoneMatch: "*" }), 304],
      ["If-Modified-Since its Last-Modified", () => ({ IfModifiedSince: modified }), 304],
    ])("does not give it for %s", async (_what, input, httpStatusCode) => {
      await expect(read(input())).rejects.toMatchObject({ $metadata: { httpStatusCode } });
    });

    it("says no checksum of what it does not give", async () => {
      const refused = await read({ IfNoneMatch: "*", ChecksumMode: "ENABLED" }).catch((error) => error);
      expect(Object.keys(refused.$response.headers).filter((name) => name.startsWith("x-amz-checksum"))).toEqual([]);
    });
  });

  it.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=5-", "56789", "bytes 5-9/10"],
    ["bytes=5-100", "56789", "bytes 5-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=-100", "0123456789", "bytes 0-9/10"],
    ["bytes=abc", "0123456789", undefined],
    ["bytes=3-1", "0123456789", undefined],
    ["bytes=0-1,3-4", "0123456789", undefined],
  ])("gives for the range %s %s", async (Range, text, ContentRange) => {
    expect(await get({ Range })).toMatchObject({ text, ...(ContentRange && { ContentRange }) });
  });

  it.each([
    ["?versionId=", "InvalidArgument", "Version id cannot be the empty string"],
    ["?versionId=none", "InvalidArgument", "Invalid version id specified"],
    ["%ae%8a-", "InvalidURI", "Couldn't parse the specified URI."],
  ])("gives nothing for %s", async (path, code, message) => {
    const { status, body } = await s3.fetch(`/open/${path.startsWith("?") ? `key${path}` : path}`);

    expect([status, body]).toEqual([400, expect.stringContaining(`<Code>${code}</Code><Message>${message}</Message>`)]);
  });

  it.each(["bytes=10-", "bytes=-0"])("says that there is no range %s", async (Range) => {
    await expect(get({ Range })).rejects.toMatchObject({ name: "InvalidRange" });
  });

  it("says of the range of a head what a read of it would", async () => {
    expect(await client.send(new HeadObjectCommand({ ...TARGET, Range: "bytes=0-3" }))).toMatchObject({
      ContentLength: 4,
      ContentRange: "bytes 0-3/10",
    });
  });

  it("takes an object that was put whole for its own only part", async () => {
    expect(await get({ PartNumber: 1 })).toMatchObject({ text: "0123456789", ContentRange: "bytes 0-9/10" });
    await expect(get({ PartNumber: 2 })).rejects.toMatchObject({ name: "InvalidPartNumber" });
  });

  it("does not write what no header can hold", async () => {
    await expect(get({ ResponseContentDisposition: "attachment; filename=写" })).rejects.toMatchObject({
      name: "InvalidArgument",
      message: "Header value cannot be represented using ISO-8859-1.",
    });
  });

  it("gives the headers that are asked for", async () => {
    const response = await get({
      ResponseContentType: "text/x",
      ResponseContentDisposition: 'attachment; filename="x y.jpg"',
      ResponseContentLanguage: "de",
      ResponseContentEncoding: "identity",
      ResponseCacheControl: "no-store",
      ResponseExpires: new Date("2030-01-01T00:00:00Z"),
    });

    expect(response).toMatchObject({
      ContentType: "text/x",
      ContentDisposition: 'attachment; filename="x y.jpg"',
      ContentLanguage: "de",
      ContentEncoding: "identity",
      CacheControl: "no-store",
      ExpiresString: "Tue, 01 Jan 2030 00:00:00 GMT",
      text: "0123456789",
    });
  });

  it("gives no headers that someone without a signature asks for", async () => {
    await s3.fetch("/open/x", { method: "PUT", body: "x" });

    expect(await s3.fetch("/open/x?response-content-type=text/html")).toMatchObject({
      status: 400,
      body: expect.stringContaining("Request specific response headers cannot be used for anonymous GET requests."),
    });
  });

  it("does not serve attributes", async () => {
    const attributes = new GetObjectAttributesCommand({ ...TARGET, ObjectAttributes: ["ObjectSize"] });

    await expect(client.send(attributes)).rejects.toMatchObject({ name: "NotImplemented" });
  });

  it("says that a key is missing only to someone who may list the bucket", async () => {
    const missing = new GetObjectCommand({ Bucket: "one", Key: "missing" });

    await expect(client.send(missing)).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(s3.client("reader").send(missing)).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("s3:ListBucket"),
    });
    await expect(
      s3.client("reader").send(new HeadObjectCommand({ Bucket: "one", Key: "missing" })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  it("says to everyone that a bucket is missing", async () => {
    const reader = s3.client("reader");

    await expect(reader.send(new GetObjectCommand({ Bucket: "none", Key: "x" }))).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
  });

  it.each([
    ["copierWhoListsTheTarget", "AccessDenied"],
    ["copierWhoListsTheSource", "NoSuchKey"],
  ])("says of a copy's missing source to a %s: %s", async (role, name) => {
    const copy = new CopyObjectCommand({ Bucket: "two", Key: "x", CopySource: "one/missing" });

    await expect(s3.client(role).send(copy)).rejects.toMatchObject({ name });
  });

  describe("copies", () => {
    const copy = (input: Partial<CopyObjectCommandInput>) =>
      client.send(new CopyObjectCommand({ Bucket: "two", Key: "copy", CopySource: "one/digits", ...input }));

    it.each(["what?", "a b+c", "50%25", "a/../b", "\u{1f600}"])("takes the source %j", async (Key) => {
      await client.send(new PutObjectCommand({ Bucket: "one", Key, Body: Key }));

      await copy({ CopySource: encodeURIComponent(`one/${Key}`) });

      expect((await get({ Bucket: "two", Key: "copy" })).text).toBe(Key);
    });

    it("do not know a version that was never there", async () => {
      await expect(copy({ CopySource: `one/digits?versionId=${"v".repeat(32)}` })).rejects.toMatchObject({
        name: "NoSuchVersion",
      });
    });

    it.each([
      ["CopySourceIfMatch", () => ({ CopySourceIfMatch: '"other"' })],
      ["CopySourceIfNoneMatch", () => ({ CopySourceIfNoneMatch: etag })],
      ["CopySourceIfModifiedSince", () => ({ CopySourceIfModifiedSince: modified })],
      ["CopySourceIfUnmodifiedSince", () => ({ CopySourceIfUnmodifiedSince: EARLIER })],
    ])("stop where %s says so", async (_what, input) => {
      await expect(copy(input())).rejects.toMatchObject({ name: "PreconditionFailed" });
      expect(await copy({ CopySourceIfMatch: etag })).toMatchObject({ CopyObjectResult: { ETag: etag } });
    });

    it("of an object onto itself have to change something", async () => {
      await expect(copy(TARGET)).rejects.toMatchObject({ name: "InvalidRequest", $metadata: { httpStatusCode: 400 } });
      await copy({ ...TARGET, MetadataDirective: "REPLACE", Metadata: { a: "c" } });
      expect((await get({})).Metadata).toEqual({ a: "c" });
    });

    it("know two directives", async () => {
      await expect(copy(Object({ MetadataDirective: "MERGE" }))).rejects.toMatchObject({ name: "InvalidArgument" });
    });
  });
});
