import { Refusal, StorageUnavailable } from "../../../handlers/resize-image/errors";
import type { ImageStore, ImageToStore } from "../../../handlers/resize-image/image-store";
import { writeAll } from "../../../handlers/resize-image/write-all";

const NEVER = new AbortController().signal;

function object(key: string): ImageToStore {
  return { bucket: "resized", key, bytes: Buffer.alloc(1), contentType: "", cacheControl: "", metadata: {} };
}

function storeThatFails(failures: Readonly<Record<string, Error>>): Pick<ImageStore, "write"> {
  return {
    write: async ({ key }) => {
      const failure = failures[key];
      if (failure) throw failure;
    },
  };
}

const objects = ["a", "b", "c"].map(object);
const busy = new StorageUnavailable("busy");
const denied = new Refusal("ObjectNotWritable", "denied");

describe("writeAll", () => {
  it("is silent when all are written", async () => {
    await expect(writeAll(storeThatFails({}), objects, NEVER)).resolves.toBeUndefined();
  });

  it.each([
    [{ b: denied }, "ObjectNotWritable: denied; written: a, c"],
    [{ a: denied, b: denied, c: denied }, "ObjectNotWritable: denied; written: nothing"],
    [{ c: busy }, "StorageUnavailable: busy; written: a, b"],
    [{ a: denied, c: busy }, "StorageUnavailable: busy; written: b"],
  ])("says what was written when %j fail", async (failures, message) => {
    expect(String(await writeAll(storeThatFails(failures), objects, NEVER).catch((error: unknown) => error))).toBe(
      message,
    );
  });
});
