import { createHash } from "node:crypto";
import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  type ObjectIdentifier,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { S3Process } from "./support/s3-process";

const ROLES = {
  cleaner: [{ Effect: "Allow", Action: "s3:DeleteObject", Resource: "arn:aws:s3:::one/mine/*" }],
};
const FORM = { "content-type": "multipart/form-data; boundary=XX" };
const form = (key: string) =>
  [
    ...["--XX", 'Content-Disposition: form-data; name="key"', "", key],
    ...["--XX", 'Content-Disposition: form-data; name="file"; filename="f"', "", "DATA", "--XX--", ""],
  ].join("\r\n");

describe("DeleteObjects of the local S3", () => {
  let s3: S3Process;
  let client: S3Client;

  beforeAll(async () => {
    s3 = await S3Process.start(ROLES);
    client = s3.client();
  });
  afterAll(() => s3.stop());

  const put = (Key: string) => client.send(new PutObjectCommand({ Bucket: "one", Key, Body: "x" }));
  const keys = async (Bucket = "one") =>
    (await client.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key) ?? [];
  const remove = (Objects: ObjectIdentifier[], { Quiet = false, role }: { Quiet?: boolean; role?: string } = {}) =>
    s3.client(role).send(new DeleteObjectsCommand({ Bucket: "one", Delete: { Objects, Quiet } }));
  /** Signed, with a body that the client would not write. */
  const removeRaw = (body: string, digest = true) => {
    const raw = s3.client();
    raw.middlewareStack.add(
      (next) => async (args) => {
        const md5 = createHash("md5").update(body).digest("base64");
        const request = Object.assign(Object(args.request), { body });
        for (const header of Object.keys(request.headers))
          if (/checksum|content-/.test(header)) delete request.headers[header];
        Object.assign(request.headers, {
          ...(digest && { "content-md5": md5 }),
          "content-length": String(Buffer.byteLength(body)),
        });
        return next(args);
      },
      { step: "build", priority: "low" },
    );
    return raw.send(new DeleteObjectsCommand({ Bucket: "one", Delete: { Objects: [{ Key: "x" }] } }));
  };

  it.each(["plain", "a b+c", "a<b>&\"'", "a&lt;b", "a&amp;lt;b", "line\nfeed", "return\r", "\u{1f600}", "../up"])(
    "deletes the very key %j",
    async (Key) => {
      await put(Key);

      expect(await remove([{ Key }])).toMatchObject({ Deleted: [{ Key }] });
      expect(await keys()).toEqual([]);
    },
  );

  it("reads entities once, and by number too", async () => {
    for (const key of ["a&lt;b", "a<b", "a\nb"]) await put(key);

    await removeRaw("<Delete><Object><Key>a&amp;lt;b</Key></Object><Object><Key>a&#10;b</Key></Object></Delete>");
    expect(await keys()).toEqual(["a<b"]);
    await removeRaw("<Delete><Object><Key>a&#x3C;b</Key></Object></Delete>");
    expect(await keys()).toEqual([]);
  });

  it("names the keys it may not delete, and deletes the others", async () => {
    await put("mine/1");
    await put("other/1");

    const result = await remove([{ Key: "mine/1" }, { Key: "other/1" }], { role: "cleaner" });

    expect(result.Deleted).toEqual([{ Key: "mine/1" }]);
    expect(result.Errors).toEqual([
      { Key: "other/1", Code: "AccessDenied", Message: expect.stringContaining("s3:DeleteObject") },
    ]);
    expect(await keys()).toEqual(["other/1"]);
    await remove([{ Key: "other/1" }]);
  });

  it("names errors alone when it shall be quiet", async () => {
    const result = await remove([{ Key: "mine/1" }, { Key: "other/1" }], { role: "cleaner", Quiet: true });

    expect([result.Deleted, result.Errors?.map(({ Key }) => Key)]).toEqual([undefined, ["other/1"]]);
  });

  it("does not serve a size, and deletes nothing", async () => {
    await put("kept");

    await expect(remove([{ Key: "kept", Size: 1 }])).rejects.toMatchObject({
      name: "NotImplemented",
      message: "The local runner does not serve Size in an entry of DeleteObjects",
    });
    expect(await keys()).toEqual(["kept"]);
    await remove([{ Key: "kept" }]);
  });

  it("deletes what has the ETag that is expected, and names the others", async () => {
    await put("matches");
    await put("other");

    const result = await remove([
      { Key: "matches", ETag: '"9dd4e461268c8034f5c8564e155c67a6"' },
      { Key: "other", ETag: '"x"' },
    ]);

    expect(result.Deleted).toEqual([{ Key: "matches" }]);
    expect(result.Errors).toEqual([expect.objectContaining({ Key: "other", Code: "PreconditionFailed" })]);
    await remove([{ Key: "other" }]);
  });

  it("names a version that is none, and deletes the others", async () => {
    await put("a");

    const result = await remove([{ Key: "a", VersionId: "none" }, { Key: "a" }]);

    expect(result.Deleted).toEqual([{ Key: "a" }]);
    expect(result.Errors).toEqual([
      { Key: "a", VersionId: "none", Code: "NoSuchVersion", Message: "The specified version does not exist." },
    ]);
  });

  it.each([
    "",
    "no XML",
    "<Delete></Delete>",
    "<Delete><Object></Object></Delete>",
    "<Delete><Object><Key></Key></Object></Delete>",
    "<Delete><Object><Key>a&nbsp;b</Key></Object></Delete>",
    "<Delete><Object><Key>a & b</Key></Object></Delete>",
    "<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>",
    "<Delete><Object><Key>a\u0001b</Key></Object></Delete>",
    "<Delete><Key>a</Key></Delete>",
  ])("does not read %j", async (body) => {
    await expect(removeRaw(body)).rejects.toMatchObject({ name: "MalformedXML", $metadata: { httpStatusCode: 400 } });
  });

  it("wants a digest of what shall be deleted", async () => {
    await expect(removeRaw("<Delete><Object><Key>a</Key></Object></Delete>", false)).rejects.toMatchObject({
      name: "InvalidRequest",
      message: "Missing required header for this request: Content-MD5",
    });
  });

  it("takes 1,000 keys and no more", async () => {
    const objects = Array.from({ length: 1000 }, (_, index) => ({ Key: `k${index}` }));

    expect((await remove(objects)).Deleted).toHaveLength(1000);
    await expect(remove([...objects, { Key: "one more" }])).rejects.toMatchObject({ name: "MalformedXML" });
  });

  it.each(["", "no XML", "<Delete/>", "<Delete><Object><Key>a</Key></Object></Delete>"])(
    "denies %j to everyone without a signature, whatever the bucket permits",
    async (body) => {
      const answers = await Promise.all(
        ["one", "open"].map((bucket) => s3.fetch(`/${bucket}?delete`, { method: "POST", body })),
      );

      expect(answers.map(({ status }) => status)).toEqual([403, 403]);
      expect(answers[0]?.body).toContain("<Code>AccessDenied</Code>");
    },
  );

  it.each(["/open?delete", "/open/?delete", "/open/key?uploads"])("takes no form at %s", async (path) => {
    const { status, body } = await s3.fetch(path, { method: "POST", headers: FORM, body: form("hacked.jpg") });

    expect([status, body]).toEqual([405, expect.stringContaining("<Code>MethodNotAllowed</Code>")]);
    expect(await keys("open")).toEqual([]);
  });
});
