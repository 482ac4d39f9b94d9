import { createHash } from "node:crypto";
import type { SynthesizedStack } from "./synthesized-stack";
import { isChanged, type TerraformPlan } from "./terraform-plan";
import { isRecord, SENSITIVE, UNKNOWN } from "./value";

/**
 * SHA-256 of what a plan changes and of the stack that it was made from, which says what the plan does not: policies and
 * other values that are known only after apply, provisioners, the provider's arguments, the backend. The files of assets
 * are in it by the hashes in the stack. Two plans with the same digest do the same, whenever and wherever they were made.
 *
 * What the plan hides is not taken from the plan: a short secret that only state or provider know could be guessed from a
 * published digest. What is written in the stack is covered as it is written, whatever it looks like: to keep a secret
 * that stands in the sources is too late here.
 */
export function planDigest(plan: TerraformPlan, stack: SynthesizedStack): string {
  const resources = plan.resources
    .filter(isChanged)
    .toSorted((a, b) => (a.address < b.address ? -1 : 1))
    .map(({ address, action, before, after, movedFrom, imported }) => ({
      address,
      action,
      before,
      after,
      movedFrom,
      imported,
    }));
  const outputs = plan.outputs.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return createHash("sha256")
    .update(canonical({ resources, outputs, stack: stack.definition }))
    .digest("hex");
}

/** JSON with sorted names; the markers cannot be mistaken for a string, which would be quoted. */
function canonical(value: unknown): string {
  if (value === SENSITIVE) return "<sensitive>";
  if (value === UNKNOWN) return "<unknown>";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isRecord(value)) return JSON.stringify(value ?? null);
  const fields = Object.keys(value).toSorted();
  return `{${fields.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}
