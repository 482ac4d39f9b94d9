import type { S3Client } from "@aws-sdk/client-s3";
import fc from "fast-check";
import sharp from "sharp";
import type { Config } from "../../../handlers/resize-image/config";
import { Deadline } from "../../../handlers/resize-image/deadline";
import { Refusal, SourceDeleted, SourceKeepsChanging, StorageUnavailable } from "../../../handlers/resize-image/errors";
import { ImageStore, type ImageToStore, type StoredImage } from "../../../handlers/resize-image/image-store";
import { succeeded } from "../../../handlers/resize-image/outcome";
import { parseRequest } from "../../../handlers/resize-image/request";
import { resize } from "../../../handlers/resize-image/resize";
import { FakeS3, refuse } from "../../support/fake-s3";
import { oneTryClient } from "../../support/one-try-client";
import { aConfig, THUMBNAIL } from "../../support/rendition-presets";

const config: Config = {
  ...aConfig({ card: { ...THUMBNAIL, width: 4, format: "webp" } }),
  readsRenditions: true,
  deletesRenditions: true,
};
const KEY = "a.png";
const UPLOADED = { bucket: config.originalBucket, fileName: KEY, resizedBucket: config.resizedBucket };
const DELETED = { ...UPLOADED, deleted: true };
/** Uploads of its key start nothing. */
const UNHEARD: Config = { ...config, uploads: { suffixes: [".jpg"] } };
const PICTURE = sharp({ create: { width: 2, height: 2, channels: 3, background: "#336699" } })
  .png()
  .toBuffer();

/** What happens to the source, or is asked for; each event may come once more, and all of them in any order. */
const HAPPENINGS = ["upload", "delete", "undelete", "ask", "ask for what is missing", "event again"] as const;
type Happening = (typeof HAPPENINGS)[number];

/** A bucket that keeps versions, the renditions of its one key, and the executions that its events start. */
class World {
  /** Of the source, the oldest first; a deletion is a marker. */
  readonly versions: (StoredImage | "marker")[] = [];
  /** The ETag of the source that each rendition was made of, by key. */
  readonly renditions = new Map<string, string>();
  readonly log: string[] = [];
  /** What came of the executions, those left out that are tried again. */
  readonly outcomes: string[] = [];
  readonly executions: Promise<void>[] = [];
  uploads = 0;
  cameBack = false;
  /** Executions that do not wait for their turn. */
  busy = 0;
  private operations = 0;
  private lastEvent: object = UPLOADED;

  constructor(
    private readonly picture: Buffer,
    private readonly scheduler: fc.Scheduler,
    /** Operations that fail, by their number: before they have done anything, or after. */
    private readonly faults: ReadonlyMap<number, "before" | "after">,
    private readonly config: Config,
  ) {}

  get source(): StoredImage | "marker" | undefined {
    return this.versions.at(-1);
  }

  happen(happening: Happening): void {
    this.log.push(happening);
    if (happening === "upload") {
      this.uploads += 1;
      this.versions.push({ bytes: this.picture, etag: `"${this.uploads}"` });
      this.cameBack = false;
      if (this.config !== UNHEARD) this.send(UPLOADED);
    }
    if (happening === "delete") {
      this.versions.push("marker");
      this.send(DELETED);
    }
    if (happening === "undelete" && this.source === "marker") {
      this.versions.pop();
      // S3 says of it that a version was deleted for good, which nobody listens to.
      this.cameBack = true;
    }
    if (happening === "ask") this.execute({ key: KEY, renditions: ["card"] });
    if (happening === "ask for what is missing") this.execute({ ...UPLOADED, onlyMissing: true });
    if (happening === "event again") this.execute(this.lastEvent);
  }

  private send(event: object): void {
    this.lastEvent = event;
    this.execute(event);
  }

  private execute(event: object): void {
    const name = `execution ${this.executions.length} (${Object.keys(event)})`;
    this.busy += 1;
    this.executions.push(this.run(name, event).finally(() => (this.busy -= 1)));
  }

