import { createHash } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import { ImageStore } from "../../../handlers/resize-image/image-store";
import { FakeS3, refuse } from "../../support/fake-s3";
import { oneTryClient } from "../../support/one-try-client";

const s3 = new FakeS3();
const KEY = "photo.jpg";
const NEVER = new AbortController().signal;
const MAX_BYTES = 1000;
let client: S3Client;
let store: ImageStore;

beforeAll(async () => {
  client = oneTryClient(await s3.start());
  store = new ImageStore(client, MAX_BYTES);
});
afterEach(() => {
  s3.fault = () => false;
});
afterAll(async () => {
  client.destroy();
  await s3.stop();
});

const image = {
  bucket: "resized",
  key: KEY,
  bytes: Buffer.from("picture"),
  contentType: "image/jpeg",
  cacheControl: "no-cache",
  metadata: { rendition: "thumb" },
};
const read = () => store.read("original", KEY, NEVER);
const write = () => store.write(image, NEVER);

function answerWith(status: number, code: string): void {
  s3.fault = (_, response) => {
    refuse(response, status, code);
    return true;
  };
}

describe("ImageStore", () => {
  it("reads an object with its ETag", async () => {
    s3.put("original", KEY, Buffer.from("picture"));
    const md5 = createHash("md5").update("picture").digest("hex");
    const { bytes, etag } = await read();
    expect([bytes.toString(), etag]).toEqual(["picture", `"${md5}"`]);
  });

  it("writes an object with its headers", async () => {
    await write();
    const { bytes, headers } = s3.get("resized", KEY);
    expect(bytes.toString()).toContain("picture");
    expect(headers).toMatchObject({
      "content-type": "image/jpeg",
      "cache-control": "no-cache",
      "x-amz-meta-rendition": "thumb",
    });
  });

  it.each([
    [404, "NoSuchKey", "ObjectNotFound: Expected an object at s3://original/photo.jpg but there is none"],
    [
      403,
      "AccessDenied",
      "ObjectNotReadable: Expected access to s3://original/photo.jpg but S3 answered AccessDenied (403); it does not exist or the function may not read it",
    ],
    [
      403,
      "InvalidObjectState",
      "ObjectNotReadable: Expected access to s3://original/photo.jpg but S3 answered InvalidObjectState (403)",
    ],
    [
      400,
      "InvalidRequest",
      "ObjectNotReadable: Expected access to s3://original/photo.jpg but S3 answered InvalidRequest (400)",
    ],
  ])("refuses for good what S3 answers with %i %s", async (status, code, message) => {
    answerWith(status, code);
    expect(String(await read().catch((error: unknown) => error))).toContain(message);
  });

  it("refuses for good what may not be written", async () => {
    answerWith(403, "AccessDenied");
    await expect(write()).rejects.toMatchObject({
      name: "ObjectNotWritable",
      message: "Expected access to s3://resized/photo.jpg but S3 answered AccessDenied (403)",
    });
  });

  it.each([
    [500, "InternalError"],
    [503, "SlowDown"],
    [429, "TooManyRequests"],
    [400, "RequestTimeout"],
    [403, "RequestTimeTooSkewed"],
  ])("asks for another try when S3 answers with %i %s", async (status, code) => {
    answerWith(status, code);
    const message = expect.stringMatching(
      /^Expected S3 to answer for s3:\/\/(original|resized)\/photo.jpg but received/,
    );
    await expect(read()).rejects.toMatchObject({ name: "StorageUnavailable", message });
    await expect(write()).rejects.toMatchObject({ name: "StorageUnavailable", message });
  });

  it("asks for another try when the connection breaks", async () => {
    s3.fault = (request) => {
      request.socket.destroy();
      return true;
    };
    await expect(read()).rejects.toMatchObject({ name: "StorageUnavailable" });
  });

  it("asks for another try when the body breaks off", async () => {
    s3.fault = (_, response) => {
      response.writeHead(200, { "content-length": 500 });
      response.write("half", () => response.destroy());
      return true;
    };
    await expect(read()).rejects.toMatchObject({ name: "StorageUnavailable" });
  });

  it("asks for another try when time runs out before S3 answers", async () => {
    await expect(store.read("original", KEY, AbortSignal.abort())).rejects.toMatchObject({
      name: "StorageUnavailable",
    });
  });

  it("refuses a source that says it is too large, before reading it", async () => {
    let closed = Promise.resolve<unknown>(undefined);
    s3.fault = (_, response) => {
      response.writeHead(200, { "content-length": 5_000_000_000 });
      response.write("x");
      closed = new Promise((resolve) => response.once("close", resolve));
      return true;
    };
    await expect(read()).rejects.toMatchObject({
      name: "SourceTooLarge",
      message: "Expected at most 1000 bytes in s3://original/photo.jpg but received 5000000000",
    });
    await closed;
  });

  it("stops reading a source that turns out to be too large", async () => {
    s3.fault = (_, response) => {
      response.writeHead(200); // no length given, and no end
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1001))) {}
      };
      response.on("drain", pour);
      pour();
      return true;
    };
    await expect(read()).rejects.toMatchObject({ name: "SourceTooLarge" });
  });
});
