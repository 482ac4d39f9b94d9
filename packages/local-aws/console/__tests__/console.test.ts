import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import type { LocalProcess } from "../../__tests__/support/local-process";
import { synthesizeInto } from "../../__tests__/support/local-project";
import { until } from "../../__tests__/support/until";
import { removeCodeFolder } from "../../code-folder";
import type { Changes, ExecutionDetail, ExecutionSummary, Page, StackInfo, StoredObject } from "../wire";
import { stackWithout } from "./support/stack-without";
import { startConsole } from "./support/start-console";

const folder = mkdtempSync(join(tmpdir(), "console-"));
let stackPath = "";
let local: LocalProcess;
let url = "";
let stack: StackInfo;

beforeAll(async () => {
  stackPath = await synthesizeInto(folder);
  ({ local, url } = await startConsole(stackPath));
  stack = await read("/api/stack");
});
afterAll(async () => {
  await local.end();
  await removeCodeFolder(folder);
});

const photo = () =>
  sharp({ create: { width: 600, height: 400, channels: 3, background: "#336699" } })
    .jpeg()
    .toBuffer();

async function read<Value>(path: string): Promise<Value> {
  const response = await fetch(`${url}${path}`);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const value: Value = JSON.parse(await response.text());
  return value;
}

const put = (key: string, body: Uint8Array<ArrayBuffer> | string, type = "image/jpeg") =>
  fetch(`${url}/api/objects/${stack.originalBucket}/${encodeURIComponent(key)}`, {
    method: "PUT",
    headers: { origin: url, "content-type": type },
    body,
  });

async function ended(key: string): Promise<ExecutionDetail> {
  const { machine, name } = await until(async () => {
    const { items } = await read<Page<ExecutionSummary>>(`/api/executions?search=${encodeURIComponent(key)}`);
    return items.find(({ status }) => status !== "RUNNING");
  });
  return read(`/api/executions/${machine}/${name}`);
}

const STYLES = join(__dirname, "..", "page", "styles");

