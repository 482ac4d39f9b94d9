import { runCommand, UsageError } from "@image-pipeline/command";
import { reviewComment } from "@image-pipeline/plan-review";
import { stackId } from "../environments/names";
import { Github } from "./github";
import { ownPost } from "./own-post";
import { reviewsOf } from "./saved-reviews";

const HELP = `Writes the review of all plans as the one comment of a pull request, and updates it ever after.

  npx tsx ci/comment.ts plans dev prod --pull-request 12 --commit <sha>

Environments without a saved plan in the folder are named as not planned. Needs GITHUB_API_URL, GITHUB_REPOSITORY and
GITHUB_TOKEN (pull-requests: write).`;

const MARKER = "<!-- image-pipeline: plan review -->";

runCommand({
  name: "comment",
  help: HELP,
  options: { "pull-request": { type: "string" }, commit: { type: "string" } },
  allowPositionals: true,
  run: async ({ values, positionals }) => {
    const [folder, ...environments] = positionals;
    const pullRequest = values["pull-request"] ?? "";
    const commit = values.commit ?? "";
    if (folder === undefined || environments.length === 0) throw new UsageError("expected a folder and environments");
    if (!/^\d+$/.test(pullRequest))
      throw new UsageError(`--pull-request: expected a number but received ${pullRequest}`);
    if (!/^[0-9a-f]{40}$/.test(commit)) throw new UsageError(`--commit: expected 40 digits but received ${commit}`);

    const body = reviewComment(reviewsOf(folder, environments.map(stackId)), {
      title: "Terraform plan",
      footnote: `Planned for ${commit}.\n${MARKER}`,
    });
    const github = Github.fromEnvironment(process.env);
    const own = ownPost(await github.list(`/issues/${pullRequest}/comments`), MARKER);
    if (own === undefined) await github.call("POST", `/issues/${pullRequest}/comments`, { body });
    else await github.call("PATCH", `/issues/comments/${own.id}`, { body });
  },
});
