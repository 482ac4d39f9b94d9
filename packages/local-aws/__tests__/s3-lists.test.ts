import {
  DeleteObjectsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { S3Process } from "./support/s3-process";

// In the order of UTF-8: capitals, underscore, small letters; an emoji behind all of the basic plane, unlike in UTF-16.
const KEYS = ["B.jpg", "IMG_1.jpg", "Zed", "_x", "a.jpg", "b/1", "b/2", "c/1", "img_2.jpg", "z", "\uff5e", "\u{1f600}"];
const ROLLED_UP = ["B.jpg", "IMG_1.jpg", "Zed", "_x", "a.jpg", "b/", "c/", "img_2.jpg", "z", "\uff5e", "\u{1f600}"];

describe("lists of the local S3", () => {
  let s3: S3Process;
  let client: S3Client;

  beforeAll(async () => {
    s3 = await S3Process.start();
    client = s3.client();
    const shuffled = [...KEYS].reverse();
    for (const Key of shuffled) await client.send(new PutObjectCommand({ Bucket: "one", Key, Body: "x" }));
  });
  afterAll(() => s3.stop());

  const pages = async (input: Partial<ListObjectsV2CommandInput>, Bucket = "one") => {
    const found: string[][] = [];
    for await (const page of paginateListObjectsV2({ client, ...sized(input) }, { Bucket, ...input })) {
      const names = [
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      ];
      expect(page.KeyCount).toBe(names.length);
      found.push(names.map(String));
    }
    return found;
  };
  const sized = ({ MaxKeys }: Partial<ListObjectsV2CommandInput>) =>
    MaxKeys === undefined ? {} : { pageSize: MaxKeys };
  const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

  it("lists keys in the order of their UTF-8 bytes", async () => {
    expect(await pages({})).toEqual([KEYS]);
  });

  it.each([1, 2, 3, 5])("gives each key once in pages of %d", async (MaxKeys) => {
    const found = await pages({ MaxKeys });

    expect(found.flat()).toEqual(KEYS);
    expect(found.length).toBe(Math.ceil(KEYS.length / MaxKeys));
  });

  it.each([1, 2, 3, 5])("gives each key and each common prefix once in pages of %d", async (MaxKeys) => {
    const found = await pages({ MaxKeys, Delimiter: "/" });

    expect(found.flat().sort(byBytes)).toEqual(ROLLED_UP);
    expect(found.length).toBe(Math.ceil(ROLLED_UP.length / MaxKeys));
  });

  it("rolls up behind the prefix alone", async () => {
    expect(await pages({ Prefix: "b/", Delimiter: "/" })).toEqual([["b/1", "b/2"]]);
    expect(await pages({ Prefix: "b", Delimiter: "/" })).toEqual([["b/"]]);
  });

  it.each([
    ["_x", ["a.jpg", "b/", "c/"]],
    ["b/1", ["b/", "c/"]],
    ["b/", ["c/"]],
  ])("starts behind %s", async (StartAfter, expected) => {
    const { Contents = [], CommonPrefixes = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: "one", StartAfter, Delimiter: "/" }),
    );

    const names = [...Contents.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => Prefix)].map(String);
    expect(names.sort(byBytes).slice(0, expected.length)).toEqual(expected);
  });

  it.each([1, 2, 3])("goes on with the first version's marker in pages of %d", async (MaxKeys) => {
    const found: string[] = [];
    for (let Marker: string | undefined = ""; Marker !== undefined; ) {
      const page: Awaited<ReturnType<typeof list>> = await list(Marker, MaxKeys);
      found.push(
        ...[
          ...(page.Contents ?? []).map(({ Key }) => Key),
          ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
        ].map(String),
      );
      Marker = page.IsTruncated ? page.NextMarker : undefined;
    }

    expect(found.sort(byBytes)).toEqual(ROLLED_UP);
  });
  const list = (Marker: string, MaxKeys: number) =>
    client.send(new ListObjectsCommand({ Bucket: "one", Marker, MaxKeys, Delimiter: "/" }));

  it("gives the first version's NextMarker with a delimiter only, and names owners always", async () => {
    const page = await client.send(new ListObjectsCommand({ Bucket: "one", MaxKeys: 1 }));

    expect(page).toMatchObject({ IsTruncated: true, Marker: "", MaxKeys: 1, Name: "one" });
    expect(page.NextMarker).toBeUndefined();
    expect(page.Contents?.[0]?.Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
  });

  it("names owners in the second version when asked", async () => {
    const first = async (FetchOwner: boolean) =>
      (await client.send(new ListObjectsV2Command({ Bucket: "one", MaxKeys: 1, FetchOwner }))).Contents?.[0];

    expect((await first(true))?.Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
    expect((await first(false))?.Owner).toBeUndefined();
  });

  it("gives 1,100 keys in pages of 1,000, and deletes them page by page", async () => {
    const names = Array.from({ length: 1100 }, (_, index) => `${index % 2 ? "IMG" : "img"}_${index}.jpg`);
    for (let index = 0; index < names.length; index += 50) {
      const some = names.slice(index, index + 50);
      await Promise.all(some.map((Key) => client.send(new PutObjectCommand({ Bucket: "two", Key, Body: "x" }))));
    }

    const found = await pages({}, "two");
    for (const page of found) {
      const Objects = page.map((Key) => ({ Key }));
      await client.send(new DeleteObjectsCommand({ Bucket: "two", Delete: { Objects, Quiet: true } }));
    }

    expect(found.map(({ length }) => length)).toEqual([1000, 100]);
    expect(found.flat()).toEqual(names.sort(byBytes));
    expect(await pages({}, "two")).toEqual([[]]);
  });

  it("leaves nothing when every page is deleted before the next is asked for", async () => {
    for (const Key of KEYS) await client.send(new PutObjectCommand({ Bucket: "two", Key, Body: "x" }));
    for await (const { Contents = [] } of paginateListObjectsV2({ client, pageSize: 2 }, { Bucket: "two" })) {
      const Objects = Contents.map(({ Key }) => ({ Key }));
      await client.send(new DeleteObjectsCommand({ Bucket: "two", Delete: { Objects } }));
    }

    expect(await pages({}, "two")).toEqual([[]]);
  });

  it("gives nothing of nothing for max-keys=0, and calls it whole", async () => {
    expect(await client.send(new ListObjectsV2Command({ Bucket: "one", MaxKeys: 0 }))).toMatchObject({
      IsTruncated: false,
      KeyCount: 0,
      MaxKeys: 0,
    });
  });

  it.each([
    ["max-keys=abc", "Provided max-keys not an integer or within integer range"],
    ["max-keys=-1", "Provided max-keys not an integer or within integer range"],
    ["max-keys=2147483648", "Provided max-keys not an integer or within integer range"],
    ["list-type=2&continuation-token=%20", "The continuation token provided is incorrect"],
    ["list-type=2&continuation-token=", "The continuation token provided is incorrect"],
    ["encoding-type=base64", "Invalid Encoding Method specified in Request"],
  ])("refuses %s", async (query, message) => {
    const { status, body } = await s3.fetch(`/open?${query}`);

    expect(status).toBe(400);
    expect(body).toContain(`<Code>InvalidArgument</Code><Message>${message}</Message>`);
  });

  it("encodes keys when asked, so that any of them fits into XML", async () => {
    await s3.fetch("/open/a%20b%2Bc%26%01/%C3%BC", { method: "PUT", body: "x" });

    const encoded = await s3.fetch("/open?prefix=a%20b&encoding-type=url");

    expect(encoded.body).toContain("<Key>a%20b%2Bc%26%01/%C3%BC</Key>");
    expect(encoded.body).toContain("<EncodingType>url</EncodingType>");
    expect((await s3.fetch("/open?prefix=a%20b")).body).toContain("<Key>a b+c&amp;");
  });

  it("says that a bucket is not there", async () => {
    await expect(client.send(new ListObjectsV2Command({ Bucket: "none" }))).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
  });
});