  /** As the state machine does: what may pass is tried again. */
  private async run(name: string, event: object): Promise<void> {
    for (;;) {
      try {
        const request = parseRequest(event, this.config);
        const result = await resize(request, this.config, this.storeFor(name), new Deadline(60_000));
        const end = "deleted" in result ? (result.deleted.length > 0 ? "deleted" : "nothing deleted") : "made";
        this.outcomes.push(request.deleted && this.config === UNHEARD ? `unheard: ${end}` : end);
        return;
      } catch (error) {
        if (error instanceof Refusal) {
          this.outcomes.push(error.name);
          return;
        }
        if (!(error instanceof StorageUnavailable || error instanceof SourceKeepsChanging)) throw error;
      }
    }
  }

  private storeFor(name: string) {
    const operation = async <T>(what: string, work: () => T): Promise<T> => {
      const number = this.operations++;
      this.busy -= 1;
      await this.scheduler.schedule(Promise.resolve(), `${name} ${what}`);
      this.busy += 1;
      const fault = this.faults.get(number);
      this.log.push(`${name} ${what}${fault ? `, failed ${fault}` : ""}`);
      if (fault === "before") throw new StorageUnavailable("before");
      const result = work();
      if (fault === "after") throw new StorageUnavailable("after");
      return result;
    };
    const find = (): StoredImage => {
      if (this.source === "marker") throw new SourceDeleted(KEY);
      if (this.source === undefined) throw new Refusal("ObjectNotFound", KEY);
      return this.source;
    };
    return {
      read: () => operation("reads", find),
      etag: () => operation("looks", () => find().etag),
      metadata: (_: string, key: string) =>
        operation(`looks for ${key}`, () => {
          const etag = this.renditions.get(key);
          // Of another preset each time: what is of an older source is made again either way.
          return etag === undefined ? undefined : { "source-etag": etag };
        }),
      write: ({ key, metadata }: ImageToStore) =>
        operation(`writes ${key}`, () => {
          this.renditions.set(key, metadata["source-etag"] ?? "");
        }),
      delete: (_: string, key: string) =>
        operation(`deletes ${key}`, () => {
          this.renditions.delete(key);
        }),
    };
  }
}

/** Lets everything happen, one thing after the other as the scheduler draws them, until every execution has ended. */
async function play(world: World, scheduler: fc.Scheduler, happenings: readonly Happening[]): Promise<void> {
  scheduler.scheduleSequence(
    happenings.map((happening) => ({ label: happening, builder: async () => world.happen(happening) })),
  );
  for (;;) {
    // What an execution does next is known only when its picture is made: until then nothing is drawn.
    do await new Promise(setImmediate);
    while (world.busy > 0);
    if (scheduler.count() === 0) break;
    await scheduler.waitOne();
  }
  await Promise.all(world.executions);
}

const happenings = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Happening>("upload") },
    { weight: 3, arbitrary: fc.constant<Happening>("delete") },
    { weight: 2, arbitrary: fc.constantFrom(...HAPPENINGS) },
  ),
  { minLength: 1, maxLength: 7 },
);
const faults = fc.array(fc.tuple(fc.nat({ max: 60 }), fc.constantFrom("before" as const, "after" as const)), {
  maxLength: 4,
});
const settings = fc.oneof(
  { weight: 5, arbitrary: fc.constant(config) },
  { weight: 1, arbitrary: fc.constant(UNHEARD) },
);

/** What is rare among all orders: an upload, and all that its execution does, between two operations of another one. */
class Overtaken {
  thumbnail: string | undefined;
  private source: StoredImage | "marker" = "marker";
  private failing: boolean;

  constructor(
    private readonly picture: Buffer,
    fault: "a fault" | "no fault",
  ) {
    this.failing = fault === "a fault";
  }

  readonly store = {
    read: async () => this.find(),
    etag: async () => {
      const { etag } = this.find();
      if (this.failing) {
        this.failing = false;
        throw new StorageUnavailable("after its deletions");
      }
      return etag;
    },
    metadata: async () => undefined,
    write: async ({ key, metadata }: ImageToStore) => {
      if (key === "thumbnail-a.png") this.thumbnail = metadata["source-etag"];
    },
    delete: async (_: string, key: string) => {
      if (this.source === "marker") {
        this.source = { bytes: this.picture, etag: '"new"' };
        this.thumbnail = '"new"';
      }
      if (key === "thumbnail-a.png") this.thumbnail = undefined;
    },
  };

  private find(): StoredImage {
    if (this.source === "marker") throw new SourceDeleted(KEY);
    return this.source;
  }
}

