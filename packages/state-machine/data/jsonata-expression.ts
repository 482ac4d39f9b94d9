import jsonata from "jsonata";
import { MAX_DEPTH } from "./json-text";
import { limitEvaluation } from "./jsonata-budget";
import { registerFunctions } from "./jsonata-functions";
import { refusal } from "./jsonata-syntax";
import { ExpressionError, type Json, QueryError } from "./scope";

/** One compiled JSONata expression. */
export interface Expression {
  /** The expression's value with these variables, named without their `$`. */
  evaluate(bindings: Readonly<Record<string, unknown>>): Promise<Json>;
}

/** Compiles what stands between `{%` and `%}` in a field. */
export function compileExpression(text: string, field: string, offered: ReadonlySet<string>): Expression {
  const compiled = compile(text, field);
  const refused = refusal(compiled.ast(), offered);
  if (refused !== undefined) throw new ExpressionError("UNSUPPORTED_JSONATA_EXPRESSION", refused, field);
  registerFunctions(compiled);
  const bound = limitEvaluation(compiled);
  return {
    async evaluate(bindings) {
      let result: unknown;
      try {
        result = await compiled.evaluate(undefined, bound(bindings));
      } catch (cause) {
        throw failure(text, field, `threw an error during evaluation${describe(cause)}`);
      }
      if (result === undefined) throw failure(text, field, "returned nothing (undefined).");
      const value = toJson(result, 0);
      if (value === undefined) throw failure(text, field, "returned an unsupported result type.");
      return value;
    },
  };
}

function compile(text: string, field: string): jsonata.Expression {
  try {
    return jsonata(text);
  } catch (cause) {
    throw new ExpressionError("INVALID_JSONATA_EXPRESSION", messageOf(cause), field);
  }
}

function failure(text: string, field: string, what: string): QueryError {
  const cause = `The JSONata expression '${text}' specified for the field '${field}' ${what}`;
  return new QueryError("States.QueryEvaluationError", cause, field);
}

/** JSONata throws plain objects with a code and a message. Without a code AWS joins the message by a colon. */
function describe(cause: unknown): string {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? `. ${code}: ${messageOf(cause)}` : `: ${messageOf(cause)}`;
}

function messageOf(cause: unknown): string {
  if (typeof cause !== "object" || cause === null) return String(cause);
  return "message" in cause && typeof cause.message === "string" ? cause.message : "unknown error";
}

/** The result as JSON without what is undefined in it; `undefined` for functions, regular expressions and endless depth. */
function toJson(value: unknown, depth: number): Json | undefined {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  // JSON has no such numbers: AWS writes their names.
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || depth > MAX_DEPTH || isFunction(value)) return undefined;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value) {
      if (item === undefined) continue;
      const json = toJson(item, depth + 1);
      if (json === undefined) return undefined;
      items.push(json);
    }
    return items;
  }
  const fields: [string, Json][] = [];
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const json = toJson(field, depth + 1);
    if (json === undefined) return undefined;
    fields.push([name, json]);
  }
  return Object.fromEntries(fields);
}

function isFunction(value: object): boolean {
  return "_jsonata_function" in value || "_jsonata_lambda" in value;
}
