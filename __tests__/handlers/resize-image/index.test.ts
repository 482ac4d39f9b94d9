import sharp from "sharp";
import { FakeS3 } from "../../support/fake-s3";
import { FunctionProcess } from "../../support/function-process";
import { aConfig, environmentOf } from "../../support/rendition-presets";

const config = aConfig({ card: { width: 320, height: 200, fit: "cover", format: "webp" } });
const s3 = new FakeS3();
let lambda: FunctionProcess;

beforeAll(async () => {
  lambda = await FunctionProcess.start(await s3.start(), environmentOf(config));
  const photo = sharp({ create: { width: 800, height: 600, channels: 3, background: "#336699" } });
  s3.put(config.originalBucket, "photo.jpg", await photo.jpeg().toBuffer());
}, 120_000);

afterAll(async () => {
  await lambda.stop();
  await s3.stop();
});

const explicit = (fileName: string) => ({
  bucket: config.originalBucket,
  fileName,
  resizedBucket: config.resizedBucket,
});

describe("the deployed function", () => {
  it("answers the explicit form as the state machine reads it", async () => {
    const { returned } = await lambda.invoke(explicit("photo.jpg"));
    const { bytes } = s3.get(config.resizedBucket, "thumbnail-photo.jpg");
    expect(returned).toEqual({
      status: "SUCCESS",
      success: true,
      message: "photo.jpg resized successfully!",
      resized_key: "thumbnail-photo.jpg",
      source: expect.objectContaining({ bucket: config.originalBucket, key: "photo.jpg", format: "jpeg", width: 800 }),
      renditions: [
        {
          name: "thumbnail",
          bucket: config.resizedBucket,
          key: "thumbnail-photo.jpg",
          width: 256,
          height: 192,
          format: "jpeg",
          bytes: bytes.length,
        },
      ],
    });
  });

  it("answers the short form, with its own prefix", async () => {
    const { returned } = await lambda.invoke({ key: "photo.jpg" });
    expect(returned).toMatchObject({ success: true, resized_key: "thumb-photo.jpg" });
    expect((await sharp(s3.get(config.resizedBucket, "thumb-photo.jpg").bytes).metadata()).width).toBe(256);
  });

  it("writes each rendition asked for, with its type, lifetime and source", async () => {
    await lambda.invoke({ ...explicit("photo.jpg"), renditions: ["card", "thumb"] });
    const { headers } = s3.get(config.resizedBucket, "card-photo.jpg.webp");
    expect(headers).toMatchObject({
      "content-type": "image/webp",
      "cache-control": config.cacheControl,
      "x-amz-meta-source-key": "photo.jpg",
      "x-amz-meta-rendition": "card",
    });
  });

  it("says what to show until a rendition is there, in the answer and with each rendition", async () => {
    const { returned } = await lambda.invoke({ ...explicit("photo.jpg"), renditions: ["card", "thumb"] });
    const [card, thumb] = ["card-photo.jpg.webp", "thumb-photo.jpg"].map(
      (key) => s3.get(config.resizedBucket, key).headers,
    );
    const placeholder = card?.["x-amz-meta-source-placeholder"];
    const color = card?.["x-amz-meta-source-color"];
    expect(placeholder).toMatch(/^[A-Za-z0-9+/]{20,32}={0,2}$/);
    expect(color).toMatch(/^#[0-9a-f]{6}$/);
    expect(returned).toMatchObject({ source: { placeholder, color } });
    expect(thumb).toMatchObject({ "x-amz-meta-source-placeholder": placeholder, "x-amz-meta-source-color": color });
  });

  it.each(["two words.jpg", "größe/фото+1 100%.jpg"])("serves the key %s", async (key) => {
    s3.put(config.originalBucket, key, s3.get(config.originalBucket, "photo.jpg").bytes);
    const { returned } = await lambda.invoke({ key });
    const folder = key.slice(0, key.lastIndexOf("/") + 1);
    expect(returned).toMatchObject({ resized_key: `${folder}thumb-${key.slice(folder.length)}` });
  });

  it("returns a missing object as a failure", async () => {
    const { returned } = await lambda.invoke({ key: "missing.jpg" });
    expect(returned).toEqual({
      status: "FAILED",
      success: false,
      Error: "ObjectNotFound",
      Cause: "Expected an object at s3://original-images-test/missing.jpg but there is none",
    });
  });

  it("returns a body that is no request as a failure", async () => {
    const { returned } = await lambda.invoke({ file: "photo.jpg" });
    expect(returned).toMatchObject({ status: "FAILED", Error: "InvalidRequest" });
  });
});
