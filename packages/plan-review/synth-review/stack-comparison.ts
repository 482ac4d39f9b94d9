import type { ResourceChange, TerraformPlan } from "../terraform-plan";
import { isRecord, masked } from "../value";
import { withoutNotes } from "../without-notes";

/**
 * The difference between two synthesized versions of a stack in the form of a plan, so that the same review reads it.
 * What is deployed plays no part: a change that Terraform could only make by replacing shows as a plain change.
 */
export function stackComparison(before: unknown, after: unknown): TerraformPlan {
  const old = blocks(before);
  const next = blocks(after);
  const addresses = [...new Set([...old.keys(), ...next.keys()])].toSorted();
  return {
    resources: addresses.map((address) => change(address, old.get(address), next.get(address))),
    outputs: [],
  };
}

function change(address: string, before: unknown, after: unknown): ResourceChange {
  const current = masked(before, []);
  const isSame = JSON.stringify(before) === JSON.stringify(after);
  return {
    address,
    type: address.replace(/\..*/, ""),
    action: isSame ? "no-op" : before === undefined ? "create" : after === undefined ? "delete" : "update",
    before: current,
    after: masked(after, []),
    current,
    replacedBecause: [],
    reason: undefined,
    movedFrom: undefined,
    imported: false,
    configured: Object.keys(isRecord(after) ? after : {}),
  };
}

/** Resources by address, and every other part of the file by its name. */
function blocks(json: unknown): ReadonlyMap<string, unknown> {
  const { resource = {}, ...others } = withoutNotes(json);
  const resources = Object.entries(isRecord(resource) ? resource : {}).flatMap(([type, named]) =>
    Object.entries(isRecord(named) ? named : {}).map(([name, body]) => [`${type}.${name}`, body] as const),
  );
  return new Map([...resources, ...Object.entries(others)]);
}
