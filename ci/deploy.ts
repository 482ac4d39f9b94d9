import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand, UsageError } from "@image-pipeline/command";
import { isRecord, reviewComment } from "@image-pipeline/plan-review";
import { stackId } from "../environments/names";
import { deployDecision } from "./deploy-decision";
import { type PlannedStack, planStack, savedPlan } from "./planned-stack";
import { stackFolder } from "./stack-folder";
import { temporaryFolder } from "./temporary-folder";
import { terraform } from "./terraform";

const HELP = `Deploys an environment if its plan is the one that was reviewed.

  npx tsx ci/deploy.ts dev --reviewed plans --outputs outputs.json

  --reviewed FOLDER   plans of the pull request, as plan.ts saved them; may be missing
  --digest SHA256     digest of a plan that was read elsewhere, to deploy it by hand
  --outputs FILE      where to write the stack's outputs, as cdktf deploy --outputs-file does

Plans first, and applies that plan if its digest is the one of what was reviewed; no plan file made elsewhere is ever run.
Otherwise stops with exit status 1, applying nothing; the plan is then in the job summary (GITHUB_STEP_SUMMARY), with its
digest.`;

// Long enough for a deployment that is under way to end.
const LOCK_TIMEOUT = "-lock-timeout=10m";

runCommand({
  name: "deploy",
  help: HELP,
  options: {
    reviewed: { type: "string", default: "plans" },
    digest: { type: "string" },
    outputs: { type: "string", default: "outputs.json" },
  },
  allowPositionals: true,
  run: ({ values, positionals }) => {
    const [environment] = positionals;
    if (environment === undefined) throw new UsageError("expected an environment");
    const stack = stackId(environment);
    const reviewed = savedPlan(stack, values.reviewed);
    const folder = temporaryFolder();
    const planFile = join(folder, "plan.tfplan");
    const fresh = planStack(stack, folder, planFile, LOCK_TIMEOUT);
    const { action, because } = deployDecision({ fresh, reviewed, approvedDigest: values.digest || undefined });
    console.info(`${stack}: ${action}, because ${because}`);

    if (action === "stop") {
      const footnote = `Not deployed, because ${because}. To deploy this plan run the workflow \`deploy\` by hand for \`${environment}\` with the digest above.`;
      summarize(fresh, footnote);
      process.exitCode = 1;
      return;
    }
    if (action === "apply") {
      terraform(stackFolder(stack), "apply", "-no-color", LOCK_TIMEOUT, planFile);
      summarize(fresh, `Deployed, because ${because}.`);
    }
    writeFileSync(values.outputs, `${JSON.stringify({ [stack]: outputsOf(stack) }, null, 2)}\n`);
  },
});

function summarize({ stack, plan, synthesized }: PlannedStack, footnote: string): void {
  const { GITHUB_STEP_SUMMARY } = process.env;
  const review = { name: stack, plan, stack: synthesized };
  const text = `${reviewComment([review], { title: "Plan at deployment", footnote })}\n`;
  if (GITHUB_STEP_SUMMARY === undefined) process.stdout.write(text);
  else appendFileSync(GITHUB_STEP_SUMMARY, text);
}

function outputsOf(stack: string): Record<string, unknown> {
  const outputs: unknown = JSON.parse(terraform(stackFolder(stack), "output", "-json"));
  return Object.fromEntries(
    Object.entries(isRecord(outputs) ? outputs : {}).flatMap(([name, output]) =>
      isRecord(output) && output.sensitive !== true ? [[name, output.value]] : [],
    ),
  );
}
