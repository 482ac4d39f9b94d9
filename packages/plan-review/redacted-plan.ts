import { looksSecret } from "./looks-secret";
import { isRecord } from "./value";

/**
 * The output of `terraform show -json` as it may be kept where others can read it: what changes, without the variables and
 * without values that are sensitive or look like a secret. `parsePlan` reads the same from it as from the whole.
 */
export function redactedPlan(json: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(json)) return {};
  const { format_version, errored, configuration, resource_changes, output_changes } = json;
  return {
    format_version,
    errored,
    configuration: isRecord(configuration) ? { root_module: configuration.root_module } : undefined,
    resource_changes: Array.isArray(resource_changes) ? resource_changes.map(redactedResource) : undefined,
    output_changes: isRecord(output_changes)
      ? Object.fromEntries(Object.entries(output_changes).map(([name, change]) => [name, redactedChange(change)]))
      : undefined,
  };
}

function redactedResource(json: unknown): unknown {
  if (!isRecord(json)) return json;
  const { address, type, previous_address, action_reason, change } = json;
  return { address, type, previous_address, action_reason, change: redactedChange(change) };
}

function redactedChange(json: unknown): unknown {
  if (!isRecord(json)) return json;
  const { actions, before, after, before_sensitive, after_sensitive, after_unknown, replace_paths, importing } = json;
  const masks = [before_sensitive, after_sensitive];
  return {
    actions,
    before: redacted(before, masks),
    after: redacted(after, masks),
    before_sensitive,
    after_sensitive,
    after_unknown,
    replace_paths,
    importing,
  };
}

// No mask says that it is hidden, so it has to look like a secret itself.
const HIDDEN = "AKIAHIDDEN0000000000";

/** Hides what `masked` of value.ts hides, and leaves a value in its place that is hidden there as well. */
function redacted(value: unknown, masks: readonly unknown[]): unknown {
  if (masks.includes(true)) return null;
  const below = (key: string, item: unknown) =>
    redacted(
      item,
      masks.map((mask) => (isRecord(mask) ? mask[key] : Array.isArray(mask) ? mask[Number(key)] : undefined)),
    );
  if (Array.isArray(value)) return value.map((item, index) => below(String(index), item));
  if (!isRecord(value)) return looksSecret("", value) ? HIDDEN : value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, looksSecret(name, item) ? HIDDEN : below(name, item)]),
  );
}
