import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { S3Process } from "./support/s3-process";

const ROLES = {
  reader: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::versioned/*" }],
};
const Bucket = "versioned";

describe("versions of the local S3", () => {
  let s3: S3Process;
  let client: S3Client;

  beforeAll(async () => {
    s3 = await S3Process.start(ROLES);
    client = s3.client();
  });
  afterAll(() => s3.stop());

  const put = async (Key: string, Body: string) =>
    (await client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
  const read = async (Key: string, VersionId?: string) => {
    const { Body, ...rest } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return { text: await Body?.transformToString(), ...rest };
  };

  it("are kept under what replaces them", async () => {
    const first = await put("a", "1");
    const second = await put("a", "2");

    expect(first).not.toBe(second);
    expect(await read("a")).toMatchObject({ text: "2", VersionId: second });
    expect(await read("a", first)).toMatchObject({ text: "1", VersionId: first });
    await expect(read("b", first)).rejects.toMatchObject({ name: "NoSuchVersion" });
  });

  it.each<[string, (place: { Bucket: string; Key: string; VersionId: string }) => Promise<unknown>]>([
    ["read", (place) => client.send(new GetObjectCommand(place))],
    ["deleted", (place) => client.send(new DeleteObjectCommand(place))],
  ])("are not %s by what is no id of one", async (_what, call) => {
    await expect(call({ Bucket, Key: "a", VersionId: "never" })).rejects.toMatchObject({ name: "InvalidArgument" });
  });

  it("are hidden by a delete marker, and found again without it", async () => {
    await put("b", "1");
    await s3.changed();
    const { DeleteMarker, VersionId } = await client.send(new DeleteObjectCommand({ Bucket, Key: "b" }));

    expect(DeleteMarker).toBe(true);
    await expect(read("b")).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(read("b", VersionId)).rejects.toMatchObject({ name: "MethodNotAllowed" });
    expect((await client.send(new ListObjectsV2Command({ Bucket, Prefix: "b" }))).KeyCount).toBe(0);
    expect(await client.send(new DeleteObjectCommand({ Bucket, Key: "b", VersionId }))).toMatchObject({
      DeleteMarker: true,
      VersionId,
    });
    expect((await read("b")).text).toBe("1");
    expect((await s3.changed()).map(({ kind, deletionType }) => [kind, deletionType])).toEqual([
      ["deleted", "Delete Marker Created"],
      ["deleted", "Permanently Deleted"],
    ]);
  });

  it("are listed with their markers, page by page", async () => {
    await put("c/1", "1");
    await put("c/1", "2");
    await client.send(new DeleteObjectCommand({ Bucket, Key: "c/1" }));
    await put("c/2", "1");

    const seen: string[] = [];
    let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (let page = 0; page < 10; page++) {
      const list = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: "c/", MaxKeys: 1, ...marker }));
      for (const { Key, IsLatest } of list.Versions ?? []) seen.push(`${Key} version ${IsLatest}`);
      for (const { Key, IsLatest } of list.DeleteMarkers ?? []) seen.push(`${Key} marker ${IsLatest}`);
      if (!list.IsTruncated) break;
      marker = { KeyMarker: list.NextKeyMarker, VersionIdMarker: list.NextVersionIdMarker };
    }

    expect(seen).toEqual(["c/1 marker true", "c/1 version false", "c/1 version false", "c/2 version true"]);
  });

  it("are deleted by the list, too", async () => {
    const VersionId = await put("d", "1");

    const { Deleted } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "d", VersionId }, { Key: "e" }] } }),
    );

    expect(Deleted).toEqual([
      { Key: "d", VersionId },
      { Key: "e", DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
    ]);
  });

  it("are copied one by one", async () => {
    const first = await put("f", "1");
    await put("f", "2");

    const copied = await client.send(
      new CopyObjectCommand({ Bucket, Key: "g", CopySource: `${Bucket}/f?versionId=${first}` }),
    );

    expect(copied).toMatchObject({ CopySourceVersionId: first, VersionId: expect.any(String) });
    expect((await read("g")).text).toBe("1");
  });

  it("take a permission of their own", async () => {
    const VersionId = await put("h", "1");
    const ask = (input: object) => s3.client("reader").send(new GetObjectCommand({ Bucket, Key: "h", ...input }));

    expect(await ask({})).toMatchObject({ VersionId });
    await expect(ask({ VersionId })).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("s3:GetObjectVersion"),
    });
  });

  it("are what a bucket says it keeps", async () => {
    expect(await client.send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject({ Status: "Enabled" });
    expect((await client.send(new GetBucketVersioningCommand({ Bucket: "one" }))).Status).toBeUndefined();
    expect(await client.send(new GetBucketLocationCommand({ Bucket }))).toMatchObject({
      LocationConstraint: "eu-central-1",
    });
  });
});
