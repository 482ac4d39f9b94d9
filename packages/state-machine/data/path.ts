import { printJson } from "./json-text";
import type { Filter } from "./path-filter";
import { type Root, readSyntax, type Step } from "./path-syntax";
import { DefinitionError, isArray, isObject, type Json, type JsonObject, QueryError, type Scope } from "./scope";

/** A path of the Amazon States Language: Jayway JsonPath's dialect over the input, `$$` or a variable. */
export interface Path {
  readonly text: string;
  readonly root: Root;
  /** The steps up to the first that may find many. */
  readonly definite: readonly Step[];
  /** The first step that may find many and all that follow; when there is none, the path finds one value or fails. */
  readonly many: readonly Step[];
}

/**
 * What a path found: a value; `nothing` for an index past the end of an array, which templates write as null and
 * intrinsic functions refuse; or why it found no place at all.
 */
export type Found =
  | { readonly kind: "value"; readonly value: Json }
  | { readonly kind: "nothing" }
  | { readonly kind: "missing"; readonly reason: string };

/** Reads a path. Throws a `DefinitionError` for text that is none. */
export function parsePath(text: string): Path {
  const { root, steps } = readSyntax(text);
  const first = steps.findIndex((step, index) => !isDefinite(step, index === steps.length - 1));
  const split = first === -1 ? steps.length : first;
  return { text, root, definite: steps.slice(0, split), many: steps.slice(split) };
}

/** Reads a Reference Path, which names one place: fields and single indexes only (docs: amazon-states-language-paths). */
export function parseReferencePath(text: string): Path {
  const path = parsePath(text);
  const single = path.definite.every((step) => step.kind !== "names" || step.names.length === 1);
  if (path.many.length > 0 || !single) {
    throw new DefinitionError(`Value is not a Reference Path: expected fields and indexes only but received '${text}'`);
  }
  return path;
}

// Jayway merges the fields of a last `['a','b']` into one object, which is one value; several indexes find many.
function isDefinite(step: Step, last: boolean): boolean {
  if (step.kind === "names") return last || step.names.length === 1;
  return step.kind === "indexes" && step.indexes.length === 1;
}

/**
 * The value a path finds: one value, or the array of all when the path may find many (then `[]` when nothing matches).
 * A path that needs a value and finds none is `States.Runtime`.
 */
export function readPath(path: Path, input: Json, scope: Scope): Json {
  const found = findPath(path, input, scope);
  if (found.kind === "value") return found.value;
  if (found.kind === "nothing") return null;
  throw new QueryError("States.Runtime", `Invalid path '${path.text}' : ${found.reason}`);
}

/** Follows a path without deciding what a missing value means. */
export function findPath(path: Path, input: Json, scope: Scope): Found {
  const start = rootValue(path.root, input, scope);
  if (start === undefined) return missing(`No value is assigned to the variable '${path.text}'`);
  let value = start;
  const steps = path.definite;
  for (const [index, step] of steps.entries()) {
    if (step.kind === "names") {
      const found = readNames(step.names, value, steps, index, path.many.length > 0);
      if (typeof found === "string") return missing(found);
      value = found.value;
    } else if (step.kind === "indexes") {
      if (!isArray(value)) return missing(noArray(steps, index, value));
      const item = value.at(step.indexes[0]);
      // An index past the end is a Java null to AWS: found as the last step, no object to the next.
      if (item === undefined) {
        if (index === steps.length - 1 && path.many.length === 0) return { kind: "nothing" };
        value = null;
      } else value = item;
    }
  }
  const [next] = path.many;
  if (next === undefined) return { kind: "value", value };
  if ((next.kind === "slice" || next.kind === "indexes") && !isArray(value)) {
    return missing(noArray([...steps, next], steps.length, value));
  }
  if (next.kind === "filter" && !isArray(value) && !isObject(value)) {
    return missing(`Filter: [?] can not be applied to primitives. Current context is: ${printJson(value)}`);
  }
  return { kind: "value", value: readMany(path.many, value, start) };
}

function missing(reason: string): Found {
  return { kind: "missing", reason };
}

function rootValue(root: Root, input: Json, scope: Scope): Json | undefined {
  if (root.kind === "input") return input;
  if (root.kind === "context") return scope.context;
  return Object.hasOwn(scope.variables, root.name) ? scope.variables[root.name] : undefined;
}

