import { runCommand, UsageError } from "@image-pipeline/command";
import { Github } from "./github";
import { reviewedRun } from "./reviewed-run";
import { stepOutputs } from "./step-outputs";

const HELP = `Finds the workflow run that planned a commit when it was a pull request, as the step output run_id.

  npx tsx ci/find-reviewed-plans.ts --commit <sha> --branch main

run_id is empty for a commit that came another way. Needs GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN (actions: read,
pull-requests: read).`;

runCommand({
  name: "find-reviewed-plans",
  help: HELP,
  options: { commit: { type: "string" }, branch: { type: "string" } },
  run: async ({ values }) => {
    if (!values.commit || !values.branch) throw new UsageError("expected --commit and --branch");
    const run = await reviewedRun(Github.fromEnvironment(process.env), values.commit, values.branch);
    stepOutputs({ run_id: String(run ?? "") });
  },
});
