import { isUnchanged } from "../plan-review/terraform-plan";
import type { PlannedStack } from "./planned-stack";

/** What to do with a plan that was just made, and why. */
export interface DeployDecision {
  readonly action: "nothing" | "apply the reviewed plan" | "apply the new plan" | "stop";
  readonly because: string;
}

/** What a deployment knows when it decides. */
export interface DeployFacts {
  /** The plan made just now, from the code to deploy and the state as it is. */
  readonly fresh: Pick<PlannedStack, "plan" | "digest" | "tree">;
  /** The plan that the pull request showed, if there is one. */
  readonly reviewed: Pick<PlannedStack, "digest" | "tree"> | undefined;
  /** A digest that somebody read, and gave by hand. */
  readonly approvedDigest: string | undefined;
}

/**
 * Only what was reviewed is applied. The reviewed plan itself is, when its code is the code to deploy; it must mean the same
 * as the new plan all the same, because a plan file comes from a run that anybody who opens a pull request can shape.
 */
export function deployDecision({ fresh, reviewed, approvedDigest }: DeployFacts): DeployDecision {
  if (isUnchanged(fresh.plan)) return { action: "nothing", because: "the plan changes nothing" };
  if (reviewed?.digest === fresh.digest) {
    return reviewed.tree === fresh.tree
      ? { action: "apply the reviewed plan", because: "the code is unchanged since the review" }
      : { action: "apply the new plan", because: "the code has changed since the review, and the plan has not" };
  }
  if (approvedDigest === fresh.digest)
    return { action: "apply the new plan", because: "its digest was approved by hand" };
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
