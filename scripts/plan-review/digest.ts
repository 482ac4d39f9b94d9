import { createHash } from "node:crypto";
import { isChanged, type TerraformPlan } from "./terraform-plan";
import { isRecord, SENSITIVE, UNKNOWN } from "./value";

/**
 * SHA-256 of what a plan changes. Two plans with the same digest do the same, whenever and wherever they were made. What
 * is sensitive is not in it: a short secret could be guessed from a published digest.
 */
export function planDigest({ resources, outputs }: TerraformPlan): string {
  const changes = {
    resources: resources
      .filter(isChanged)
      .toSorted((a, b) => (a.address < b.address ? -1 : 1))
      .map(({ address, action, before, after, movedFrom, imported }) => ({
        address,
        action,
        before,
        after,
        movedFrom,
        imported,
      })),
    outputs: outputs.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
  return createHash("sha256").update(canonical(changes)).digest("hex");
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
