import { looksSecret } from "./looks-secret";

/** Stands for a value that Terraform marks sensitive; the value itself goes no further than the reading of the plan. */
export const SENSITIVE: unique symbol = Symbol("sensitive");

/** Stands for a value that is known only after the plan was applied. */
export const UNKNOWN: unique symbol = Symbol("known after apply");

/** What a plan says of an attribute that is not a list or an object. */
export type Scalar = string | number | boolean | null | typeof SENSITIVE | typeof UNKNOWN;

/** A JSON value in which sensitive and unknown parts are replaced by their markers. */
export type Value = Scalar | readonly Value[] | { readonly [name: string]: Value };

/** True for a JSON object; lists and null are none. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The value with the markers put in. Terraform gives masks in the shape of the value: `true` where it holds for all below,
 * an object or a list that leads further down, anything else where it does not hold. A value is sensitive if one of the
 * masks says so: what becomes sensitive in a plan was no less secret before.
 * https://developer.hashicorp.com/terraform/internals/json-format#change-representation
 */
export function masked(value: unknown, sensitive: readonly unknown[], unknown: unknown = false): Value {
  if (sensitive.includes(true)) return SENSITIVE;
  if (unknown === true) return UNKNOWN;
  const below = (key: string | number) =>
    masked(
      at(value, key),
      sensitive.map((mask) => at(mask, key)),
      at(unknown, key),
    );
  if (Array.isArray(value) || Array.isArray(unknown)) {
    return Array.from({ length: Math.max(lengthOf(value), lengthOf(unknown)) }, (_, index) => below(index));
  }
  if (isRecord(value) || isRecord(unknown)) {
    const names = new Set([...namesOf(value), ...namesOf(unknown)]);
    return Object.fromEntries(
      [...names].map((name) => [name, looksSecret(name, at(value, name)) ? SENSITIVE : below(name)]),
    );
  }
  if (looksSecret("", value)) return SENSITIVE;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

function at(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isRecord(value) ? value[key] : undefined;
}

const namesOf = (value: unknown): readonly string[] => (isRecord(value) ? Object.keys(value) : []);
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
