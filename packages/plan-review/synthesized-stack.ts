import type { ResourceChange } from "./terraform-plan";
import { isRecord } from "./value";
import { withoutNotes } from "./without-notes";

/**
 * The stack that a plan was made from (`cdk.tf.json`). A policy that mentions something not created yet is "known after
 * apply" as a whole in the plan; here it stands as it was written.
 */
export interface SynthesizedStack {
  /** All that Terraform reads of it. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** The text of an attribute of a resource, with `${...}` references inside. */
  text(address: string, attribute: string): string | undefined;
}

/** Reads `cdktf.out/stacks/<stack>/cdk.tf.json`. */
export function synthesizedStack(json: unknown): SynthesizedStack {
  const definition = withoutNotes(json);
  const types = isRecord(definition.resource) ? definition.resource : {};
  return {
    definition,
    text(address, attribute) {
      const [type = "", name = ""] = address.split(".");
      const resources = types[type];
      const attributes = isRecord(resources) ? resources[name] : undefined;
      const value = isRecord(attributes) ? attributes[attribute] : undefined;
      return typeof value === "string" ? value : undefined;
    },
  };
}

/**
 * A text as it was and as it is written now, made comparable: a reference whose value the plan knows is replaced by the
 * value, and where it does not know the new one, the old value is replaced by the reference.
 */
export function withReferences(
  written: string,
  before: string,
  resources: readonly ResourceChange[],
): { readonly before: string; readonly after: string } {
  let comparable = before;
  const after = written.replace(REFERENCE, (reference, address, attribute) => {
    const resource = resources.find((candidate) => candidate.address === address);
    const known = jsonText(resource?.after, attribute);
    if (known !== undefined) return known;
    const old = jsonText(resource?.current, attribute);
    if (old !== undefined) comparable = comparable.replaceAll(old, () => reference);
    return reference;
  });
  return { before: comparable, after };
}

const REFERENCE = /\$\{([A-Za-z0-9_]+\.[A-Za-z0-9_-]+)\.([a-z0-9_]+)\}/g;

/** A string attribute as it stands inside a JSON string, which a policy is. */
function jsonText(attributes: unknown, name: string): string | undefined {
  const value = isRecord(attributes) ? attributes[name] : undefined;
  return typeof value === "string" && value !== "" ? JSON.stringify(value).slice(1, -1) : undefined;
}
