import { evaluateJsonata, type JsonataTemplate, type Offered, parseJsonata, type States } from "./jsonata";
import type { Json, Scope } from "./scope";
import { evaluateTemplate, parseTemplate, type Template } from "./template";

/** The query language of a state (docs: concepts-amazon-states-language, `QueryLanguage`). */
export type Language = "JSONPath" | "JSONata";

/** What the fields of one state are evaluated over. */
export interface FieldData {
  /** The state's effective input, for JSONPath: after InputPath. */
  readonly input: Json;
  readonly scope: Scope;
  /** `$states`, for JSONata. */
  readonly states: States;
}

/** JSON with paths and functions, or with expressions, by the state's query language. */
export type Payload =
  | { readonly language: "JSONPath"; readonly template: Template }
  | { readonly language: "JSONata"; readonly template: JsonataTemplate };

/** Reads a field that holds a payload, such as ItemSelector. Throws a `DefinitionError`. */
export function parsePayload(json: Json, language: Language, field: string, offered?: Offered): Payload {
  return language === "JSONPath"
    ? { language, template: parseTemplate(json) }
    : { language, template: parseJsonata(json, field, offered) };
}

/** The payload for the data of one execution. Throws a `QueryError`. */
export async function evaluatePayload(payload: Payload, data: FieldData): Promise<Json> {
  return payload.language === "JSONPath"
    ? evaluateTemplate(payload.template, data.input, data.scope)
    : evaluateJsonata(payload.template, data.states, data.scope.variables);
}
