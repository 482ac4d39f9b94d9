import { printJson } from "./json-text";
import { evaluateJsonata, type JsonataTemplate, parseJsonata } from "./jsonata";
import { type Path, parseReferencePath, readPath } from "./path";
import type { FieldData, Language } from "./payload";
import { DefinitionError, type Json, type JsonObject, QueryError } from "./scope";

/** Which numbers a field takes: whole ones, or any. */
export type Numbers = "integer" | "number";

/** A number that stands in a definition itself, at a path (`...Path`), or in a JSONata expression. */
export type NumberField =
  | { readonly kind: "absent" }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "path"; readonly field: string; readonly path: Path; readonly numbers: Numbers }
  | {
      readonly kind: "expression";
      readonly field: string;
      readonly template: JsonataTemplate;
      readonly numbers: Numbers;
    };

/** Reads the field `name`, or `namePath` in JSONPath, of an object. Throws a `DefinitionError`. */
export function parseNumberField(object: JsonObject, name: string, language: Language, numbers: Numbers): NumberField {
  const value = object[name];
  const field = `${name}Path`;
  const path = object[field];
  if (path !== undefined) {
    if (language !== "JSONPath") throw new DefinitionError(`Expected no ${field} in a state in JSONata`);
    if (value !== undefined) throw new DefinitionError(`Expected one of ${name} and ${field} but received both`);
    if (typeof path !== "string") throw new DefinitionError(`Expected a path as ${field}`);
    return { kind: "path", field, path: parseReferencePath(path), numbers };
  }
  if (value === undefined) return { kind: "absent" };
  if (fits(value, numbers)) return { kind: "constant", value };
  if (language === "JSONata" && typeof value === "string") {
    const template = parseJsonata(value, name);
    if (template.kind === "expression") return { kind: "expression", field: name, template, numbers };
  }
  throw new DefinitionError(`Expected ${article(numbers)} as ${name} but received ${printJson(value)}`);
}

/** The number for the data of one execution; `undefined` when the field is absent. Digits in a string are no number. */
export async function evaluateNumberField(field: NumberField, data: FieldData): Promise<number | undefined> {
  switch (field.kind) {
    case "absent":
      return undefined;
    case "constant":
      return field.value;
    case "path": {
      const value = readPath(field.path, data.input, data.scope);
      if (fits(value, field.numbers)) return value;
      const what = `refers to value ${printJson(value)} which is not a valid ${field.numbers}: ${field.path.text}`;
      throw new QueryError("States.Runtime", `The ${field.field} field ${what}`);
    }
    case "expression": {
      const value = await evaluateJsonata(field.template, data.states, data.scope.variables);
      if (fits(value, field.numbers)) return value;
      const cause = `Expected ${article(field.numbers)} as ${field.field} but received ${printJson(value)}`;
      throw new QueryError("States.QueryEvaluationError", cause, field.field);
    }
  }
}

function fits(value: Json, numbers: Numbers): value is number {
  return typeof value === "number" && (numbers === "number" || Number.isInteger(value));
}

function article(numbers: Numbers): string {
  return numbers === "integer" ? "an integer" : "a number";
}
