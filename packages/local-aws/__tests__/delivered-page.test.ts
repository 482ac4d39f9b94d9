import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { removeCodeFolder } from "../code-folder";
import { LocalProcess } from "./support/local-process";
import { synthesizeDevWith } from "./support/local-project";
import { until } from "./support/until";

const PROJECT = join(__dirname, "..", "..", "..");
const KEY = "cats/tom.jpg";
const ORIGIN = "https://shop.example";

/** The first page of docs/delivery.md. */
const [, PAGE = ""] =
  /```html\n(<picture>[\s\S]*?)```/.exec(readFileSync(join(PROJECT, "docs", "delivery.md"), "utf8")) ?? [];
const ADDRESS = "https://d111111abcdef8.cloudfront.net";

/** Every picture that the page names: of a `srcset` with the width that it is said to have. */
const PICTURES = [
  ...[...PAGE.matchAll(/\bsrcset="([^"]*)"/g)].flatMap(([, set = ""]) =>
    set.split(",").map((candidate) => {
      const [url = "", width = ""] = candidate.trim().split(/\s+/);
      return { path: url.replace(ADDRESS, ""), width: Number(width.replace("w", "")) };
    }),
  ),
  ...[...PAGE.matchAll(/\bsrc="([^"]*)"/g)].map(([, url = ""]) => ({ path: url.replace(ADDRESS, ""), width: 256 })),
];

const folder = mkdtempSync(join(tmpdir(), "delivered-page-"));
const taken = createServer();
let local: LocalProcess;
let url = "";
/** What there was before the picture was. */
let before: readonly number[] = [];

beforeAll(async () => {
  const stack = await synthesizeDevWith({ delivery: { cors: { allowOrigins: [ORIGIN] } } }, folder);
  // Whoever has the usual port of the delivery, this test or another program: it goes on at a free one.
  await new Promise<void>((resolve) => taken.once("error", () => resolve()).listen(3001, "127.0.0.1", resolve));
  const free = ["--port", "0", "--aws-port", "0", "--console-port", "0"];
  local = new LocalProcess(["--stack", stack, ...free]);
  await local.ready();
  url = local.stackOutput("delivery_url");
  before = await Promise.all(PICTURES.map(async ({ path }) => (await fetch(`${url}${path}`)).status));

  const s3 = new S3Client({ ...local.client, forcePathStyle: true });
  const Body = await sharp({ create: { width: 2400, height: 1600, channels: 3, background: "#8a7f66" } })
    .jpeg()
    .toBuffer();
  await s3.send(new PutObjectCommand({ Bucket: local.stackOutput("original_bucket_name"), Key: KEY, Body }));
  await fetch(`${local.stackOutput("api_url")}/process`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ key: KEY, renditions: ["thumbnail", "card", "large"] }),
  });
  // As the page does: it asks until it is there.
  for (const { path } of PICTURES)
    await until(async () => ((await fetch(`${url}${path}`)).status === 200 ? true : undefined));
}, 120_000);

afterAll(async () => {
  taken.close();
  await local.end();
  await removeCodeFolder(folder);
});

describe("the page of docs/delivery.md, against npm start", () => {
  it("names pictures", () => {
    expect(PICTURES.map(({ path }) => path)).toEqual([
      "/cats/card-tom.jpg.webp",
      "/cats/thumbnail-tom.jpg",
      "/cats/large-tom.jpg.webp",
      "/cats/thumbnail-tom.jpg",
    ]);
  });

  it("has no picture before there is one", () => {
    expect(new Set(before)).toEqual(new Set([404]));
  });

  it.each(PICTURES)("shows $path, $width pixels wide as it says", async ({ path, width }) => {
    const response = await fetch(`${url}${path}`);

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^image\/(jpeg|webp)$/);
    expect(response.headers.get("cache-control")).toBe("public, max-age=60");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect((await sharp(Buffer.from(await response.arrayBuffer())).metadata()).width).toBe(width);
  });

  it("has a script of the allowed origin read what to show until then", async () => {
    const { headers } = await fetch(`${url}/cats/thumbnail-tom.jpg`, { headers: { origin: ORIGIN } });

    expect(headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(headers.get("access-control-expose-headers")).toContain("x-amz-meta-source-color");
    expect(headers.get("x-amz-meta-source-color")).toMatch(/^#[0-9a-f]{6}$/);
  });

  it("is at the address that npm start prints", () => {
    expect(local.output).toContain(`delivery      ${url}\n`);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(url).not.toMatch(/:3001$/);
  });

  it("passes the smoke test", async () => {
    const { stdout } = await promisify(execFile)(
      "bash",
      [join(PROJECT, "operations", "smoke-test.sh"), "--outputs", join(local.folder, "outputs.json")],
      { env: { PATH: process.env.PATH } },
    );

    expect(stdout).toMatch(/^PASS {2}delivery +http:/m);
    expect(stdout).toMatch(/^PASS {2}missing picture +404$/m);
  }, 60_000);
});
