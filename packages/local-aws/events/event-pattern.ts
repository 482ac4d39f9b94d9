import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../stack/unsupported-error";
import { anyOf, type FieldMatcher, operatorMatcher } from "./pattern-operators";

/** Whether a rule wants an event. */
export type EventPattern = (event: JsonObject) => boolean;

/**
 * Reads an EventBridge event pattern; an operator that is not known here is refused, and so is what EventBridge refuses.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function parseEventPattern(pattern: JsonObject, address: string): EventPattern {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new UnsupportedError(address, "expected fields in the event pattern but received {}");
  const fields = entries.map(([name, wanted]) => {
    if (name === "$or") throw new UnsupportedError(address, "the event pattern operator $or is not understood");
    if (isJsonObject(wanted)) {
      const inner = parseEventPattern(wanted, address);
      return (event: JsonObject) => {
        const value = event[name];
        return inner(isJsonObject(value) ? value : {});
      };
    }
    if (!Array.isArray(wanted) || wanted.length === 0) {
      throw new UnsupportedError(
        address,
        `expected a list of values for "${name}" in the event pattern but received ${JSON.stringify(wanted)}`,
      );
    }
    const matchers = wanted.map((item: Json) => parseMatcher(item, address));
    return (event: JsonObject) => matchers.some((matches) => matches(event[name]));
  });
  return (event) => fields.every((matches) => matches(event));
}

function parseMatcher(wanted: Json, address: string): FieldMatcher {
  if (!isJsonObject(wanted) && !Array.isArray(wanted)) return (value) => anyOf(value, (item) => item === wanted);
  const [[operator, operand] = ["", null], ...others] = Object.entries(wanted);
  const matcher = isJsonObject(wanted) && others.length === 0 ? operatorMatcher(operator, operand) : undefined;
  if (matcher === undefined)
    throw new UnsupportedError(address, `the event pattern operator ${JSON.stringify(wanted)} is not understood`);
  return matcher;
}
