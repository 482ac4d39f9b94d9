export { reviewComment } from "./comment";
export { planDigest } from "./digest";
export type { Review } from "./findings";
export { readPlan } from "./plan-file";
export { redactedPlan } from "./redacted-plan";
export { type SynthesizedStack, synthesizedStack } from "./synthesized-stack";
export { isUnchanged, type TerraformPlan } from "./terraform-plan";
export { isRecord } from "./value";
