import { arrayArgument, type IntrinsicFunction, integerArgument, RefusedArgument } from "./intrinsic-function";
import { canonicalJson } from "./json-text";
import type { Json } from "./scope";

const MAX_RANGE = 1_000; // docs: intrinsic-functions, ArrayRange: "up to 1000 elements"

/** The intrinsic functions for arrays (docs: intrinsic-functions, "Intrinsics for arrays"). */
export const arrayFunctions = {
  Array: { arity: [0, Number.POSITIVE_INFINITY], run: (args) => args },
  ArrayPartition: { arity: [2, 2], run: ([array, size]) => partition(arrayArgument(array), size) },
  ArrayContains: {
    arity: [2, 2],
    run: ([array, value = null]) => {
      const wanted = key(value);
      return arrayArgument(array).some((item) => key(item) === wanted);
    },
  },
  ArrayRange: { arity: [3, 3], run: range },
  ArrayGetItem: { arity: [2, 2], run: ([array, index]) => item(arrayArgument(array), index) },
  ArrayLength: { arity: [1, 1], run: ([array]) => arrayArgument(array).length },
  ArrayUnique: {
    arity: [1, 1],
    run: ([array]) => {
      const first = new Map<string, Json>();
      for (const value of arrayArgument(array)) if (!first.has(key(value))) first.set(key(value), value);
      return [...first.values()];
    },
  },
} as const satisfies Record<string, IntrinsicFunction>;

function key(value: Json): string {
  return canonicalJson(value, "States.IntrinsicFailure");
}

function partition(array: readonly Json[], chunk: Json | undefined): Json {
  const size = integerArgument(chunk, "chunk size");
  if (size < 1) throw new RefusedArgument("a positive integer as chunk size", size);
  const chunks: Json[] = [];
  for (let start = 0; start < array.length; start += size) chunks.push(array.slice(start, start + size));
  return chunks;
}

function range([from, to, by]: readonly Json[]): Json {
  const first = integerArgument(from, "first value");
  const last = integerArgument(to, "last value");
  const step = integerArgument(by, "increment");
  if (step === 0) throw new RefusedArgument("an increment that is not zero", step);
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > MAX_RANGE) throw new RefusedArgument(`a range of at most ${MAX_RANGE} elements`, length);
  return Array.from({ length }, (_, index) => first + index * step);
}

function item(array: readonly Json[], at: Json | undefined): Json {
  const index = integerArgument(at, "index");
  const found = index < 0 ? undefined : array[index];
  if (found === undefined) throw new RefusedArgument(`an index from 0 to ${array.length - 1}`, index);
  return found;
}
