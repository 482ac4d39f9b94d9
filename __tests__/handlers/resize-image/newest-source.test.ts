import sharp from "sharp";
import { Deadline } from "../../../handlers/resize-image/deadline";
import type { ImageToStore, StoredImage } from "../../../handlers/resize-image/image-store";
import { parseRequest } from "../../../handlers/resize-image/request";
import { resize } from "../../../handlers/resize-image/resize";
import { aConfig } from "../../support/rendition-presets";

const config = aConfig();
const request = parseRequest({ key: "a.png" }, config);

const square = async (background: string): Promise<Buffer> =>
  sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();

/** One source and what is written, where each operation of each execution waits until it is let go. */
class Bucket {
  readonly written = new Map<string, Uint8Array>();
  #waiting = new Map<string, () => void>();

  constructor(public source: StoredImage) {}

  /** The store as the execution of this name sees it. */
  for(execution: string, beforeEach = (_operation: string) => this.#turn(execution)) {
    return {
      read: async (): Promise<StoredImage> => {
        await beforeEach("read");
        return this.source;
      },
      write: async ({ key, bytes }: ImageToStore): Promise<void> => {
        await beforeEach("write");
        this.written.set(key, bytes);
      },
      metadata: async () => undefined,
      delete: async () => {},
      etag: async (): Promise<string> => {
        await beforeEach("etag");
        return this.source.etag;
      },
    };
  }

  #turn(execution: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(execution, resolve));
  }

  /** Lets the next operation of an execution go, when it comes to one; false when the execution is over. */
  async letGo(execution: string, over: () => boolean): Promise<boolean> {
    while (!this.#waiting.has(execution)) {
      if (over()) return false;
      await new Promise(setImmediate);
    }
    const go = this.#waiting.get(execution);
    this.#waiting.delete(execution);
    go?.();
    await new Promise(setImmediate);
    return true;
  }
}

/** Every order of two executions with three operations each and one upload among them. */
function* orders(left = { old: 3, new: 3, upload: 1 }): Generator<("old" | "new" | "upload")[]> {
  const next = (["old", "new", "upload"] as const).filter((name) => left[name] > 0);
  if (next.length === 0) yield [];
  for (const name of next) for (const rest of orders({ ...left, [name]: left[name] - 1 })) yield [name, ...rest];
}

describe("the newest source", () => {
  it("wins, in whatever order two executions and the upload of a new source come", async () => {
    const [red, blue] = await Promise.all([square("#ff0000"), square("#0000ff")]);
    const expected = new Bucket({ bytes: blue, etag: "blue" });
    await resize(
      request,
      config,
      expected.for("only", async () => {}),
      new Deadline(60_000),
    );
    const all = [...orders()];
    expect(all).toHaveLength(140);

    for (const order of all) {
      const bucket = new Bucket({ bytes: red, etag: "red" });
      const over = new Set<string>();
      const etags: string[] = [];
      const executions = ["old", "new"].map((name) =>
        resize(request, config, bucket.for(name), new Deadline(60_000)).then(({ source }) => {
          over.add(name);
          if ("etag" in source) etags.push(source.etag);
        }),
      );
      for (const step of order) {
        if (step === "upload") bucket.source = { bytes: blue, etag: "blue" };
        else await bucket.letGo(step, () => over.has(step));
      }
      for (const name of ["old", "new"]) while (await bucket.letGo(name, () => over.has(name)));
      await Promise.all(executions);

      // An execution that was over before the upload is the one that the upload's own event follows.
      if (etags.includes("blue")) {
        expect([order, bucket.written.get("thumb-a.png")]).toEqual([order, expected.written.get("thumb-a.png")]);
      }
    }
  }, 60_000);

  it("is a fault by name, for the machine to try again, when there is another one after each round", async () => {
    const bytes = await square("#ff0000");
    const bucket = new Bucket({ bytes, etag: "0" });
    let reads = 0;
    const changing = bucket.for("only", async (operation) => {
      if (operation === "read") reads += 1;
      if (operation === "write") bucket.source = { bytes, etag: `${reads}` };
    });
    await expect(resize(request, config, changing, new Deadline(60_000))).rejects.toMatchObject({
      name: "SourceKeepsChanging",
      message:
        "Expected s3://original-images-test/a.png to stay as it is while its renditions are made but it changed each time",
    });
    expect(reads).toBe(3);
  });

  it("is a fault by name also when the time is up after the first round", async () => {
    const bytes = await square("#ff0000");
    const bucket = new Bucket({ bytes, etag: "0" });
    const deadline = new Deadline(60_000);
    const changing = bucket.for("only", async (operation) => {
      if (operation === "etag") bucket.source = { bytes, etag: "1" };
      if (operation === "read" && bucket.source.etag === "1") throw deadline.exceeded();
    });
    await expect(resize(request, config, changing, deadline)).rejects.toMatchObject({ name: "SourceKeepsChanging" });
  });
});
