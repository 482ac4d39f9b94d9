import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Body } from "../s3/store/body";
import { BodyStorage } from "../s3/store/body-storage";
import { BucketStore, type Versioning } from "../s3/store/bucket-store";
import type { ListEntry } from "../s3/store/list-entries";
import { compareKeys } from "../s3/store/sorted-keys";
import type { ObjectContent } from "../s3/store/version";

const content = (body: Body = Body.EMPTY): ObjectContent => ({
  body,
  etag: "e",
  headers: {},
  metadata: {},
  encryption: { algorithm: "AES256" },
});
const text = async (body: Body) => {
  const chunks: Buffer[] = [];
  for await (const chunk of body.chunks()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

describe("bodies", () => {
  const folder = mkdtempSync(join(tmpdir(), "bodies-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = async (storage: BodyStorage, ...pieces: readonly string[]) => {
    const writer = storage.writer();
    for (const piece of pieces) await writer.write(Buffer.from(piece));
    return writer.end();
  };

  it.each([
    ["in memory", {}],
    ["in a temporary file", { maxBodyInMemoryBytes: 3 }],
    ["in a folder", { folder }],
  ])("gives back what was written %s, and any stretch of it", async (_where, options) => {
    const storage = new BodyStorage(options);
    const body = Body.concat([await write(storage, "01", "234"), await write(storage, "56789")]);

    await fc.assert(
      fc.asyncProperty(fc.nat(10), fc.nat(10), async (from, to) => {
        const slice = body.slice(from, to);
        expect(await text(slice)).toBe("0123456789".slice(from, Math.max(from, to)));
        expect(slice.bytes).toBe(Math.max(to - from, 0));
      }),
      { numRuns: 40 },
    );
    storage.stop();
  });

  it("keeps bytes as long as anyone uses them, and no longer", async () => {
    const storage = new BodyStorage();
    const body = await write(storage, "0123456789");
    const copy = body.slice(2, 4).retain();

    body.release();
    expect([await text(copy), storage.inMemoryBytes]).toEqual(["23", 10]);
    copy.release();
    expect(storage.inMemoryBytes).toBe(0);
  });

  it("removes files that nothing uses, and those of a body that is given up", async () => {
    const own = join(folder, "own");
    const storage = new BodyStorage({ folder: own });
    (await write(storage, "0123456789")).release();
    const writer = storage.writer();
    await writer.write(Buffer.from("x"));
    expect(readdirSync(own)).toHaveLength(1);
    await writer.discard();

    expect(readdirSync(own)).toEqual([]);
    storage.stop();
    expect(existsSync(own)).toBe(true);
  });
});

describe("a list of keys", () => {
  const key = fc.string({ unit: fc.constantFrom("a", "b", "/", "\u00fc", "\uffee", "\u{1f600}"), maxLength: 6 });
  const list = (keys: readonly string[], query: { prefix: string; delimiter: string; after: string }) => {
    const bucket = new BucketStore("b", undefined);
    for (const name of keys) bucket.put(name, content());
    return [...bucket.objectEntries(query)].map((entry: ListEntry) =>
      "key" in entry ? entry.key : entry.commonPrefix,
    );
  };

  it("is in the order of UTF-8 bytes", () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.from(a).compare(Buffer.from(b)));
      }),
    );
  });

  it("has each key and each common prefix once, in order, whatever is asked for", () => {
    const delimiter = fc.constantFrom("", "/", "a", "//");
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 12 }), key, delimiter, (keys, prefix, delimiter) => {
        const expected = keys
          .filter((name) => name.startsWith(prefix))
          .map((name) => {
            const end = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
            return end < 0 ? name : name.slice(0, end + delimiter.length);
          });
        expect(list(keys, { prefix, delimiter, after: "" })).toEqual([...new Set(expected)].sort(compareKeys));
      }),
    );
  });

  it("goes on where a page ended", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 12 }),
        fc.constantFrom("", "/"),
        fc.nat(12),
        (keys, delimiter, end) => {
          const whole = list(keys, { prefix: "", delimiter, after: "" });
          const first = whole.slice(0, end);
          expect([...first, ...list(keys, { prefix: "", delimiter, after: first.at(-1) ?? "" })]).toEqual(
            first.at(-1) === "" ? [...first, ...whole] : whole,
          );
        },
      ),
    );
  });

  it("does not show a common prefix of nothing but deleted objects", () => {
    const bucket = new BucketStore("b", "Enabled");
    for (const name of ["a/1", "a/2", "b/1"]) bucket.put(name, content());
    for (const name of ["a/1", "a/2"]) bucket.delete(name);

    expect([...bucket.objectEntries({ prefix: "", delimiter: "/", after: "" })]).toEqual([{ commonPrefix: "b/" }]);
  });
});

