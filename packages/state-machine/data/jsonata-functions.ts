import { createHash, randomUUID } from "node:crypto";
import type { Expression } from "jsonata";
import { hashAlgorithms } from "./intrinsic-texts";
import { readJson } from "./json-text";
import type { Json } from "./scope";
import { seededFraction } from "./seeded-random";

const MAX_ITEMS = 10_000_000; // What JSONata's own range operator makes at most (D2014).

/** Adds the functions that Step Functions adds to JSONata (docs: transforming-data, "JSONata functions provided by Step Functions"). */
export function registerFunctions(expression: Expression): void {
  expression.registerFunction("partition", partition, "<an:a>");
  expression.registerFunction("range", range, "<nnn:a>");
  expression.registerFunction("hash", hash, "<ss:s>");
  expression.registerFunction("random", random, "<n?:n>");
  expression.registerFunction("uuid", () => randomUUID(), "<:s>");
  expression.registerFunction("parse", parse, "<s:x>");
}

// JSONata's own functions return nothing for nothing, and so do these.

function partition(array: readonly unknown[] | undefined, size: number | undefined): unknown {
  if (array === undefined) return undefined;
  const length = Math.round(size ?? 0);
  if (length < 1) throw new Error(`$partition: expected a positive integer as size but received ${size}`);
  const chunks: unknown[] = [];
  for (let start = 0; start < array.length; start += length) chunks.push(array.slice(start, start + length));
  return chunks;
}

function range(first: number | undefined, last: number | undefined, step: number | undefined): unknown {
  if (first === undefined || last === undefined) return undefined;
  if (step === undefined || step === 0) throw new Error("$range: expected a step that is not zero");
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > MAX_ITEMS) throw new Error(`$range: expected at most ${MAX_ITEMS} items but received ${length}`);
  return Array.from({ length }, (_, index) => first + index * step);
}

function hash(content: string | undefined, name: string | undefined): unknown {
  if (content === undefined) return undefined;
  const algorithm = hashAlgorithms.get(name ?? "");
  if (algorithm === undefined) {
    throw new Error(`$hash: expected one of ${[...hashAlgorithms.keys()].join(", ")} but received ${name}`);
  }
  return createHash(algorithm).update(content).digest("hex");
}

function random(seed: number | undefined): number {
  return seed === undefined ? Math.random() : seededFraction(Math.trunc(seed));
}

function parse(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  const value = readJson(text, "States.QueryEvaluationError");
  if (value === undefined) throw new Error("$parse: expected JSON text");
  return value;
}
