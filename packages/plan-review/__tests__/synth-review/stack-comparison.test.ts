import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesized } from "../../../../__tests__/support/synthesized";
import { reviewComment } from "../../comment";
import { stackComparison } from "../../synth-review/stack-comparison";
import { isChanged } from "../../terraform-plan";

const changesOf = (before: unknown, after: unknown) =>
  stackComparison(before, after)
    .resources.filter(isChanged)
    .map(({ address, action }) => [action, address]);
const reviewOf = (before: unknown, after: unknown) =>
  reviewComment([{ name: "image-pipeline-test", plan: stackComparison(before, after) }], {
    title: "Stacks",
    digests: false,
  });

describe("stackComparison", () => {
  it("sees no change in a stack that was synthesized twice", () => {
    expect(changesOf(synthesized(), synthesized())).toEqual([]);
  });

  it("tells what is added and what is taken away", () => {
    const [with_, without] = [synthesized({ resizeOnUpload: true }), synthesized({ resizeOnUpload: false })];

    expect(changesOf(without, with_).filter(([action]) => action === "create")).toContainEqual([
      "create",
      expect.stringMatching(/^aws_sqs_queue\.upload_/),
    ]);
    expect(changesOf(with_, without).filter(([action]) => action === "delete")).toContainEqual([
      "delete",
      expect.stringMatching(/^aws_sqs_queue\.upload_/),
    ]);
  });

  it("does not take CDKTF's own notes for a change", () => {
    const noted = (note: string) => ({ "//": note, resource: { aws_s3_bucket: { a: { "//": note, bucket: "b" } } } });

    expect(changesOf(noted("x"), noted("y"))).toEqual([]);
  });

  it("compares what is beside the resources", () => {
    expect(changesOf({ terraform: { backend: { local: {} } } }, { terraform: { backend: { s3: {} } } })).toEqual([
      ["update", "terraform"],
    ]);
  });

  it("shows what no plan shows: that a bucket loses its protection", () => {
    const text = reviewOf(synthesized({ deletionProtection: true }), synthesized({ deletionProtection: false }));

    expect(text).toContain("`lifecycle.prevent_destroy` `true` → `false`");
  });

  it("tells changed permissions in the same sentences as a plan", () => {
    const wider = JSON.parse(JSON.stringify(synthesized()).replaceAll("s3:GetObject", "s3:*"));

    expect(reviewOf(synthesized(), wider)).toMatch(
      /⚠️ \*\*widened\*\* `ReadOriginals` .* allows `s3:\*` on `\$\{aws_s3_bucket.original/,
    );
  });
});

describe("npm run review:synth", () => {
  const review = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["--require", "tsx/cjs", "packages/plan-review/synth-review/main.ts", ...args], {
      encoding: "utf8",
    });

  it("compares every stack of both folders, also a new one", () => {
    const folder = mkdtempSync(join(tmpdir(), "synth review-"));
    for (const path of ["base/stacks/a", "head/stacks/a", "head/stacks/b"]) {
      mkdirSync(join(folder, path), { recursive: true });
      writeFileSync(join(folder, path, "cdk.tf.json"), JSON.stringify({ resource: { aws_s3_bucket: { it: {} } } }));
    }

    const { stdout, status } = review(join(folder, "base"), join(folder, "head"));
    rmSync(folder, { recursive: true });

    expect(stdout).toContain("| `a` | 0 | 0 | 0 | 0 | no change |\n| `b` | 1 | 0 | 0 | 0 |  |\n");
    expect(stdout).not.toContain("digest");
    expect(status).toBe(0);
  });

  it.each<[string, readonly string[], string]>([
    ["one folder", ["cdktf.out"], "review:synth: expected two folders; see --help"],
    [
      "a folder that is no output of cdktf synth",
      ["/nowhere", "/nowhere"],
      "review:synth: /nowhere: expected the output of cdktf synth, with a folder stacks",
    ],
  ])("refuses %s", (_, args, message) => {
    const { stderr, status } = review(...args);

    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});