describe("versions", () => {
  const kinds = (bucket: BucketStore) => bucket.versionsOf("k").map(({ kind, versionId }) => `${kind} ${versionId}`);

  it.each<[Versioning, number]>([
    ["Enabled", 2],
    ["Suspended", 1],
    [undefined, 1],
  ])("of two writes with versioning %s there are %d", (versioning, count) => {
    const bucket = new BucketStore("b", versioning);
    bucket.put("k", content());
    const second = bucket.put("k", content());

    expect(bucket.versionsOf("k")).toHaveLength(count);
    expect(bucket.current("k")).toEqual(second);
    expect(second.versionId === "null").toBe(versioning !== "Enabled");
  });

  it("hides an object behind a marker until the marker is deleted", () => {
    const bucket = new BucketStore("b", "Enabled");
    const object = bucket.put("k", content());
    const deletion = bucket.delete("k");
    expect(bucket.current("k")).toBeUndefined();
    expect(deletion).toMatchObject({ kind: "marked", version: { kind: "marker" } });

    const { versionId = "" } = bucket.find("k") ?? {};
    expect(bucket.deleteVersion("k", versionId)).toMatchObject({ kind: "removed", version: { versionId } });
    expect(bucket.current("k")).toEqual(object);
  });

  it("marks with the null version while versioning is suspended, in the place of the object", () => {
    const bucket = new BucketStore("b", "Suspended");
    bucket.put("k", content());
    bucket.delete("k");

    expect(kinds(bucket)).toEqual(["marker null"]);
  });

  it("deletes for good without versioning, and nothing where there is nothing", () => {
    const bucket = new BucketStore("b", undefined);
    bucket.put("k", content());

    expect([bucket.delete("k").kind, bucket.delete("k").kind, kinds(bucket)]).toEqual(["removed", "nothing", []]);
  });

  it("has sequencers that grow", () => {
    const bucket = new BucketStore("b", "Enabled");
    const sequencers = Array.from({ length: 100 }, () => bucket.put("k", content()).sequencer);

    expect(sequencers).toEqual([...new Set(sequencers)].sort());
  });

  it("lets go of the bytes of what it replaces and deletes", async () => {
    const storage = new BodyStorage();
    const body = async () => {
      const writer = storage.writer();
      writer.write(Buffer.from("0123456789"));
      return writer.end();
    };
    const bucket = new BucketStore("b", undefined);
    bucket.put("k", content(await body()));
    bucket.put("k", content(await body()));
    expect(storage.inMemoryBytes).toBe(10);
    bucket.delete("k");
    const { uploadId } = bucket.createUpload({ ...content(), key: "k" });
    const part = { etag: "e", lastModified: new Date(), partNumber: 1 };
    bucket.putPart(uploadId, { ...part, body: await body() });
    bucket.putPart(uploadId, { ...part, body: await body() });
    expect(storage.inMemoryBytes).toBe(10);
    bucket.abort(uploadId);

    expect(storage.inMemoryBytes).toBe(0);
  });

  it("can be made again from its changes", () => {
    const bucket = new BucketStore("b", "Enabled");
    for (const name of ["k", "k", "l"]) bucket.put(name, content());
    bucket.delete("k");
    const { uploadId } = bucket.createUpload({ ...content(), key: "k" });
    bucket.putPart(uploadId, { partNumber: 1, body: Body.EMPTY, etag: "e", lastModified: new Date() });
    const again = new BucketStore("b", "Enabled");
    again.replay(bucket.asChanges());

    expect(again.asChanges()).toEqual(bucket.asChanges());
    expect(again.versionsOf("k")).toEqual(bucket.versionsOf("k"));
  });
});
