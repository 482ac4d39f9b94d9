import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../stack-model/unsupported-error";

/** Turns an event into the text a target receives. */
export type InputTransformer = (event: JsonObject) => string;

const SIMPLE_PATH = /^\$(\.[A-Za-z0-9_-]+)+$/;
const PLACEHOLDER = /<([A-Za-z0-9_-]+)>/g;

/**
 * Reads an input transformer. "If you use a placeholder outside quotes, its value is inserted as JSON; inside quotes it
 * is pasted as text."
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function parseInputTransformer(
  paths: Readonly<Record<string, string>>,
  template: string,
  address: string,
): InputTransformer {
  const variables = new Map(
    Object.entries(paths).map(([name, path]) => {
      if (!SIMPLE_PATH.test(path)) throw new UnsupportedError(address, `the input path ${path} is not understood`);
      return [name, path.split(".").slice(1)] as const;
    }),
  );
  for (const [, name = ""] of template.matchAll(PLACEHOLDER)) {
    if (!variables.has(name)) throw new UnsupportedError(address, `the placeholder <${name}> has no input path`);
  }
  return (event) =>
    template.replace(PLACEHOLDER, (_match, name: string, offset: number) => {
      const value = valueAt(event, variables.get(name) ?? []);
      return insideQuotes(template, offset) ? asText(value) : (JSON.stringify(value) ?? "");
    });
}

function valueAt(event: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = event;
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined;
  return value;
}

/** An odd number of unescaped quotes before a placeholder means that it stands inside a JSON string. */
function insideQuotes(template: string, offset: number): boolean {
  return (template.slice(0, offset).match(/(?<!\\)"/g) ?? []).length % 2 === 1;
}

function asText(value: Json | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
