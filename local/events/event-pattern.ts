import { matchesPattern } from "../iam/pattern";
import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../stack-model/unsupported-error";

/** Whether a rule wants an event. */
export type EventPattern = (event: JsonObject) => boolean;

/** Says whether a field holds what a pattern asks for; undefined is a field the event does not have. */
type Matcher = (value: Json | undefined) => boolean;

/**
 * Reads an EventBridge event pattern; an operator that is not known here is refused.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function parseEventPattern(pattern: JsonObject, address: string): EventPattern {
  const fields = Object.entries(pattern).map(([name, wanted]) => {
    if (name === "$or") throw new UnsupportedError(address, "the event pattern operator $or is not understood");
    if (isJsonObject(wanted)) {
      const inner = parseEventPattern(wanted, address);
      return (event: JsonObject) => {
        const value = event[name];
        return inner(isJsonObject(value) ? value : {});
      };
    }
    if (!Array.isArray(wanted)) {
      throw new UnsupportedError(address, `expected a list for "${name}" in the event pattern`);
    }
    const matchers = wanted.map((item: Json) => parseMatcher(item, address));
    return (event: JsonObject) => matchers.some((matches) => matches(event[name]));
  });
  return (event) => fields.every((matches) => matches(event));
}

function parseMatcher(wanted: Json, address: string): Matcher {
  if (!isJsonObject(wanted)) return (value) => anyOf(value, (item) => item === wanted);
  const [[operator, operand] = ["", null], ...others] = Object.entries(wanted);
  const matcher = others.length === 0 ? operatorMatcher(operator, operand) : undefined;
  if (matcher === undefined) {
    throw new UnsupportedError(address, `the event pattern operator ${JSON.stringify(wanted)} is not understood`);
  }
  return matcher;
}

function operatorMatcher(operator: string, operand: Json): Matcher | undefined {
  if (operator === "exists" && typeof operand === "boolean") return (value) => (value !== undefined) === operand;
  if (operator === "anything-but") return anythingBut(operand);
  if (operator === "numeric" && Array.isArray(operand)) return numericMatcher(operand);
  if (typeof operand !== "string") return undefined;
  const test = textTest(operator, operand);
  return test && ((value) => anyOf(value, (item) => typeof item === "string" && test(item)));
}

function textTest(operator: string, operand: string): ((text: string) => boolean) | undefined {
  switch (operator) {
    case "prefix":
      return (text) => text.startsWith(operand);
    case "suffix":
      return (text) => text.endsWith(operand);
    case "equals-ignore-case":
      return (text) => text.toLowerCase() === operand.toLowerCase();
    case "wildcard":
      // Only * is special to EventBridge, so ? is kept from becoming a wildcard of IAM.
      return operand.includes("?") || operand.includes("\\") ? undefined : (text) => matchesPattern(operand, text);
    default:
      return undefined;
  }
}

function anythingBut(operand: Json): Matcher | undefined {
  if (isJsonObject(operand)) {
    const [[operator, text] = ["", null]] = Object.entries(operand);
    const test = typeof text === "string" ? textTest(operator, text) : undefined;
    return (
      test && ((value) => value !== undefined && anyOf(value, (item) => !(typeof item === "string" && test(item))))
    );
  }
  const excluded: readonly Json[] = Array.isArray(operand) ? operand : [operand];
  return (value) => value !== undefined && anyOf(value, (item) => !excluded.includes(item));
}

function numericMatcher(operand: readonly Json[]): Matcher | undefined {
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const bound = operand[index + 1];
    if (typeof bound !== "number") return undefined;
    const test = comparison(operand[index], bound);
    if (test === undefined) return undefined;
    tests.push(test);
  }
  return (value) => anyOf(value, (item) => typeof item === "number" && tests.every((test) => test(item)));
}

function comparison(operator: Json | undefined, bound: number): ((value: number) => boolean) | undefined {
  switch (operator) {
    case "=":
      return (value) => value === bound;
    case "<":
      return (value) => value < bound;
    case "<=":
      return (value) => value <= bound;
    case ">":
      return (value) => value > bound;
    case ">=":
      return (value) => value >= bound;
    default:
      return undefined;
  }
}

/** A field that is a list matches when one of its items does. */
function anyOf(value: Json | undefined, test: (item: Json) => boolean): boolean {
  if (value === undefined) return false;
  return Array.isArray(value) ? value.some(test) : test(value);
}
