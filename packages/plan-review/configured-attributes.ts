import { isRecord } from "./value";

/**
 * The attributes that a plan's `configuration` sets, by address without the keys of `count` and `for_each`.
 * https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
 */
export function configuredAttributes(module: unknown, prefix = ""): ReadonlyMap<string, readonly string[]> {
  if (!isRecord(module)) return new Map();
  const resources = Array.isArray(module.resources) ? module.resources : [];
  const own = resources.flatMap((resource) =>
    isRecord(resource) && typeof resource.address === "string" && isRecord(resource.expressions)
      ? [[prefix + resource.address, Object.keys(resource.expressions)] as const]
      : [],
  );
  const calls = Object.entries(isRecord(module.module_calls) ? module.module_calls : {});
  const below = calls.flatMap(([name, call]) =>
    isRecord(call) ? [...configuredAttributes(call.module, `${prefix}module.${name}.`)] : [],
  );
  return new Map([...own, ...below]);
}
