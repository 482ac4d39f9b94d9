import { MAX_DEPTH } from "./json-text";
import { compileExpression, type Expression } from "./jsonata-expression";
import { DefinitionError, isArray, isObject, type Json } from "./scope";

/** What `$states` holds (docs: transforming-data, "Reserved variable: $states"). */
export interface States {
  readonly input: Json;
  readonly context: Json;
  /** The result of a task or sub-workflow, where there is one. */
  readonly result?: Json;
  /** Error and cause, in a Catch. */
  readonly errorOutput?: Json;
}

/** What `$states` holds in a field beside `input` and `context`. */
export type Offered = ReadonlySet<"result" | "errorOutput">;

export const NOTHING: Offered = new Set();

/** JSON in which a text `{% ... %}` is a JSONata expression. */
export type JsonataTemplate =
  | { readonly kind: "constant"; readonly value: Json }
  | { readonly kind: "object"; readonly fields: readonly (readonly [string, JsonataTemplate])[] }
  | { readonly kind: "array"; readonly items: readonly JsonataTemplate[] }
  | { readonly kind: "expression"; readonly expression: Expression };

/**
 * Reads a field of a JSONata state. `field` is its name, such as `Output`: errors say which expression they mean.
 * Throws a `DefinitionError` for what AWS refuses when the machine is made.
 */
export function parseJsonata(json: Json, field: string, offered: Offered = NOTHING): JsonataTemplate {
  return parse(json, field, offered, 0);
}

function parse(json: Json, field: string, offered: Offered, depth: number): JsonataTemplate {
  if (depth > MAX_DEPTH) throw new DefinitionError(`Expected at most ${MAX_DEPTH} levels in ${field}`);
  if (typeof json === "string") return parseText(json, field, offered);
  if (isArray(json)) {
    const items = json.map((item, index) => parse(item, `${field}[${index}]`, offered, depth + 1));
    return items.every(isConstant) ? { kind: "constant", value: json } : { kind: "array", items };
  }
  if (!isObject(json)) return { kind: "constant", value: json };
  const fields = Object.entries(json).map(([name, value]): readonly [string, JsonataTemplate] => [
    name,
    parse(value, `${field}/${name}`, offered, depth + 1),
  ]);
  return fields.every(([, value]) => isConstant(value))
    ? { kind: "constant", value: json }
    : { kind: "object", fields };
}

function isConstant(template: JsonataTemplate): boolean {
  return template.kind === "constant";
}

/** No spaces before `{%` and after `%}`; what is opened must be closed (docs: transforming-data). */
function parseText(text: string, field: string, offered: Offered): JsonataTemplate {
  const opens = text.startsWith("{%");
  const closes = text.endsWith("%}");
  if (!opens && !closes) return { kind: "constant", value: text };
  if (!opens || !closes || text.length < "{%%}".length) {
    throw new DefinitionError(`Expected a JSONata expression between {% and %} in ${field} but received '${text}'`);
  }
  return { kind: "expression", expression: compileExpression(text.slice(2, -2).trim(), field, offered) };
}

/** The value of a template. What fails is `States.QueryEvaluationError` with the place of the expression. */
export async function evaluateJsonata(
  template: JsonataTemplate,
  states: States,
  variables: Readonly<Record<string, Json>>,
): Promise<Json> {
  switch (template.kind) {
    case "constant":
      return template.value;
    case "expression":
      return template.expression.evaluate({ ...variables, states });
    case "array": {
      const items: Json[] = [];
      for (const item of template.items) items.push(await evaluateJsonata(item, states, variables));
      return items;
    }
    case "object": {
      const fields: [string, Json][] = [];
      for (const [name, field] of template.fields) fields.push([name, await evaluateJsonata(field, states, variables)]);
      return Object.fromEntries(fields);
    }
  }
}
