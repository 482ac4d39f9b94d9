import { isUnchanged } from "@image-pipeline/plan-review";
import type { PlannedStack } from "./planned-stack";

/** What to do with a plan that was just made, and why. */
export interface DeployDecision {
  readonly action: "nothing" | "apply" | "stop";
  readonly because: string;
}

/** What a deployment knows when it decides. */
export interface DeployFacts {
  /** The plan made just now, from the code to deploy and the state as it is. */
  readonly fresh: Pick<PlannedStack, "plan" | "digest">;
  /** The plan that the pull request showed, if there is one. */
  readonly reviewed: Pick<PlannedStack, "digest"> | undefined;
  /** A digest that somebody read, and gave by hand. */
  readonly approvedDigest: string | undefined;
}

/**
 * Only what was reviewed is applied, and it is the new plan that is: a plan file carries its own configuration, commands
 * included, and that of a review comes from a run that everybody who can push a branch can shape.
 */
export function deployDecision({ fresh, reviewed, approvedDigest }: DeployFacts): DeployDecision {
  if (isUnchanged(fresh.plan)) return { action: "nothing", because: "the plan changes nothing" };
  if (reviewed?.digest === fresh.digest) return { action: "apply", because: "the plan is the one that was reviewed" };
  if (approvedDigest === fresh.digest) return { action: "apply", because: "its digest was approved by hand" };
  if (approvedDigest !== undefined) {
    return { action: "stop", because: `the digest ${approvedDigest} was approved and the plan has another` };
  }
  return {
    action: "stop",
    because:
      reviewed === undefined
        ? "no plan of this commit was reviewed"
        : "the plan differs from the one that was reviewed",
  };
}
