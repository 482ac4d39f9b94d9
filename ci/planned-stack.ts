import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "@image-pipeline/command";
import type { TerraformPlan } from "@image-pipeline/plan-review";
import {
  planDigest,
  readPlan,
  redactedPlan,
  type SynthesizedStack,
  synthesizedStack,
} from "@image-pipeline/plan-review";
import { stackFolder } from "./stack-folder";
import { terraform } from "./terraform";

/** A plan and the stack it was made from: all that a review and a comparison need, and nothing that could be applied. */
export interface PlannedStack {
  readonly stack: string;
  readonly synthesized: SynthesizedStack;
  readonly plan: TerraformPlan;
  readonly digest: string;
}

/**
 * Plans a synthesized stack. The plan file, which holds every value in the clear, is left at `planFile`; what others may
 * read is saved in `<folder>/<stack>`. Terraform is initialized afterwards.
 */
export function planStack(
  stack: string,
  folder: string,
  planFile: string,
  ...planArgs: readonly string[]
): PlannedStack {
  const source = stackFolder(stack);
  const target = join(folder, stack);
  mkdirSync(target, { recursive: true });
  terraform(source, "init", "-no-color");
  terraform(source, "plan", "-no-color", `-out=${planFile}`, ...planArgs);
  const shown: unknown = JSON.parse(terraform(source, "show", "-json", planFile));
  writeFileSync(join(target, "plan.json"), JSON.stringify(redactedPlan(shown)));
  copyFileSync(join(source, "cdk.tf.json"), join(target, "cdk.tf.json"));
  return savedPlan(stack, folder) ?? raise(`expected a plan in ${target}`);
}

/** The plan that was saved for a stack; undefined where there is none. */
export function savedPlan(stack: string, folder: string): PlannedStack | undefined {
  const target = join(folder, stack);
  if (!existsSync(join(target, "plan.json"))) return undefined;
  const plan = readPlan(join(target, "plan.json"));
  const synthesized = synthesizedStack(readJson(join(target, "cdk.tf.json")));
  return { stack, synthesized, plan, digest: planDigest(plan, synthesized) };
}

function raise(message: string): never {
  throw new Error(message);
}