describe("the renditions of a source that comes back while those of the old one are deleted", () => {
  it.each([
    ["its deletion", DELETED, "no fault"],
    ["its deletion", DELETED, "a fault"],
    ["a request for another rendition", { key: KEY, renditions: ["card"] }, "no fault"],
    ["a request for another rendition", { key: KEY, renditions: ["card"] }, "a fault"],
    ["a request for what is missing", { key: KEY, renditions: ["card"], onlyMissing: true }, "no fault"],
  ] as const)("have the default one after %s (%j) with %s", async (_, event, fault) => {
    const world = new Overtaken(await PICTURE, fault);
    const run = () => resize(parseRequest(event, config), config, world.store, new Deadline(60_000));
    if (fault === "a fault") await expect(run()).rejects.toThrow(StorageUnavailable);
    await run();
    expect(world.thumbnail).toBe('"new"');
  });

  it("have none that nobody asked for where uploads of its key start nothing", async () => {
    const world = new Overtaken(await PICTURE, "no fault");
    const run = (event: object) => resize(parseRequest(event, UNHEARD), UNHEARD, world.store, new Deadline(60_000));
    expect(await run(DELETED)).toMatchObject({ renditions: [], deleted: ["thumbnail", "thumb", "card"] });
    expect(await run(DELETED)).toMatchObject({ renditions: [], deleted: [] });
    expect(world.thumbnail).toBeUndefined();
  });
});

describe("the renditions of a source that is uploaded, deleted and brought back", () => {
  it("agree with it once all executions have ended, in whatever order they act and wherever they fail", async () => {
    const picture = await PICTURE;
    const ends = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), happenings, faults, settings, async (scheduler, given, failing, of) => {
        const world = new World(picture, scheduler, new Map(failing), of);
        await play(world, scheduler, given);

        const { source } = world;
        const thumbnail = world.renditions.get("thumbnail-a.png");
        const unheard = of === UNHEARD;
        const end = source === undefined ? "never there" : source === "marker" ? "gone" : "there";
        ends.set(end, (ends.get(end) ?? 0) + 1);
        for (const outcome of world.outcomes) ends.set(outcome, (ends.get(outcome) ?? 0) + 1);
        const said = world.log.join("\n");
        if (source === "marker" || source === undefined) expect([said, [...world.renditions]]).toEqual([said, []]);
        // Of what comes unheard there is what was asked for, made by no deletion.
        else if (unheard) expect(world.outcomes).not.toContain("unheard: made");
        // What was only brought back by taking the marker away has the renditions that were left, or none.
        else if (world.cameBack) expect([source.etag, undefined, said]).toEqual(expect.arrayContaining([thumbnail]));
        else expect([said, thumbnail]).toEqual([said, source.etag]);
      }),
      { numRuns: 400 },
    );
    for (const end of [
      "gone",
      "there",
      "made",
      "deleted",
      "ObjectNotFound",
      "unheard: deleted",
      "unheard: nothing deleted",
    ])
      expect([end, ends.has(end)]).toEqual([end, true]);
  }, 120_000);
});

