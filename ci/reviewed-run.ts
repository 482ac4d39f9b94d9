import { isRecord } from "@image-pipeline/plan-review";
import type { Github } from "./github";

const PLAN_WORKFLOW = "plan.yml";

/** The run of the plan workflow whose plans were reviewed before a commit got to the branch, if there is one. */
export async function reviewedRun(github: Github, commit: string, branch: string): Promise<number | undefined> {
  const pullRequests = await github.list(`/commits/${commit}/pulls`);
  const merged = pullRequests.filter(isRecord).find(
    // The pull request that this very commit merged, and not one that merely contains it.
    ({ merge_commit_sha, merged_at, base }) =>
      merge_commit_sha === commit && typeof merged_at === "string" && isRecord(base) && base.ref === branch,
  );
  const head = merged?.head;
  if (merged === undefined || !isRecord(head) || typeof head.sha !== "string") return undefined;
  const answer = await github.call(
    "GET",
    `/actions/workflows/${PLAN_WORKFLOW}/runs?event=pull_request&status=success&head_sha=${head.sha}`,
  );
  const runs = isRecord(answer) && Array.isArray(answer.workflow_runs) ? answer.workflow_runs : [];
  const own = runs
    .filter(isRecord)
    .filter(
      ({ head_branch, head_repository, pull_requests }) =>
        head_branch === head.ref &&
        isRecord(head_repository) &&
        head_repository.full_name === github.repository &&
        mayBeFor(pull_requests, merged.number, branch),
    );
  const ids = own.flatMap(({ id }) => (typeof id === "number" ? [id] : []));
  return ids.length > 0 ? Math.max(...ids) : undefined;
}

/**
 * A run names the pull requests of its branch, with the base it was planned against. GitHub leaves closed ones out, so no
 * name says nothing: the comparison of digests is what decides, and a plan against another base has another digest.
 * https://docs.github.com/en/rest/actions/workflow-runs
 */
function mayBeFor(pullRequests: unknown, number: unknown, branch: string): boolean {
  const named = Array.isArray(pullRequests) ? pullRequests.filter(isRecord) : [];
  return (
    named.length === 0 ||
    named.some(
      (pullRequest) => pullRequest.number === number && isRecord(pullRequest.base) && pullRequest.base.ref === branch,
    )
  );
}
