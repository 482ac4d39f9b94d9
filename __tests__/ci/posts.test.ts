import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { startGithub } from "./github-stub";

const ROOT = join(__dirname, "../..");
const COMMENTS = "/repos/owner/name/issues/12/comments";
const ISSUES = "/repos/owner/name/issues";
const COMMIT = "c0ffee".padEnd(40, "0");
const folder = mkdtempSync(join(tmpdir(), "posts-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder of saved plans, as plan.ts leaves it, with one environment. */
function savedPlans(fixture: string): string {
  const plans = mkdtempSync(join(folder, "plans "));
  const stack = join(plans, "image-pipeline-dev");
  mkdirSync(stack);
  const unpacked = (name: string) =>
    gunzipSync(readFileSync(join(__dirname, "../../packages/plan-review/__tests__/fixtures/plans", `${name}.gz`)));
  writeFileSync(join(stack, "plan.json"), unpacked(`${fixture}.plan.json`));
  writeFileSync(join(stack, "cdk.tf.json"), unpacked(`${fixture}.cdk.tf.json`));
  return plans;
}

/** Runs a command of ci against a GitHub that has these comments or issues. */
async function run(script: string, args: readonly string[], answers: Readonly<Record<string, unknown>>) {
  const stub = await startGithub(answers);
  const ended = await new Promise<{ code: number | null; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ["--require", "tsx/cjs", `ci/${script}.ts`, ...args],
      { cwd: ROOT, env: { PATH: process.env.PATH, ...stub.environment } },
      (_error, _stdout, stderr) => resolve({ code: child.exitCode, stderr }),
    );
  });
  await stub.close();
  return { ...ended, written: stub.written(), calls: stub.calls };
}

describe("ci/comment.ts", () => {
  const comment = (comments: readonly object[], ...environments: string[]) =>
    run("comment", [savedPlans("changed-policy"), ...environments, "--pull-request", "12", "--commit", COMMIT], {
      [COMMENTS]: comments,
    });
  const own = { id: 5, body: "old <!-- image-pipeline: plan review -->", user: { type: "Bot" } };

  it("writes the first comment of a pull request", async () => {
    const { written, calls, code } = await comment([], "dev");

    expect(written).toEqual([
      { method: "POST", path: COMMENTS, body: { body: expect.stringContaining("**widened** `ReadOriginals`") } },
    ]);
    expect(written[0]?.body.body).toContain(`Planned for ${COMMIT}.`);
    expect(calls[0]?.token).toBe("Bearer token-of-the-job");
    expect(code).toBe(0);
  });

  it("updates its own comment ever after", async () => {
    const { written } = await comment([{ id: 4, body: "nice", user: { type: "User" } }, own], "dev");

    expect(written).toEqual([
      { method: "PATCH", path: "/repos/owner/name/issues/comments/5", body: expect.anything() },
    ]);
  });

  it("is not led astray by a person who writes its marker", async () => {
    const { written } = await comment([own, { ...own, id: 6, user: { type: "User" } }], "dev");

    expect(written.map(({ path }) => path)).toEqual(["/repos/owner/name/issues/comments/5"]);
  });

  it("names an environment that could not be planned", async () => {
    const { written } = await comment([], "dev", "prod");

    expect(written[0]?.body.body).toContain("| `image-pipeline-prod` | | | | | ❌ **could not be planned** |");
  });

  it.each<[string, readonly string[], string]>([
    ["no environment", ["plans"], "expected a folder and environments"],
    [
      "a pull request that is no number",
      ["plans", "dev", "--pull-request", "../1"],
      "--pull-request: expected a number but received ../1",
    ],
    [
      "a commit that is none",
      ["plans", "dev", "--pull-request", "1", "--commit", "main"],
      "--commit: expected 40 digits but received main",
    ],
  ])("refuses %s", async (_, args, message) => {
    const { stderr, code } = await run("comment", args, {});

    expect(stderr).toContain(`comment: ${message}`);
    expect(code).toBe(2);
  });
});

describe("ci/drift.ts", () => {
  const drift = (fixture: string, issues: readonly object[], ...environments: string[]) =>
    run("drift", [savedPlans(fixture), ...environments, "--run-url", "https://example.com/run"], { [ISSUES]: issues });
  const own = { id: 50, number: 3, body: "<!-- image-pipeline: drift -->", user: { type: "Bot" } };

  it("opens an issue when what is deployed differs", async () => {
    const { written } = await drift("opened-up", [], "dev");

    expect(written).toEqual([
      {
        method: "POST",
        path: ISSUES,
        body: {
          title: "What is deployed differs from the code",
          body: expect.stringContaining("`block_public_policy` `true` → `false`"),
        },
      },
    ]);
    expect(written[0]?.body.body).toContain("Planned by https://example.com/run");
  });

  it("updates the issue that is open", async () => {
    const { written } = await drift("opened-up", [own], "dev");

    expect(written).toEqual([{ method: "PATCH", path: `${ISSUES}/3`, body: { body: expect.anything() } }]);
  });

  it("closes the issue when nothing differs any more", async () => {
    const { written } = await drift("no-change", [own], "dev");

    expect(written).toEqual([
      { method: "PATCH", path: `${ISSUES}/3`, body: { state: "closed", state_reason: "completed" } },
    ]);
  });

  it("keeps silent when nothing differs and no issue is open", async () => {
    expect((await drift("no-change", [], "dev")).written).toEqual([]);
  });

  it("does not take a pull request with its marker for the issue", async () => {
    const { written } = await drift("opened-up", [{ ...own, pull_request: {} }], "dev");

    expect(written.map(({ method }) => method)).toEqual(["POST"]);
  });

  it("does not call it no drift when an environment could not be planned", async () => {
    const { written } = await drift("no-change", [own], "dev", "prod");

    expect(written[0]?.body.body).toContain("| `image-pipeline-prod` | | | | | ❌ **could not be planned** |");
  });
});
