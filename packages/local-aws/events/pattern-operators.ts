import { matchesPattern } from "../iam/pattern";
import { isJsonObject, type Json } from "../json";

/** Says whether a field holds what a pattern asks for; undefined is a field the event does not have. */
export type FieldMatcher = (value: Json | undefined) => boolean;

/**
 * The operator of an event pattern with its operand; undefined for one that is not known here or that EventBridge refuses.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function operatorMatcher(operator: string, operand: Json): FieldMatcher | undefined {
  if (operator === "exists" && typeof operand === "boolean") return (value) => anyOf(value, () => true) === operand;
  if (operator === "anything-but") return anythingBut(operand);
  if (operator === "numeric" && Array.isArray(operand)) return numericMatcher(operand);
  const test = textTest(operator, operand);
  return test && ((value) => anyOf(value, test));
}

/** A field that is a list matches when one of its items does. Only leaves are matched, never a field that holds others. */
export function anyOf(value: Json | undefined, test: (item: Json) => boolean): boolean {
  if (value === undefined || isJsonObject(value)) return false;
  return Array.isArray(value) ? value.some((item) => anyOf(item, test)) : test(value);
}

function textTest(operator: string, operand: Json): ((item: Json) => boolean) | undefined {
  if (typeof operand !== "string") return undefined;
  switch (operator) {
    case "prefix":
      return (item) => typeof item === "string" && item.startsWith(operand);
    case "suffix":
      return (item) => typeof item === "string" && item.endsWith(operand);
    case "equals-ignore-case":
      return (item) => typeof item === "string" && item.toLowerCase() === operand.toLowerCase();
    case "wildcard":
      // Only * is special to EventBridge, and never twice in a row; ? is kept from becoming a wildcard of IAM.
      if (/\*\*|[?\\]/.test(operand)) return undefined;
      return (item) => typeof item === "string" && matchesPattern(operand, item);
    default:
      return undefined;
  }
}

/** Matches what is there and is something else: than a list of texts or of numbers, or than what one text operator takes. */
function anythingBut(operand: Json): FieldMatcher | undefined {
  if (isJsonObject(operand)) {
    const [[operator, text] = ["", null], ...others] = Object.entries(operand);
    const test = others.length === 0 ? textTest(operator, text) : undefined;
    return test && ((value) => anyOf(value, (item) => !test(item)));
  }
  const excluded: readonly Json[] = Array.isArray(operand) ? operand : [operand];
  const isOneKind = ["string", "number"].some((kind) => excluded.every((item) => typeof item === kind));
  if (excluded.length === 0 || !isOneKind) return undefined;
  return (value) => anyOf(value, (item) => !excluded.includes(item));
}

/** One comparison, or a lower bound and then an upper one. */
function numericMatcher(operand: readonly Json[]): FieldMatcher | undefined {
  const operators = operand.filter((_item, index) => index % 2 === 0);
  const bounds = operand.filter((_item, index) => index % 2 === 1).filter((bound) => typeof bound === "number");
  if (!/^(=|[<>]=?|>=? <=?)$/.test(operators.join(" ")) || bounds.length < operators.length) return undefined;
  const [lower = 0, upper = Number.POSITIVE_INFINITY] = bounds;
  if (lower >= upper) return undefined;
  const holds = (item: number) => operators.every((operator, index) => compare(item, operator, bounds[index] ?? 0));
  return (value) => anyOf(value, (item) => typeof item === "number" && holds(item));
}

function compare(item: number, operator: Json, bound: number): boolean {
  if (operator === "=") return item === bound;
  if (item === bound) return operator === "<=" || operator === ">=";
  return operator === "<" || operator === "<=" ? item < bound : item > bound;
}
