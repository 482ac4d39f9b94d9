import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const ROOT = join(__dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "plan review-"));
afterAll(() => rmSync(folder, { recursive: true }));

const unpacked = (name: string) => gunzipSync(readFileSync(join(__dirname, "fixtures/plans", `${name}.gz`)));
const review = (...args: readonly string[]) =>
  spawnSync(process.execPath, ["--require", "tsx/cjs", "packages/plan-review/main.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });

describe("npm run review", () => {
  it("prints one comment for all plans, with policies from the synthesized stack", () => {
    const stack = join(folder, "out/stacks/image-pipeline-dev");
    mkdirSync(stack, { recursive: true });
    writeFileSync(join(stack, "cdk.tf.json"), unpacked("first-deploy.cdk.tf.json"));
    writeFileSync(join(folder, "dev.json"), unpacked("first-deploy.plan.json"));
    writeFileSync(join(folder, "prod.json"), unpacked("no-change.plan.json"));

    const { stdout, status } = review(
      "--synth",
      join(folder, "out"),
      "--title",
      "Plan of 1 commit",
      "--footnote",
      "Commit abc",
      `image-pipeline-dev=${join(folder, "dev.json")}`,
      `image-pipeline-prod=${join(folder, "prod.json")}`,
    );

    expect(stdout).toMatch(/^## Plan of 1 commit\n/);
    expect(stdout).toContain("| `image-pipeline-prod` | 0 | 0 | 0 | 0 | no change |");
    expect(stdout).toContain("**added** `ReadOriginals`");
    expect(stdout).toMatch(/\nCommit abc\n$/);
    expect(status).toBe(0);
  });

  it.each<[string, readonly string[], string]>([
    ["no plan", [], "review: expected at least one <stack>=<file>"],
    ["a plan without a stack", ["plan.json"], "review: expected <stack>=<file> but received plan.json"],
    ["a file that is not there", ["dev=/nowhere.json"], "review: /nowhere.json: expected a file with JSON: ENOENT"],
    [
      "a file that is no plan",
      ["dev=package.json"],
      "review: package.json: expected the output of `terraform show -json`",
    ],
    ["an unknown option", ["--verbose"], "review: Unknown option '--verbose'"],
  ])("refuses %s in one line", (_, args, message) => {
    const { stderr, stdout, status } = review(...args);

    expect(stderr.startsWith(message)).toBe(true);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect([stdout, status]).toEqual(["", 2]);
  });
});
