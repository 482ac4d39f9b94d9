import type { Review } from "@image-pipeline/plan-review";
import { savedPlan } from "./planned-stack";

/** The saved plans of some stacks, ready for a review; a stack without one says so. */
export function reviewsOf(folder: string, stacks: readonly string[]): readonly Review[] {
  return stacks.map((name) => {
    const saved = savedPlan(name, folder);
    if (saved === undefined) return { name, plan: undefined };
    return { name, plan: saved.plan, stack: saved.synthesized };
  });
}