describe("a request about a source that was deleted", () => {
  const s3 = new FakeS3();
  const source = `${config.originalBucket}/${KEY}`;
  const rendition = (name: string) => `${config.resizedBucket}/${name}`;
  let client: S3Client;
  let store: ImageStore;

  beforeAll(async () => {
    client = oneTryClient(await s3.start());
    store = new ImageStore(client, 1_000_000);
  });
  afterAll(async () => {
    client.destroy();
    await s3.stop();
  });
  beforeEach(async () => {
    s3.objects.clear();
    s3.markers.clear();
    s3.requests.length = 0;
    s3.fault = () => false;
    s3.put(config.originalBucket, KEY, await PICTURE);
    for (const name of ["thumb-a.png", "card-a.png.webp", "card-b.png.webp"])
      s3.put(config.resizedBucket, name, Buffer.from("a rendition"));
  });

  const ask = async (event: object, of = config) => {
    const request = parseRequest(event, of);
    return succeeded(request, await resize(request, of, store, new Deadline(60_000)));
  };
  const left = () => [...s3.objects.keys()].filter((name) => name.startsWith(config.resizedBucket));
  const all = ["thumbnail-a.png", "thumb-a.png", "card-a.png.webp"].map(rendition);

  it("deletes its renditions of all presets, and nothing of its neighbours, and looks again", async () => {
    s3.markers.add(source);
    expect(await ask(DELETED)).toEqual({
      status: "SUCCESS",
      success: true,
      message: "a.png was deleted, and its renditions with it",
      source: { bucket: config.originalBucket, key: KEY },
      renditions: [],
      deleted: ["thumbnail", "thumb", "card"],
    });
    expect(left()).toEqual([rendition("card-b.png.webp")]);
    expect([...s3.requests].sort()).toEqual(
      [`GET ${source}`, ...all.map((name) => `DELETE ${name}`), `HEAD ${source}`].sort(),
    );
  });

  it("deletes nothing when the source is there, whoever sent it, and makes the default as an upload does", async () => {
    const before = left();
    expect(await ask(DELETED)).toMatchObject({ status: "SUCCESS", renditions: [{ name: "thumbnail" }] });
    expect(left()).toEqual([...before, rendition("thumbnail-a.png")]);
    expect(s3.requests).toEqual([`GET ${source}`, `PUT ${rendition("thumbnail-a.png")}`, `HEAD ${source}`]);
  });

  it("makes nothing, either, where uploads of its key start nothing", async () => {
    const before = left();
    expect(await ask(DELETED, UNHEARD)).toEqual({
      status: "SUCCESS",
      success: true,
      message: "nothing of a.png had to be deleted",
      source: { bucket: config.originalBucket, key: KEY },
      renditions: [],
      deleted: [],
    });
    expect(left()).toEqual(before);
    expect(s3.requests).toEqual([`HEAD ${source}`]);
  });

  it("deletes nothing when there is no source and no delete marker: its versions were deleted for good, or it never was", async () => {
    s3.objects.delete(source);
    const before = left();
    await expect(ask(DELETED)).rejects.toMatchObject({ name: "ObjectNotFound" });
    expect(left()).toEqual(before);
    expect(s3.requests).toEqual([`GET ${source}`]);
  });

  it("deletes nothing when S3 does not say that there is a delete marker, for want of a permission", async () => {
    s3.fault = (_, response) => {
      response.setHeader("x-amz-delete-marker", "true");
      refuse(response, 403, "AccessDenied");
      return true;
    };
    await expect(ask(DELETED)).rejects.toMatchObject({ name: "ObjectNotReadable" });
    expect(s3.requests).toEqual([`GET ${source}`]);
  });

  it.each([
    ["asks for a picture", { key: KEY }, ["card-a.png.webp"]],
    ["asks for several", { key: KEY, renditions: ["card", "thumb"] }, []],
    ["asks for what is missing", { ...UPLOADED, renditions: ["card"], onlyMissing: true }, ["thumb-a.png"]],
  ])("that %s is refused, after those it asks for are deleted and no other one", async (_, event, others) => {
    s3.markers.add(source);
    await expect(ask(event)).rejects.toMatchObject({
      name: "ObjectNotFound",
      message: `Expected an object at s3://${source} but it was deleted`,
    });
    expect(left()).toEqual([...others, "card-b.png.webp"].map(rendition));
  });

  it.each([
    ["that is a dry run", { ...UPLOADED, dryRun: true }, config],
    ["where deletions delete nothing", { key: KEY }, { ...config, deletesRenditions: false }],
  ])("deletes nothing in one %s", async (_, event, of) => {
    s3.markers.add(source);
    await expect(ask(event, of)).rejects.toMatchObject({ name: "ObjectNotFound" });
    expect(left()).toHaveLength(3);
  });

  it.each([
    [403, "AccessDenied", "ObjectNotWritable"],
    [503, "SlowDown", "StorageUnavailable"],
  ])("that S3 answers with %i %s ends in %s, when all deletions have been tried", async (status, code, name) => {
    s3.markers.add(source);
    s3.fault = ({ method, url }, response) => {
      if (method !== "DELETE" || !url?.includes("card")) return false;
      refuse(response, status, code);
      return true;
    };
    await expect(ask(DELETED)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(`s3://${rendition("card-a.png.webp")}`),
    });
    expect(left()).toEqual([rendition("card-a.png.webp"), rendition("card-b.png.webp")]);
  });

  it("leaves out presets whose key would be too long for S3, which never wrote anything", async () => {
    const key = `${"x".repeat(1_024 - "thumb-".length - ".png".length)}.png`;
    s3.markers.add(`${config.originalBucket}/${key}`);
    expect(await ask({ ...DELETED, fileName: key })).toMatchObject({ deleted: ["thumb"] });
  });
});