describe("the console", () => {
  it("knows the stack and its machines as they are defined", () => {
    expect(stack).toMatchObject({ name: "image-pipeline-dev", region: "eu-central-1" });
    expect(stack.machines.map(({ definition }) => definition.StartAt)).toEqual(["ResizeImage"]);
  });

  it("brings all of its style in one file", async () => {
    const style = await (await fetch(`${url}/console.css`)).text();

    expect(style).not.toContain("@import");
    for (const part of readdirSync(STYLES)) expect(style).toContain(readFileSync(join(STYLES, part), "utf8"));
  });

  it("uploads a picture by S3's own door and shows all of its execution", async () => {
    const response = await put("folder/a cat.jpg", new Uint8Array(await photo()));
    const detail = await ended("folder/a cat.jpg");

    expect(response.status).toBe(200);
    expect(detail.summary).toMatchObject({ status: "SUCCEEDED", key: "folder/a cat.jpg" });
    expect(detail.visits.map(({ state, how, attempts }) => [state, how, attempts.length])).toEqual([
      ["ResizeImage", "left", 1],
      ["WasResizeSuccessful", "left", 0],
      ["SuccessState", "left", 0],
    ]);
    expect(detail.source).toMatchObject({ key: "folder/a cat.jpg", contentType: "image/jpeg" });
    expect(detail.renditions).toMatchObject([
      { name: "thumbnail", key: "folder/thumbnail-a cat.jpg", width: 256, object: { contentType: "image/jpeg" } },
    ]);
  });

  it("says of each decision who, what, on which resource, and by which statement", async () => {
    const { decisions, moreDecisions } = await ended("folder/a cat.jpg");
    const said = decisions.map(({ who, action, allowed, by }) => [
      who.replace(/^.*assumed-role\/(\w+).*$/, "$1"),
      action,
      allowed,
      by.map((address) => address.replace(/_[0-9A-F]{8}/, "")),
    ]);

    expect(moreDecisions).toBe(0);
    expect(said).toEqual(
      expect.arrayContaining([
        [
          "events.amazonaws.com",
          "sts:AssumeRole",
          true,
          ["aws_iam_role.upload_access_role statement 0 (TakenByTheService)"],
        ],
        [
          "ImageUploaded",
          "states:StartExecution",
          true,
          ["aws_iam_role_policy.upload_access_policy statement 0 (StartTheStateMachine)"],
        ],
        [
          "ImageProcessingStateMachine",
          "lambda:InvokeFunction",
          true,
          ["aws_iam_role_policy.workflow_access_policy statement 0 (InvokeTheResizeFunction)"],
        ],
        [
          "ImageResizeFunction",
          "s3:GetObject",
          true,
          ["aws_iam_role_policy.resize_access_policy statement 0 (ReadOriginals)"],
        ],
        [
          "ImageResizeFunction",
          "s3:PutObject",
          true,
          ["aws_iam_role_policy.resize_access_policy statement 1 (WriteRenditions)"],
        ],
      ]),
    );
  });

  it("says why a picture was refused, as the API does", async () => {
    await put("broken.jpg", "no picture");

    expect(await ended("broken.jpg")).toMatchObject({
      summary: { status: "FAILED", error: "NotAnImage" },
      error: "NotAnImage",
      cause: 'Expected jpeg, png, gif, webp, tiff, avif but the content starts with "no picture"',
      renditions: [],
    });
  });

  it("tells an open page what happens", async () => {
    const response = await fetch(`${url}/api/events`);
    const seen: ExecutionSummary[] = [];
    const objects: string[] = [];
    const decoder = new TextDecoder();
    await put("live.jpg", new Uint8Array(await photo()));
    for await (const piece of response.body ?? []) {
      for (const [, data = "{}"] of decoder.decode(piece).matchAll(/^data: (.*)$/gm)) {
        const changes: Changes = JSON.parse(data);
        seen.push(...changes.executions.filter(({ key }) => key === "live.jpg"));
        objects.push(...changes.objects.map(({ key }) => key));
      }
      if (seen.some(({ status }) => status === "SUCCEEDED")) break;
    }

    expect(seen.at(-1)?.status).toBe("SUCCEEDED");
    expect(objects).toEqual(expect.arrayContaining(["live.jpg"]));
  });

  it("finds objects and log lines, a page at a time", async () => {
    const objects = await read<Page<StoredObject>>(`/api/buckets/${stack.originalBucket}?search=CAT&limit=1`);
    const lines = await read<Page<{ text: string }>>("/api/log?part=s3&search=putobject&limit=2");

    expect([objects.total, objects.items.map(({ key }) => key)]).toEqual([1, ["folder/a cat.jpg"]]);
    expect(lines.items).toHaveLength(2);
    expect(lines.total).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ["a page", "<script>alert(1)</script>", "text/html", "application/octet-stream", "attachment"],
    ["a script", "alert(1)", "text/javascript", "application/octet-stream", "attachment"],
    [
      "a drawing",
      "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
      "image/svg+xml",
      "image/svg+xml",
      null,
    ],
    [
      "a page that calls itself a picture",
      "<script>alert(1)</script>",
      "image/jpeg",
      "application/octet-stream",
      "attachment",
    ],
  ])("gives %s that was uploaded no origin to run on", async (name, body, type, servedType, disposition) => {
    await put(name, body, type);
    const { headers } = await fetch(`${url}/api/objects/${stack.originalBucket}/${encodeURIComponent(name)}`);

    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; .*sandbox$/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect([headers.get("content-type"), headers.get("content-disposition")]).toEqual([servedType, disposition]);
  });

  it("says what was missing when a permission is taken out of the stack", async () => {
    const path = stackWithout("WriteRenditions", stackPath);
    const whole = { local, url };
    ({ local, url } = await startConsole(path));
    try {
      await put("cat.jpg", new Uint8Array(await photo()));
      const denied = await until(async () => {
        const { items } = await read<Page<ExecutionSummary>>("/api/executions");
        const [first] = items;
        if (first === undefined) return undefined;
        const { decisions } = await read<ExecutionDetail>(`/api/executions/${first.machine}/${first.name}`);
        return decisions.find(({ allowed, action }) => !allowed && action === "s3:PutObject");
      });

      expect(denied.message).toMatch(
        /ImageResizeFunction-dev.* is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::.*thumbnail-cat\.jpg because no identity-based policy allows/,
      );
    } finally {
      await local.end();
      ({ local, url } = whole);
    }
  });
});
