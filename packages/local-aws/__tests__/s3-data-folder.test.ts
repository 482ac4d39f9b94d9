import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import fc from "fast-check";
import type { BucketStore } from "../s3/store/bucket-store";
import type { Change } from "../s3/store/change";
import { DataFolder } from "../s3/store/data-folder";
import type { UploadedPart } from "../s3/store/upload";
import type { ObjectVersion } from "../s3/store/version";
import { S3Process } from "./support/s3-process";

const root = mkdtempSync(join(tmpdir(), "s3-data-"));
afterAll(() => rmSync(root, { recursive: true }));
const newFolder = () => mkdtempSync(join(root, "run-"));
const BUCKETS = [
  { name: "plain", versioning: undefined },
  { name: "versioned", versioning: "Enabled" },
] as const;

/** What of a change has bytes. */
function holderIn(change: Change): ObjectVersion | UploadedPart | undefined {
  if (change.kind === "part") return change.part;
  return change.kind === "put" && change.version.kind === "object" ? change.version : undefined;
}

/** All that a bucket holds, with the bytes of it. */
async function stateOf(store: BucketStore): Promise<readonly unknown[]> {
  const state: unknown[] = [];
  for (const change of store.asChanges()) {
    const holder = holderIn(change);
    if (holder === undefined) {
      state.push(change.kind === "upload" ? { ...change.upload, parts: undefined } : change);
      continue;
    }
    const pieces: Buffer[] = [];
    for await (const piece of holder.body.chunks()) pieces.push(piece);
    state.push({ ...holder, body: Buffer.concat(pieces).toString() });
  }
  return state;
}

async function bodyIn({ storage }: DataFolder, text: string) {
  const writer = storage.writer();
  await writer.write(Buffer.from(text));
  return writer.end();
}

const PROPERTIES = {
  headers: { "content-type": "a/b" },
  metadata: { body: "x" },
  encryption: { algorithm: "AES256" },
} as const;

/** Does one thing to a bucket. */
async function step(data: DataFolder, store: BucketStore, [what, key, text]: readonly [string, string, string]) {
  if (what === "put") store.put(key, { ...PROPERTIES, body: await bodyIn(data, text), etag: "e" });
  else if (what === "delete") store.delete(key);
  else if (what === "delete version") store.deleteVersion(key, store.find(key)?.versionId ?? "");
  else if (what === "part") {
    const [upload] = store.uploads();
    const part = { partNumber: 1, lastModified: new Date(), body: await bodyIn(data, text), etag: "e" };
    if (upload !== undefined) store.putPart(upload.uploadId, part);
  } else if (what === "copy") {
    const source = store.current("a");
    if (source !== undefined) store.put(key, { ...PROPERTIES, body: source.body.retain(), etag: source.etag });
  } else if (what === "upload") store.createUpload({ ...PROPERTIES, key });
  else {
    const [upload] = store.uploads();
    const part = upload?.parts.get(1);
    if (upload && part) store.complete(upload, { ...PROPERTIES, body: part.body.retain(), etag: "e-1" });
  }
}

const STEPS = fc.array(
  fc.tuple(
    fc.constantFrom("put", "delete", "delete version", "copy", "upload", "part", "complete"),
    fc.constantFrom("a", "b"),
    fc.constantFrom("", "one", "another"),
  ),
  { maxLength: 12 },
);

