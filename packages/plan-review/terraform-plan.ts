import { CommandError } from "@image-pipeline/command";
import { configuredAttributes } from "./configured-attributes";
import { isRecord, masked, UNKNOWN, type Value } from "./value";

/** What happens to a resource; "replace" destroys it first or afterwards, "forget" leaves it without Terraform. */
export type Action = "create" | "update" | "replace" | "delete" | "forget" | "read" | "no-op";

/** One resource in a plan. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  /**
   * Null when the resource does not exist yet. Here and in `after` attributes are left out that nobody wrote and the
   * provider will fill in: they are known after apply and nothing to review.
   */
  readonly before: Value;
  /** Null when the resource goes away. */
  readonly after: Value;
  /** The resource as it is now, with everything the provider filled in. */
  readonly current: Value;
  /** Attributes that force a replacement, such as `bucket`. */
  readonly replacedBecause: readonly string[];
  /** Why Terraform removes it, such as `delete_because_no_resource_config`. */
  readonly reason: string | undefined;
  /** The address it had before a `moved` block. */
  readonly movedFrom: string | undefined;
  /** True for something that exists already and is managed by Terraform from now on. */
  readonly imported: boolean;
  /** Names of the attributes that the configuration sets; the others are the provider's defaults. */
  readonly configured: readonly string[];
}

/** One output that changes. */
export interface OutputChange {
  readonly name: string;
  readonly before: Value;
  readonly after: Value;
}

/** A plan as far as a reviewer is concerned, without anything sensitive. */
export interface TerraformPlan {
  readonly resources: readonly ResourceChange[];
  readonly outputs: readonly OutputChange[];
}

/** The file is not a plan that can be reviewed; the message says what was expected and what came. */
export class UnreadablePlan extends CommandError {
  override readonly name = "UnreadablePlan";
}

/** Reads the output of `terraform show -json <plan file>`. */
export function parsePlan(json: unknown): TerraformPlan {
  if (!isRecord(json) || typeof json.format_version !== "string") {
    throw new UnreadablePlan("expected the output of `terraform show -json` of a plan file but received other JSON");
  }
  // Minor versions only add fields: https://developer.hashicorp.com/terraform/internals/json-format#format-summary
  if (!json.format_version.startsWith("1.")) {
    throw new UnreadablePlan(`expected plan format 1.x but received ${json.format_version}`);
  }
  if (json.errored === true)
    throw new UnreadablePlan("expected a complete plan but received one that ended in an error");
  if (!isRecord(json.configuration)) {
    throw new UnreadablePlan("expected a plan but received a state; give `terraform show -json` the plan file");
  }
  const configured = configuredAttributes(json.configuration.root_module);
  return {
    resources: list(json.resource_changes).map((change) => resourceChange(change, configured)),
    outputs: Object.entries(isRecord(json.output_changes) ? json.output_changes : {}).flatMap(([name, change]) =>
      isRecord(change) && list(change.actions).join() !== "no-op" ? [{ name, ...beforeAndAfter(change) }] : [],
    ),
  };
}

/** True for a plan that would leave everything as it is. */
export function isUnchanged({ resources, outputs }: TerraformPlan): boolean {
  return outputs.length === 0 && resources.every((resource) => !isChanged(resource));
}

/** True for a resource that a plan does something to, be it only a new address or a new owner. */
export function isChanged({ action, movedFrom, imported }: ResourceChange): boolean {
  return action !== "no-op" || movedFrom !== undefined || imported;
}

function resourceChange(json: unknown, configured: ReadonlyMap<string, readonly string[]>): ResourceChange {
  if (!isRecord(json) || typeof json.address !== "string" || typeof json.type !== "string" || !isRecord(json.change)) {
    throw new UnreadablePlan("expected each resource change to have an address, a type and a change");
  }
  const { address, type, change } = json;
  const written = configured.get(address.replace(/\[[^\]]*\]/g, "")) ?? [];
  const { before, after } = beforeAndAfter(change);
  const isWritten = (name: string) => !isRecord(after) || after[name] !== UNKNOWN || written.includes(name);
  return {
    address,
    type,
    action: actionOf(address, list(change.actions)),
    before: only(before, isWritten),
    after: only(after, isWritten),
    current: before,
    replacedBecause: list(change.replace_paths).map((path) => list(path).join(".")),
    reason: text(json.action_reason),
    movedFrom: text(json.previous_address),
    imported: isRecord(change.importing),
    configured: written,
  };
}

function beforeAndAfter(change: unknown): { readonly before: Value; readonly after: Value } {
  if (!isRecord(change)) throw new UnreadablePlan("expected a change to be an object");
  const { before, after, before_sensitive, after_sensitive, after_unknown } = change;
  const sensitive = [before_sensitive, after_sensitive];
  return { before: masked(before, sensitive), after: masked(after, sensitive, after_unknown) };
}

function only(attributes: Value, isKept: (name: string) => boolean): Value {
  if (typeof attributes !== "object" || attributes === null || isList(attributes)) return attributes;
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isKept(name)));
}

// Array.isArray does not narrow a readonly list: https://github.com/microsoft/TypeScript/issues/17002
const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

function actionOf(address: string, actions: readonly unknown[]): Action {
  const joined = actions.join(",");
  switch (joined) {
    case "create,delete":
    case "delete,create":
      return "replace";
    case "create":
    case "update":
    case "delete":
    case "forget":
    case "read":
    case "no-op":
      return joined;
    default:
      throw new UnreadablePlan(
        `${address}: expected actions that Terraform 1.x knows but received ${joined || "none"}`,
      );
  }
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
