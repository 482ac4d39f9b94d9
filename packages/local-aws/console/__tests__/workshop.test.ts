import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import type { LocalProcess } from "../../__tests__/support/local-process";
import { synthesizeInto } from "../../__tests__/support/local-project";
import { until } from "../../__tests__/support/until";
import { removeCodeFolder } from "../../code-folder";
import type { Preset } from "../preset";
import type { ExecutionSummary, Page, StackInfo, StoredObject, TrialAnswer, TrialFailure, TrialPicture } from "../wire";
import { stackWithout } from "./support/stack-without";
import { startConsole } from "./support/start-console";

const folder = mkdtempSync(join(tmpdir(), "workshop-"));
let stackPath = "";
let local: LocalProcess;
let url = "";
let stack: StackInfo;

beforeAll(async () => {
  stackPath = await synthesizeInto(folder);
  ({ local, url } = await startConsole(stackPath));
  stack = await read("/api/stack");
  await put("cat.jpg", await picture());
  await executions(1);
});
afterAll(async () => {
  await local.end();
  await removeCodeFolder(folder);
});

const picture = () =>
  sharp({
    create: {
      width: 900,
      height: 600,
      channels: 3,
      background: "grey",
      noise: { type: "gaussian", mean: 128, sigma: 20 },
    },
  })
    .jpeg()
    .toBuffer();

async function read<Value>(path: string): Promise<Value> {
  const response = await fetch(`${url}${path}`);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const value: Value = JSON.parse(await response.text());
  return value;
}

const put = (key: string, body: Uint8Array | string) =>
  fetch(`${url}/api/objects/${stack.originalBucket}/${key}`, {
    method: "PUT",
    headers: { origin: url },
    body: typeof body === "string" ? body : new Uint8Array(body),
  });

/** Settles when so many executions have ended. */
const executions = (count: number) =>
  until(async () => {
    const { items } = await read<Page<ExecutionSummary>>("/api/executions");
    return items.filter(({ status }) => status !== "RUNNING").length >= count ? items : undefined;
  });