describe("a data folder", () => {
  it.each(["plain", "versioned"])(
    "gives a %s bucket back as it was, and holds no file that nothing uses",
    async (name) => {
      await fc.assert(
        fc.asyncProperty(STEPS, async (steps) => {
          const folder = newFolder();
          const first = new DataFolder(folder, BUCKETS);
          const store = first.stores.get(name);
          if (store === undefined) throw new Error("expected the bucket");
          for (const one of steps) await step(first, store, one);
          const before = await stateOf(store);
          first.close();
          writeFileSync(join(folder, "bodies", "left"), "by a write that was cut off");
          const second = new DataFolder(folder, BUCKETS);
          const again = second.stores.get(name);
          if (again === undefined) throw new Error("expected the bucket");

          expect(await stateOf(again)).toEqual(before);
          const used = again.asChanges().flatMap((change) => {
            return holderIn(change)?.body.segments.map(({ holding }) => String(holding.content)) ?? [];
          });
          expect(
            readdirSync(join(folder, "bodies"))
              .map((file) => join(folder, "bodies", file))
              .sort(),
          ).toEqual([...new Set(used)].sort());
          second.close();
        }),
        { numRuns: 60 },
      );
    },
  );

  it("is as after one of its writes, wherever the journal was cut off", async () => {
    const folder = newFolder();
    const first = new DataFolder(folder, BUCKETS);
    const store = first.stores.get("versioned");
    if (store === undefined) throw new Error("expected the bucket");
    const states = [await stateOf(store)];
    for (const what of ["put", "upload", "part", "complete", "delete"]) {
      await step(first, store, [what, "b", "some bytes"]);
      states.push(await stateOf(store));
    }
    first.close();
    const journal = readFileSync(join(folder, "versioned.journal"));
    const bodies = readdirSync(join(folder, "bodies")).map((file) => {
      const path = join(folder, "bodies", file);
      return { path, content: readFileSync(path) };
    });
    const seen = new Set<string>();
    // Less than any record, so that none is left out.
    for (let bytes = journal.length; bytes >= 0; bytes -= 7) {
      writeFileSync(join(folder, "versioned.journal"), journal.subarray(0, bytes));
      for (const { path, content } of bodies) writeFileSync(path, content);
      const cut = new DataFolder(folder, BUCKETS);
      const state = JSON.stringify(await stateOf(cut.stores.get("versioned") ?? store));
      expect(states.map((one) => JSON.stringify(one))).toContain(state);
      seen.add(state);
      cut.close();
    }
    expect(seen.size).toBe(states.length);
  });

  it("leaves the buckets of another stack alone", async () => {
    const folder = newFolder();
    const first = new DataFolder(folder, BUCKETS);
    first.stores.get("plain")?.put("k", { ...PROPERTIES, body: await bodyIn(first, "kept"), etag: "e" });
    first.close();
    new DataFolder(folder, [{ name: "other", versioning: undefined }]).close();

    const third = new DataFolder(folder, BUCKETS);
    const plain = third.stores.get("plain");
    expect(plain && (await stateOf(plain))).toMatchObject([{ key: "k", body: "kept" }]);
    third.close();
  });

  it("is one process's at a time", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "lock"), String(process.ppid));
    expect(() => new DataFolder(folder, BUCKETS)).toThrow(`--data ${folder}: process ${process.ppid} uses it`);
  });
});

describe("S3 with a data folder", () => {
  it("has every object it acknowledged, each whole, and none it deleted, after kill -9 in the midst of writes", async () => {
    const folder = newFolder();
    const [acknowledged, deleted] = [new Set<string>(), new Set<string>()];
    for (const round of [1, 2]) {
      const s3 = await S3Process.start({}, folder);
      const client = s3.client();
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let n = 0; ; n++) {
          const Body = randomBytes(writer === 0 ? 3_000_000 : 5_000);
          const Key = `${round}-${writer}-${n}-${createHash("md5").update(Body).digest("hex")}`;
          await client.send(new PutObjectCommand({ Bucket: "one", Key, Body, Metadata: { body: "b" } }));
          if (n % 3 > 0) acknowledged.add(Key);
          else {
            await client.send(new DeleteObjectCommand({ Bucket: "one", Key }));
            deleted.add(Key);
          }
        }
      });
      const ended = Promise.allSettled(writers);
      while (acknowledged.size < round * 60) await new Promise((resolve) => setTimeout(resolve, 5));
      await s3.kill();
      await ended;
    }
    const s3 = await S3Process.start({}, folder);
    const client = s3.client();
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: "one" }));
    const keys = Contents.map(({ Key = "" }) => Key);
    expect(keys).toEqual(expect.arrayContaining([...acknowledged]));
    expect(keys.filter((key) => deleted.has(key))).toEqual([]);
    for (const Key of keys) {
      const { Body: body } = await client.send(new GetObjectCommand({ Bucket: "one", Key }));
      const bytes = (await body?.transformToByteArray()) ?? new Uint8Array();
      expect(Key.endsWith(createHash("md5").update(bytes).digest("hex"))).toBe(true);
    }
    await s3.stop();
  });

  it("goes on with an upload of the run before", async () => {
    const folder = newFolder();
    const place = { Bucket: "versioned", Key: "k" };
    const first = await S3Process.start({}, folder);
    const { UploadId } = await first.client().send(new CreateMultipartUploadCommand(place));
    const part = { ...place, UploadId, PartNumber: 1, Body: "part" };
    const { ETag } = await first.client().send(new UploadPartCommand(part));
    await first.stop();

    const second = await S3Process.start({}, folder);
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await second.client().send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload }));
    const { Body: body } = await second.client().send(new GetObjectCommand(place));
    expect(await body?.transformToString()).toBe("part");
    await second.stop();
  });
});
