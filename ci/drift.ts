import { runCommand, UsageError } from "@image-pipeline/command";
import { isUnchanged, reviewComment } from "@image-pipeline/plan-review";
import { stackId } from "../environments/names";
import { Github } from "./github";
import { ownPost } from "./own-post";
import { reviewsOf } from "./saved-reviews";

const HELP = `Opens, updates or closes the one issue that says what is deployed differs from the code.

  npx tsx ci/drift.ts plans dev prod --run-url <url>

Needs GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN (issues: write).`;

const MARKER = "<!-- image-pipeline: drift -->";
const TITLE = "What is deployed differs from the code";

runCommand({
  name: "drift",
  help: HELP,
  options: { "run-url": { type: "string", default: "" } },
  allowPositionals: true,
  run: async ({ values, positionals }) => {
    const [folder, ...environments] = positionals;
    if (folder === undefined || environments.length === 0) throw new UsageError("expected a folder and environments");

    const reviews = reviewsOf(folder, environments.map(stackId));
    const github = Github.fromEnvironment(process.env);
    const issue = ownPost(await github.list("/issues?state=open"), MARKER);
    if (reviews.every(({ plan }) => plan !== undefined && isUnchanged(plan))) {
      if (issue !== undefined)
        await github.call("PATCH", `/issues/${issue.number}`, { state: "closed", state_reason: "completed" });
      console.info("what is deployed is what the code says");
      return;
    }
    const body = reviewComment(reviews, { title: TITLE, footnote: `Planned by ${values["run-url"]}\n${MARKER}` });
    if (issue === undefined) await github.call("POST", "/issues", { title: TITLE, body });
    else await github.call("PATCH", `/issues/${issue.number}`, { body });
    console.info("what is deployed differs from the code; the issue says how");
  },
});