/** The field, or why there is none in Jayway's words, which AWS passes on. */
function readNames(
  names: readonly [string, ...string[]],
  value: Json,
  steps: readonly Step[],
  index: number,
  more: boolean,
): { readonly value: Json } | string {
  if (!isObject(value)) {
    const found = value === null ? "null" : nodeClass(value);
    return (
      `Expected to find an object with property ${printNames(names)} in path ${printSteps(steps.slice(0, index))} ` +
      `but found '${found}'. This is not a json object according to the JsonProvider: ` +
      `'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.`
    );
  }
  if (names.length > 1) return { value: pick(names, value) };
  const field = Object.hasOwn(value, names[0]) ? value[names[0]] : undefined;
  if (field !== undefined) return { value: field };
  const last = index === steps.length - 1 && !more;
  if (last) return `No results for path: ${printSteps(steps)}`;
  return `Missing property in path ${printSteps(steps.slice(0, index + 1))}`;
}

function pick(names: readonly string[], value: JsonObject): JsonObject {
  const fields: [string, Json][] = [];
  for (const name of names) {
    const field = Object.hasOwn(value, name) ? value[name] : undefined;
    if (field !== undefined) fields.push([name, field]);
  }
  return Object.fromEntries(fields);
}

function noArray(steps: readonly Step[], index: number, value: Json): string {
  if (value === null) return `The path ${printSteps(steps.slice(0, index))} is null`;
  const step = printSteps(steps.slice(index, index + 1)).slice(1);
  return `Filter: ${step} can only be applied to arrays. Current context is: ${printJson(value)}`;
}

function nodeClass(value: Json): string {
  const node = isArray(value)
    ? "Array"
    : typeof value === "string"
      ? "Text"
      : typeof value === "number"
        ? "Int"
        : "Boolean";
  return `com.fasterxml.jackson.databind.node.${node}Node`;
}

function printNames(names: readonly string[]): string {
  return `[${names.map((name) => `'${name}'`).join(",")}]`;
}

function printSteps(steps: readonly Step[]): string {
  let text = "$";
  for (const step of steps) {
    if (step.kind === "names") text += printNames(step.names);
    else if (step.kind === "indexes") text += `[${step.indexes.join(",")}]`;
    else if (step.kind === "slice") text += `[${step.start ?? ""}:${step.end ?? ""}]`;
  }
  return text;
}

/** Past the first step that may find many nothing is an error: what does not fit is left out. */
function readMany(steps: readonly Step[], start: Json, root: Json): Json {
  let found: readonly Json[] = [start];
  for (const [index, step] of steps.entries()) {
    const scanned = steps[index - 1]?.kind === "descendants";
    const last = index === steps.length - 1;
    found = found.flatMap((value) =>
      step.kind === "filter" ? keep(step.accepts, value, root, scanned) : take(step, value, last),
    );
  }
  return found;
}

function keep(accepts: Filter, value: Json, root: Json, scanned: boolean): readonly Json[] {
  // After `..` every array's items come by themselves.
  if (isArray(value)) return scanned ? [] : value.filter((item) => accepts(item, root));
  // An object is tested itself, not field by field as in RFC 9535.
  return isObject(value) && accepts(value, root) ? [value] : [];
}

function take(step: Exclude<Step, { kind: "filter" }>, value: Json, last: boolean): readonly Json[] {
  switch (step.kind) {
    case "descendants":
      return descend(value);
    case "wildcard":
      return isArray(value) || isObject(value) ? Object.values(value) : [];
    case "names": {
      if (!isObject(value)) return [];
      if (step.names.length > 1 && last) return [pick(step.names, value)];
      return Object.values(pick(step.names, value));
    }
    case "indexes":
      return isArray(value) ? step.indexes.map((index) => value.at(index) ?? null) : [];
    case "slice":
      return isArray(value) ? slice(value, step.start, step.end) : [];
  }
}

/**
 * One end may count from the end of the array. With both given, Jayway takes the indexes between them as they are
 * written: `[1:-1]` is nothing, and `[-1:2]` of three items the last, the first and the second.
 */
function slice(items: readonly Json[], start: number | undefined, end: number | undefined): readonly Json[] {
  if (start === undefined || end === undefined) return items.slice(start, end);
  if (items.length === 0) return [];
  const found: Json[] = [];
  for (let index = start; index < Math.min(end, items.length); index++) found.push(items.at(index) ?? null);
  return found;
}

/** The value and everything in it, parents before children, without recursion. */
function descend(value: Json): readonly Json[] {
  const found: Json[] = [];
  const waiting: Json[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    found.push(next);
    if (!isArray(next) && !isObject(next)) continue;
    for (const child of Object.values(next).reverse()) waiting.push(child);
  }
  return found;
}
