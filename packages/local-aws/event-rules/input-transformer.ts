import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../unsupported-error";

/** What EventBridge itself knows of an event that it hands to a target. */
export interface Delivery {
  readonly rule: { readonly name: string; readonly arn: string };
  readonly receivedAt: Date;
}

/** Turns an event into the text a target receives. */
export type InputTransformer = (event: JsonObject, delivery: Delivery) => string;

type Variable = (event: JsonObject, delivery: Delivery) => Json | undefined;

const SIMPLE_PATH = /^\$(\.[A-Za-z0-9_-]+)+$/;
const PLACEHOLDER = /<([^<>]*)>/g;

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html#eb-transform-input-predefined
const PREDEFINED: Readonly<Record<string, Variable>> = {
  "aws.events.rule-arn": (_event, { rule }) => rule.arn,
  "aws.events.rule-name": (_event, { rule }) => rule.name,
  "aws.events.event.ingestion-time": (_event, { receivedAt }) => receivedAt.toISOString(),
  "aws.events.event": ({ detail: _detail, ...event }) => event,
  "aws.events.event.json": (event) => event,
};
// "Can only be used as a value for a JSON field, as its contents are not escaped."
const ONLY_AS_VALUE = ["aws.events.event", "aws.events.event.json"];

/**
 * Reads an input transformer. "If you use a placeholder outside quotes, its value is inserted as JSON; inside quotes it
 * is pasted as text." What comes out has to be JSON, or no state machine takes it.
 * @throws UnsupportedError for what is not understood, and for a template that never gives JSON
 */
export function parseInputTransformer(
  paths: Readonly<Record<string, string>>,
  template: string,
  address: string,
): InputTransformer {
  const variables = new Map([...Object.entries(PREDEFINED), ...readPaths(paths, address)]);
  for (const [, name = ""] of template.matchAll(PLACEHOLDER)) {
    if (!variables.has(name)) throw new UnsupportedError(address, `the placeholder <${name}> has no input path`);
  }
  refuseTemplate(template, address);
  return (event, delivery) =>
    template.replace(PLACEHOLDER, (_match, name: string, offset: number) => {
      const value = variables.get(name)?.(event, delivery);
      return insideQuotes(template, offset) ? asText(value) : (JSON.stringify(value) ?? "");
    });
}

function readPaths(paths: Readonly<Record<string, string>>, address: string): readonly (readonly [string, Variable])[] {
  return Object.entries(paths).map(([name, path]) => {
    if (!/^(?!AWS)[A-Za-z0-9_-]+$/.test(name))
      throw new UnsupportedError(address, `expected letters, digits, - and _ for an input path but received "${name}"`);
    if (!SIMPLE_PATH.test(path)) throw new UnsupportedError(address, `the input path ${path} is not understood`);
    const fields = path.split(".").slice(1);
    return [name, (event: JsonObject) => valueAt(event, fields)] as const;
  });
}

function refuseTemplate(template: string, address: string): void {
  const filled = template.replace(PLACEHOLDER, (match, name: string, offset: number) => {
    const isQuoted = insideQuotes(template, offset);
    if (isQuoted && ONLY_AS_VALUE.includes(name))
      throw new UnsupportedError(address, `expected ${match} outside quotes: its contents are not escaped`);
    return isQuoted ? "text" : '"value"';
  });
  try {
    JSON.parse(filled);
  } catch {
    throw new UnsupportedError(address, `expected JSON for input_template but received ${template}`);
  }
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
