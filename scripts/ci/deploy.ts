import { appendFileSync, copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stackId } from "../../stacks/names";
import { CommandError, command } from "../command";
import { reviewComment } from "../plan-review/comment";
import { planDigest } from "../plan-review/digest";
import { parsePlan } from "../plan-review/terraform-plan";
import { isRecord } from "../plan-review/value";
import { deployDecision } from "./deploy-decision";
import { type PlannedStack, planStack, savedPlan } from "./planned-stack";
import { stackFolder } from "./stack-folder";
import { terraform, tryTerraform } from "./terraform";

const USAGE = `Deploys an environment if its plan is the one that was reviewed.

  npx tsx scripts/ci/deploy.ts dev --reviewed plans --outputs outputs.json

  --reviewed FOLDER   plans of the pull request, as plan.ts saved them; may be missing
  --digest SHA256     digest of a plan that was read elsewhere, to deploy it by hand
  --outputs FILE      where to write the stack's outputs, as cdktf deploy --outputs-file does

Plans first. Stops with exit status 1, applying nothing, when the plan differs from what was reviewed; the plan is then in
the job summary (GITHUB_STEP_SUMMARY), with its digest.`;

// Long enough for a deployment that is under way to end.
const LOCK_TIMEOUT = "-lock-timeout=10m";

command("deploy", () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      reviewed: { type: "string", default: "plans" },
      digest: { type: "string" },
      outputs: { type: "string", default: "outputs.json" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.info(USAGE);
    return;
  }
  const [environment] = positionals;
  if (environment === undefined) throw new CommandError("expected an environment; see --help");
  const stack = stackId(environment);
  const reviewed = savedPlan(stack, values.reviewed);
  const newPlans = mkdtempSync(join(tmpdir(), "new-plans-"));
  process.once("exit", () => rmSync(newPlans, { recursive: true }));
  const fresh = planStack(stack, newPlans, LOCK_TIMEOUT);
  const { action, because } = deployDecision({ fresh, reviewed, approvedDigest: values.digest || undefined });
  console.info(`${stack}: ${action}, because ${because}`);

  if (action === "stop") {
    const footnote = `Not deployed, because ${because}. To deploy this plan run the workflow \`deploy\` by hand for \`${environment}\` with the digest above.`;
    summarize(fresh, footnote);
    process.exitCode = 1;
    return;
  }
  if (action === "apply the reviewed plan" && reviewed !== undefined) applyReviewed(reviewed, fresh);
  if (action === "apply the new plan")
    terraform(stackFolder(stack), "apply", "-no-color", LOCK_TIMEOUT, fresh.planFile);
  if (action !== "nothing") summarize(fresh, `Deployed: ${action}, because ${because}.`);
  writeFileSync(values.outputs, `${JSON.stringify({ [stack]: outputsOf(stack) }, null, 2)}\n`);
});

/** Applies the very file that was reviewed, with the providers it was made with. */
function applyReviewed(reviewed: PlannedStack, fresh: PlannedStack): void {
  const folder = stackFolder(reviewed.stack);
  if (existsSync(reviewed.lockFile)) {
    copyFileSync(reviewed.lockFile, join(folder, ".terraform.lock.hcl"));
    terraform(folder, "init", "-no-color", "-lockfile=readonly");
  }
  // The digest that was compared is of plan.json beside it; only the file itself says what it would do.
  const held = planDigest(
    parsePlan(JSON.parse(terraform(folder, "show", "-json", reviewed.planFile))),
    fresh.synthesized,
  );
  if (held !== fresh.digest) {
    throw new CommandError(`${reviewed.planFile}: expected the reviewed plan ${fresh.digest} but it holds ${held}`);
  }
  const run = tryTerraform(folder, "apply", "-no-color", LOCK_TIMEOUT, reviewed.planFile);
  if (run.ok) return;
  // Something else was deployed since, and Terraform has no exit status of its own for that. The new plan does the same.
  if (!run.stderr.includes("Saved plan is stale")) throw new CommandError(`terraform apply failed in ${folder}`);
  terraform(folder, "apply", "-no-color", LOCK_TIMEOUT, fresh.planFile);
}

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
