import { randomUUID } from "node:crypto";
import { type IntrinsicFunction, integerArgument, RefusedArgument } from "./intrinsic-function";
import { isObject, type Json, type JsonObject } from "./scope";
import { seededInteger } from "./seeded-random";

/** The intrinsic functions for objects, numbers and identifiers (docs: intrinsic-functions). */
export const valueFunctions = {
  JsonMerge: { arity: [3, 3], run: merge },
  MathAdd: {
    arity: [2, 2],
    run: ([a, b]) => integerArgument(integerArgument(a, "first number") + integerArgument(b, "second number"), "sum"),
  },
  MathRandom: { arity: [2, 3], run: random },
  UUID: { arity: [0, 0], run: () => randomUUID() },
} as const satisfies Record<string, IntrinsicFunction>;

function merge([first, second, deep]: readonly Json[]): Json {
  if (deep !== false) throw new RefusedArgument("false as third argument, as only shallow merges are supported", deep);
  return { ...objectArgument(first), ...objectArgument(second) };
}

function objectArgument(value: Json | undefined): JsonObject {
  if (!isObject(value)) throw new RefusedArgument("an object to merge", value);
  return value;
}

/** From the first number, included, to the second, excluded; the same for the same seed. */
function random([from, to, seed]: readonly Json[]): Json {
  const start = integerArgument(from, "start number");
  const end = integerArgument(to, "end number");
  if (end <= start) throw new RefusedArgument(`an end number above ${start}`, end);
  if (seed === undefined) return start + Math.floor(Math.random() * (end - start));
  return start + seededInteger(integerArgument(seed, "seed"), end - start);
}
