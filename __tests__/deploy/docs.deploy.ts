import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { dev } from "../../environments/dev";
import { originalBucketName } from "../../environments/original-bucket";
import { LocalProcess } from "../../packages/local-aws/__tests__/support/local-process";
import { synthesizeInto } from "../../packages/local-aws/__tests__/support/local-project";
import { type CommandBlock, commandBlocks, commandsToRun } from "../support/documented-commands";

const PROJECT = join(__dirname, "..", "..");
const PICTURE = join(PROJECT, "operations", "smoke-test.jpg");
const blocks = commandBlocks().filter((block) => !block.needsAws && commandsToRun(block).length > 0);

/** What a run makes, or commits. */
const OWN = [".local", "cdktf.out", ".git"];
/** A folder as a reader has it: the project, whose pipeline runs in another shell, and pictures. */
const folder = mkdtempSync(join(tmpdir(), "docs-"));
let local: LocalProcess;

beforeAll(async () => {
  local = new LocalProcess([
    "--stack",
    await synthesizeInto(join(folder, "cdktf.out")),
    "--port",
    "0",
    "--aws-port",
    "0",
  ]);
  await local.ready();
  for (const name of readdirSync(PROJECT).filter((name) => !OWN.includes(name))) {
    symlinkSync(join(PROJECT, name), join(folder, name));
  }
  symlinkSync(local.folder, join(folder, ".local"));
  mkdirSync(join(folder, "Pictures"));
  for (const picture of ["cat.jpg", "photo.jpg", "Pictures/cat.jpg"]) copyFileSync(PICTURE, join(folder, picture));
  writeFileSync(join(folder, "event.json"), '{"key":"cat.jpg"}');
});
afterAll(async () => {
  await local.end();
  rmSync(folder, { recursive: true });
});

/** The commands with the addresses of this run, and as few rounds of a bench as there can be. */
const asHere = (block: CommandBlock): string =>
  commandsToRun(block)
    .join("\n")
    .replaceAll("http://127.0.0.1:3000", local.stackOutput("api_url"))
    .replace(/image-pipeline-dev-(original|resized)-\d{12}/g, (_, bucket) =>
      bucket === "original" ? originalBucketName(dev) : dev.resizedBucketName,
    )
    .replace(/^npm run bench\S* -- .*$/gm, "$& --rounds 1");

describe("the commands of the docs that need no AWS account", () => {
  it.each(blocks)("work: $page, $commands.0", async (block) => {
    const script = `set -euo pipefail\n${asHere(block)}`;
    const { stdout } = await promisify(execFile)("bash", ["-c", script], {
      cwd: folder,
      env: { ...process.env, HOME: folder },
    });
    expect(stdout).not.toBe("");
  });
});
