import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { planDigest } from "../plan-review/digest";
import { readPlan } from "../plan-review/plan-file";
import { type SynthesizedStack, synthesizedStack } from "../plan-review/synthesized-stack";
import type { TerraformPlan } from "../plan-review/terraform-plan";
import { isRecord } from "../plan-review/value";
import { readJson } from "../read-json";
import { stackFolder } from "./stack-folder";
import { terraform } from "./terraform";

/** A plan and all that is needed to review it elsewhere and to apply it later; one folder per stack. */
export interface PlannedStack {
  readonly stack: string;
  /** The saved plan, absolute. */
  readonly planFile: string;
  /** The dependency lock that the plan was made with, absolute. */
  readonly lockFile: string;
  readonly synthesized: SynthesizedStack;
  readonly plan: TerraformPlan;
  readonly digest: string;
  /** Git tree of the sources: the same for a commit, its merge and its squash, as long as the files are. */
  readonly tree: string;
}

const LOCK = ".terraform.lock.hcl";
// Not hidden, as the upload of artifacts leaves hidden files out.
const SAVED_LOCK = "terraform.lock.hcl";

/** Plans a synthesized stack and saves everything in `<folder>/<stack>`. Terraform is initialized afterwards. */
export function planStack(stack: string, folder: string, ...planArgs: readonly string[]): PlannedStack {
  const source = stackFolder(stack);
  const target = resolve(join(folder, stack));
  mkdirSync(target, { recursive: true });
  const planFile = join(target, "plan.tfplan");
  terraform(source, "init", "-no-color");
  terraform(source, "plan", "-no-color", `-out=${planFile}`, ...planArgs);
  writeFileSync(join(target, "plan.json"), terraform(source, "show", "-json", planFile));
  copyFileSync(join(source, "cdk.tf.json"), join(target, "cdk.tf.json"));
  if (existsSync(join(source, LOCK))) copyFileSync(join(source, LOCK), join(target, SAVED_LOCK));
  writeFileSync(join(target, "sources.json"), `${JSON.stringify({ tree: sourceTree() })}\n`);
  return savedPlan(stack, folder) ?? raise(`expected a plan in ${target}`);
}

/** The plan that was saved for a stack; undefined where there is none. */
export function savedPlan(stack: string, folder: string): PlannedStack | undefined {
  const target = resolve(join(folder, stack));
  if (!existsSync(join(target, "plan.json"))) return undefined;
  const plan = readPlan(join(target, "plan.json"));
  const synthesized = synthesizedStack(readJson(join(target, "cdk.tf.json")));
  const sources = readJson(join(target, "sources.json"));
  return {
    stack,
    planFile: join(target, "plan.tfplan"),
    lockFile: join(target, SAVED_LOCK),
    synthesized,
    plan,
    digest: planDigest(plan, synthesized),
    tree: isRecord(sources) && typeof sources.tree === "string" ? sources.tree : "",
  };
}

/** Git tree of what is checked out. */
export function sourceTree(): string {
  return execFileSync("git", ["rev-parse", "HEAD^{tree}"], { encoding: "utf8" }).trim();
}

function raise(message: string): never {
  throw new Error(message);
}
