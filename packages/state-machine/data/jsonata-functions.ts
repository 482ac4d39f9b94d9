import { createHash, randomUUID } from "node:crypto";
import type { Expression } from "jsonata";
import { hashAlgorithms } from "./intrinsic-texts";
import { readJson } from "./json-text";
import type { Json } from "./scope";
import { seededFraction } from "./seeded-random";

const MAX_RANGE = 360_145; // What AWS was seen to give at most; one more is too much memory for it.

/** Adds the functions that Step Functions adds to JSONata (docs: transforming-data, "JSONata functions provided by Step Functions"). */
export function registerFunctions(expression: Expression): void {
  expression.registerFunction("partition", partition, "<an?:a>");
  expression.registerFunction("range", range, "<nnn?:x>");
  expression.registerFunction("hash", hash, "<ss?:s>");
  expression.registerFunction("random", random, "<n?:n>");
  expression.registerFunction("uuid", () => randomUUID(), "<:s>");
  expression.registerFunction("parse", parse, "<s?:x>");
  // AWS has no $eval: a call of it is one of nothing.
  expression.assign("eval", undefined);
}

/** What these functions refuse has the code of JSONata's own `$error`. */
class Refused extends Error {
  readonly code = "D3137";
}

// JSONata's own functions return nothing for nothing, and so do these. Numbers are rounded towards zero.

function partition(array: readonly unknown[] | undefined, size: number | undefined): unknown {
  if (array === undefined || array.length === 0) return undefined;
  const length = size === undefined ? array.length : Math.trunc(size);
  if (length < 0) throw new Refused("Second argument must be zero or greater");
  if (length === 0) return undefined;
  const chunks: unknown[] = [];
  for (let start = 0; start < array.length; start += length) chunks.push(array.slice(start, start + length));
  return chunks;
}

function range(from: number | undefined, to: number | undefined, by: number | undefined): unknown {
  if (from === undefined || to === undefined || by === undefined) return undefined;
  const [first, last, step] = [Math.trunc(from), Math.trunc(to), Math.trunc(by)];
  const length = step === 0 ? 0 : Math.floor((last - first) / step) + 1;
  if (length < 1) return undefined;
  if (length === 1) return first;
  if (length > MAX_RANGE) {
    throw new Error("Expression evaluation memory limit exceeded: Check for excessive memory usage");
  }
  return Array.from({ length }, (_, index) => first + index * step);
}

function hash(content: string | undefined, name: string | undefined): unknown {
  if (content === undefined || name === undefined) return undefined;
  const algorithm = hashAlgorithms.get(name);
  if (algorithm === undefined) {
    throw new Refused(`Expected one of ${[...hashAlgorithms.keys()].join(", ")} but received ${name}`);
  }
  return createHash(algorithm).update(content).digest("hex");
}

function random(seed: number | undefined): number {
  return seed === undefined ? Math.random() : seededFraction(Math.trunc(seed));
}

function parse(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  const value = readJson(text, "States.QueryEvaluationError");
  if (value === undefined) throw new Refused("Invalid JSON");
  return value;
}
