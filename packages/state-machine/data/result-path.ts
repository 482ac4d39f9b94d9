import { printJson } from "./json-text";
import { parseReferencePath } from "./path";
import type { Step } from "./path-syntax";
import { DefinitionError, isArray, isObject, type Json, QueryError } from "./scope";

/** Where a state's result goes: in place of the input, nowhere, or into the input at a place. */
export type ResultPath =
  | { readonly kind: "whole" }
  | { readonly kind: "discard" }
  | { readonly kind: "place"; readonly text: string; readonly steps: readonly Step[] };

/** Reads the field ResultPath: missing means `$`, null discards the result (docs: input-output-resultpath). */
export function parseResultPath(text: string | null | undefined): ResultPath {
  if (text === undefined) return { kind: "whole" };
  if (text === null) return { kind: "discard" };
  const path = parseReferencePath(text);
  if (path.root.kind !== "input") {
    throw new DefinitionError(`Expected a ResultPath into the state's input but received '${text}'`);
  }
  return path.definite.length === 0 ? { kind: "whole" } : { kind: "place", text, steps: path.definite };
}

/** The input with the result at its place; fields on the way are made. The input itself is not changed. */
export function writeResult(path: ResultPath, input: Json, result: Json): Json {
  if (path.kind === "whole") return result;
  if (path.kind === "discard") return input;
  const written = write(path.steps, input, result);
  if (written !== undefined) return written;
  throw new QueryError(
    "States.ResultPathMatchFailure",
    `Unable to apply ReferencePath ${path.text} to input ${printJson(input)}`,
  );
}

/** `undefined` when something on the way is neither an object nor an array with that index. */
function write(steps: readonly Step[], target: Json, result: Json): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return result;
  if (step.kind === "names") {
    if (!isObject(target)) return undefined;
    const name = step.names[0];
    const field = Object.hasOwn(target, name) ? target[name] : undefined;
    const written = write(rest, field === undefined ? {} : field, result);
    if (written === undefined) return undefined;
    // A field that is replaced keeps its place among the others.
    return Object.fromEntries(new Map(Object.entries(target)).set(name, written));
  }
  if (step.kind !== "indexes" || !isArray(target)) return undefined;
  const index = step.indexes[0];
  const item = target.at(index);
  if (item === undefined) return undefined;
  const written = write(rest, item, result);
  return written === undefined ? undefined : target.with(index, written);
}
