import { variablesIn } from "../data/jsonata-syntax";
import type { Language } from "../data/payload";
import { isArray, isObject, type Json } from "../data/scope";
import { variablesOfReference } from "../data/template";

/** The fields of a state that hold states of their own. */
const NESTED: ReadonlySet<string> = new Set(["Branches", "ItemProcessor", "Iterator"]);

/**
 * The variables each state of a definition reads, by the state's name, in the order of the alphabet; states that read
 * none are left out (docs: API_DescribeStateMachine, `variableReferences`). The definition is one that `parseMachine` takes.
 */
export function variableReferences(definition: Json): Readonly<Record<string, readonly string[]>> {
  const language = isObject(definition) && definition.QueryLanguage === "JSONata" ? "JSONata" : "JSONPath";
  return Object.fromEntries(ofWorkflow(definition, language));
}

function* ofWorkflow(workflow: Json, language: Language): Generator<[string, readonly string[]]> {
  const states = isObject(workflow) ? workflow.States : undefined;
  if (!isObject(states)) return;
  for (const [name, state] of Object.entries(states)) {
    if (!isObject(state)) continue;
    const own = state.QueryLanguage === "JSONata" ? "JSONata" : language;
    const found = new Set(read(state, "", own));
    if (found.size > 0) yield [name, [...found].sort()];
    for (const field of NESTED) {
      const inner = state[field];
      for (const each of isArray(inner) ? inner : [inner ?? null]) yield* ofWorkflow(each, language);
    }
  }
}

function* read(json: Json, field: string, language: Language): Generator<string> {
  if (typeof json === "string") {
    if (language === "JSONata") yield* variablesIn(json);
    else if (field === "Variable" || field.endsWith("Path") || field.endsWith(".$")) yield* variablesOfReference(json);
  } else if (isArray(json)) {
    for (const item of json) yield* read(item, "", language);
  } else if (isObject(json)) {
    for (const [name, value] of Object.entries(json)) if (!NESTED.has(name)) yield* read(value, name, language);
  }
}
