import { Github } from "../../ci/github";
import { reviewedRun } from "../../ci/reviewed-run";
import { startGithub } from "./github-stub";

const PULLS = "/repos/owner/name/commits/c0ffee/pulls";
const RUNS = "/repos/owner/name/actions/workflows/plan.yml/runs";
const merged = {
  number: 12,
  merge_commit_sha: "c0ffee",
  merged_at: "2026-11-21T00:00:00Z",
  base: { ref: "main" },
  head: { ref: "feature", sha: "beef" },
};
const run = { id: 7, head_branch: "feature", head_repository: { full_name: "owner/name" } };

const found = async (pulls: readonly object[], runs: readonly object[]) => {
  const stub = await startGithub({ [PULLS]: pulls, [RUNS]: { workflow_runs: runs } });
  try {
    return await reviewedRun(Github.fromEnvironment(stub.environment), "c0ffee", "main");
  } finally {
    await stub.close();
  }
};

describe("reviewedRun", () => {
  it("finds the newest successful plan of the pull request that the commit merged", async () => {
    expect(await found([merged], [run, { ...run, id: 9 }, { ...run, id: 8 }])).toBe(9);
  });

  it.each<[string, readonly object[]]>([
    [
      "that names it among others",
      [
        { number: 13, base: { ref: "release" } },
        { number: 12, base: { ref: "main" } },
      ],
    ],
    ["that GitHub names no pull request of, as it is closed", []],
  ])("takes a run %s", async (_, pull_requests) => {
    expect(await found([merged], [{ ...run, pull_requests }])).toBe(7);
  });

  it.each<[string, readonly object[], readonly object[]]>([
    ["a commit without a pull request", [], [run]],
    ["a pull request that only contains the commit", [{ ...merged, merge_commit_sha: "other" }], [run]],
    ["a pull request into another branch", [{ ...merged, base: { ref: "other" } }], [run]],
    ["a pull request that is still open", [{ ...merged, merged_at: null }], [run]],
    ["a plan of another branch with the same commit", [merged], [{ ...run, head_branch: "other" }]],
    ["a plan of a fork", [merged], [{ ...run, head_repository: { full_name: "someone/name" } }]],
    ["a plan against another base", [merged], [{ ...run, pull_requests: [{ number: 12, base: { ref: "release" } }] }]],
    ["a plan of another pull request", [merged], [{ ...run, pull_requests: [{ number: 13, base: { ref: "main" } }] }]],
    ["no plan", [merged], []],
  ])("finds nothing for %s", async (_, pulls, runs) => {
    expect(await found(pulls, runs)).toBeUndefined();
  });

  it("asks for successful runs of the head commit only", async () => {
    const stub = await startGithub({ [PULLS]: [merged], [RUNS]: { workflow_runs: [run] } });
    await reviewedRun(Github.fromEnvironment(stub.environment), "c0ffee", "main");
    await stub.close();

    expect(stub.calls.at(-1)?.path).toBe(`${RUNS}?event=pull_request&status=success&head_sha=beef`);
  });
});

describe("Github", () => {
  it("says what GitHub answered", async () => {
    const stub = await startGithub({});
    const github = Github.fromEnvironment(stub.environment);

    await expect(github.call("GET", "/nothing")).rejects.toThrow(
      'GET /nothing: expected success but GitHub answered 404 {"message":"Not Found"}',
    );
    await stub.close();
  });

  it("reads a list to its last page", async () => {
    const items = Array.from({ length: 250 }, (_, id) => ({ id }));
    const stub = await startGithub({ "/repos/owner/name/items": items });

    expect(await Github.fromEnvironment(stub.environment).list("/items?state=open")).toEqual(items);
    expect(stub.calls.map(({ path }) => path)).toContain("/repos/owner/name/items?state=open&per_page=100&page=3");
    await stub.close();
  });

  it("refuses to start outside of a job", () => {
    expect(() => Github.fromEnvironment({})).toThrow("expected GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN");
  });
});