const post = (body: unknown, headers: Readonly<Record<string, string>> = {}, signal?: AbortSignal) =>
  fetch(`${url}/api/trials`, {
    method: "POST",
    headers: { origin: url, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });

const CARD: Preset = { width: 300, height: 200, fit: "cover", format: "webp" };

async function attempt(preset: object, key = "cat.jpg", name = "try"): Promise<TrialAnswer> {
  const response = await post({ key, name, preset });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const answer: TrialAnswer = JSON.parse(await response.text());
  return answer;
}

async function made(preset: object, name?: string): Promise<TrialPicture> {
  const answer = await attempt(preset, "cat.jpg", name);
  if (!answer.made) throw new Error(`${answer.error}: ${answer.cause}`);
  return answer;
}

async function failed(preset: object, key: string): Promise<TrialFailure> {
  const answer = await attempt(preset, key);
  if (answer.made) throw new Error("expected a failure");
  return answer;
}

const bytesOf = async (path: string) => Buffer.from(await (await fetch(`${url}${path}`)).arrayBuffer());

describe("the preset workshop", () => {
  it("knows the presets of the environment", () => {
    expect(stack.presets?.card).toEqual({
      width: 640,
      height: 360,
      fit: "cover",
      position: "attention",
      format: "webp",
    });
  });

  it("makes the picture that the deployed code would write, byte for byte", async () => {
    const preset = stack.presets?.thumbnail;
    if (preset === undefined) throw new Error("expected a preset");
    const { bucket, key, id, bytes, metadata } = await made(preset, "thumbnail");
    const written = await bytesOf(`/api/objects/${bucket}/${key}`);

    expect(key).toBe("thumbnail-cat.jpg");
    expect(await bytesOf(`/api/trials/${id}`)).toEqual(written);
    expect(bytes).toBe(written.length);
    expect(metadata).toEqual((await read<StoredObject>(`/api/details/${bucket}/${key}`)).metadata);
  });

  it.each([
    [
      { width: 100, height: 100, fit: "inside", format: "png" },
      { width: 100, height: 67, format: "png" },
    ],
    [
      { width: 120, height: 90, fit: "cover", format: "avif" },
      { width: 120, height: 90, format: "avif" },
    ],
    [
      { width: 1800, height: 1800, fit: "inside", format: "jpeg", enlarge: true },
      { width: 1800, height: 1200 },
    ],
    [
      { width: 1800, height: 1800, fit: "inside", format: "jpeg" },
      { width: 900, height: 600, format: "jpeg" },
    ],
  ])("makes %j", async (preset, expected) => {
    const answer = await made(preset);

    expect(answer).toMatchObject({ ...expected, source: { width: 900, height: 600 } });
    expect((await sharp(await bytesOf(`/api/trials/${answer.id}`)).metadata()).width).toBe(expected.width);
  });

  it("weighs a lower quality less", async () => {
    const [low, high] = [await made({ ...CARD, quality: 20 }), await made({ ...CARD, quality: 90 })];

    expect(low.bytes).toBeLessThan(high.bytes / 2);
  });

  it("says what each step took", async () => {
    const { steps } = await made(CARD);

    expect(steps.map(({ name }) => name)).toEqual(["loaded", "read", "made", "written", "looked again"]);
    expect(steps.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
  });

  it("writes to no bucket and starts nothing", async () => {
    const [before, ran] = [await read<Page<StoredObject>>(`/api/buckets/${bucketOfRenditions()}`), await executions(1)];
    await made({ ...CARD, quality: 55 });
    const after = await read<Page<StoredObject>>(`/api/buckets/${bucketOfRenditions()}`);

    expect(after).toEqual(before);
    expect(await executions(1)).toHaveLength(ran.length);
  });

  it("gives the names and causes of the function", async () => {
    await put("broken.jpg", "no picture");

    expect(await failed(CARD, "broken.jpg")).toMatchObject({
      error: "NotAnImage",
      cause: 'Expected jpeg, png, gif, webp, tiff, avif but the content starts with "no picture"',
    });
    expect(await failed(CARD, "nowhere.jpg")).toMatchObject({ error: "ObjectNotReadable" });
  });

  it("lets go of a picture that nobody waits for, and makes the next one", async () => {
    const gone = new AbortController();
    const slow = post({ key: "cat.jpg", name: "try", preset: { ...CARD, format: "avif" } }, {}, gone.signal);
    await Promise.resolve();
    setTimeout(() => gone.abort(), 60);
    await Promise.allSettled([slow]);

    expect(await made({ ...CARD, quality: 60 })).toMatchObject({ width: 300, height: 200, format: "webp" });
  });

  it("loads the function again as often as presets change", async () => {
    const sizes = Array.from({ length: 102 }, (_, index) => index + 10);
    const widths: number[] = [];
    for (const width of sizes) widths.push((await made({ width, height: width, fit: "cover", format: "jpeg" })).width);

    expect(widths).toEqual(sizes);
  });

  it.each([
    [{ ...CARD, width: 0 }, "width: expected a whole number from 1 to 4096 but received 0"],
    [{ ...CARD, fit: "fill" }, 'fit: expected one of inside, cover but received "fill"'],
    [{ ...CARD, background: "red" }, 'background: expected a colour as #rrggbb but received "red"'],
    [{ ...CARD, blur: 3 }, /^blur: expected no field of this name \(known: width, .*\) but received 3$/],
    [{ width: 5 }, /^height: expected .* but received nothing; fit: .*; format: /],
    [null, "preset: expected an object but received null"],
  ])("refuses %j", async (preset, message) => {
    const response = await post({ key: "cat.jpg", name: "try", preset });

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      message: typeof message === "string" ? message : expect.stringMatching(message),
    });
  });

  it.each([
    [{ key: "cat.jpg", name: "A", preset: CARD }, {}, /^name: expected a name of 1 to 32 lower-case letters/],
    [
      { key: "cat.jpg", name: "thumb-2", preset: CARD },
      {},
      /^name: expected no name that is thumb with a hyphen and more/,
    ],
    [{ key: "", name: "try", preset: CARD }, {}, 'Expected the key of a picture for key but received ""'],
    [{ key: "cat.jpg", preset: CARD }, {}, "Expected a name for name but received undefined"],
    [{ key: "c".repeat(20_000) }, {}, "Expected at most 16384 bytes"],
    [{}, { "content-type": "text/plain" }, "Expected application/json but received text/plain"],
  ])("refuses the request %#", async (body, headers, message) => {
    const response = await post(body, headers);

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      message: typeof message === "string" ? message : expect.stringMatching(message),
    });
  });

  it("is closed to pages of others", async () => {
    const response = await post({ key: "cat.jpg", name: "try", preset: CARD }, { origin: "http://elsewhere.example" });

    expect(response.status).toBe(403);
  });

  it("asks IAM as the function does", async () => {
    const path = stackWithout("WriteRenditions", stackPath);
    await local.end();
    ({ local, url } = await startConsole(path));
    await put("cat.jpg", await picture());

    expect(await failed(CARD, "cat.jpg")).toMatchObject({ error: "ObjectNotWritable" });
  });
});

function bucketOfRenditions(): string {
  return stack.buckets.find(({ name }) => name !== stack.originalBucket)?.name ?? "";
}
