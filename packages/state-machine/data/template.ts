import { evaluateIntrinsic, type Intrinsic, parseIntrinsic } from "./intrinsic";
import { type Call, readCall } from "./intrinsic-syntax";
import { MAX_DEPTH, printJson } from "./json-text";
import { findPath, type Path, parsePath } from "./path";
import { DefinitionError, isArray, isObject, type Json, QueryError, type Scope } from "./scope";

/**
 * A payload template: JSON in which a field `name.$` holds a path or an intrinsic function
 * (docs: input-output-inputpath-params). Used by Parameters, ResultSelector, ItemSelector, BatchInput and Assign.
 */
export type Template =
  | { readonly kind: "constant"; readonly value: Json }
  | { readonly kind: "object"; readonly fields: readonly (readonly [string, Template])[] }
  | { readonly kind: "array"; readonly items: readonly Template[] }
  | { readonly kind: "path"; readonly field: string; readonly path: Path }
  | { readonly kind: "intrinsic"; readonly call: Intrinsic };

/** Reads a template. Throws a `DefinitionError` that names the field of a wrong path or function. */
export function parseTemplate(json: Json): Template {
  return parse(json, 0);
}

function parse(json: Json, depth: number): Template {
  if (depth > MAX_DEPTH) throw new DefinitionError(`Expected a template of at most ${MAX_DEPTH} levels`);
  if (isArray(json)) {
    const items = json.map((item) => parse(item, depth + 1));
    return items.every((item) => item.kind === "constant")
      ? { kind: "constant", value: json }
      : { kind: "array", items };
  }
  if (!isObject(json)) return { kind: "constant", value: json };
  const fields = Object.entries(json).map(([name, value]): readonly [string, Template] =>
    name.endsWith(".$") ? [name.slice(0, -2), parseReference(name, value)] : [name, parse(value, depth + 1)],
  );
  const constant = fields.every(([, field]) => field.kind === "constant");
  return constant ? { kind: "constant", value: json } : { kind: "object", fields };
}

/** Reads what may stand in a field `name.$` and in CausePath and ErrorPath: a path or an intrinsic function. */
export function parseReference(field: string, value: Json): Template {
  if (typeof value === "string") {
    if (value.startsWith("$")) return { kind: "path", field, path: named(field, () => parsePath(value)) };
    if (value.startsWith("States.")) return { kind: "intrinsic", call: named(field, () => parseIntrinsic(value)) };
  }
  throw new DefinitionError(
    `The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call`,
  );
}

/** The variables that a path or a function reads; none in any other text. */
export function variablesOfReference(text: string): readonly string[] {
  if (text.startsWith("States.")) return variablesOfCall(readCall(text));
  return text.startsWith("$") ? variablesOfPath(parsePath(text)) : [];
}

function variablesOfCall({ args }: Call): readonly string[] {
  return args.flatMap((arg) => {
    if (arg.kind === "call") return variablesOfCall(arg.call);
    return arg.kind === "path" ? variablesOfPath(arg.path) : [];
  });
}

function variablesOfPath({ root }: Path): readonly string[] {
  return root.kind === "variable" ? [root.name] : [];
}

function named<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof DefinitionError)) throw cause;
    throw new DefinitionError(
      `The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call: ${cause.message}`,
      { cause },
    );
  }
}

/** The payload a template gives for an input. */
export function evaluateTemplate(template: Template, input: Json, scope: Scope): Json {
  switch (template.kind) {
    case "constant":
      return template.value;
    case "array":
      return template.items.map((item) => evaluateTemplate(item, input, scope));
    case "object":
      return Object.fromEntries(
        template.fields.map(([name, field]): [string, Json] => [name, evaluateTemplate(field, input, scope)]),
      );
    case "intrinsic":
      return evaluateIntrinsic(template.call, input, scope);
    case "path":
      return lookUp(template.field, template.path, input, scope);
  }
}

function lookUp(field: string, path: Path, input: Json, scope: Scope): Json {
  if (input === null && path.root.kind === "input") {
    throw new QueryError("States.Runtime", "Unable to apply Path transformation to null or empty input.");
  }
  const found = findPath(path, input, scope);
  if (found.kind === "value") return found.value;
  if (found.kind === "nothing") return null;
  throw new QueryError(
    "States.Runtime",
    `The JSONPath '${path.text}' specified for the field '${field}' could not be found in the input '${printJson(input)}'`,
  );
}
