import { isJsonObject, type Json, type JsonObject } from "../json";

/** The test of the type that a comparison begins with: `StringLessThan` is of strings. */
const TYPE_TESTS: Readonly<Record<string, string>> = {
  String: "IsString",
  Numeric: "IsNumeric",
  Timestamp: "IsTimestamp",
};

/**
 * A rule of a Choice that is false when the value is of another type than the comparison, as in Step Functions. The
 * interpreter compares as JavaScript does, for which "200" and null are less than 1000.
 */
export function typedChoice(rule: Json): Json {
  if (!isJsonObject(rule)) return rule;
  const { And: and, Or: or, Not: not } = rule;
  if (Array.isArray(and)) return { ...rule, And: and.map(typedChoice) };
  if (Array.isArray(or)) return { ...rule, Or: or.map(typedChoice) };
  if (not !== undefined) return { ...rule, Not: typedChoice(not) };
  return comparison(rule);
}

function comparison({ Variable: variable = null, Next: next, ...comparison }: JsonObject): JsonObject {
  const transition = next !== undefined && { Next: next };
  const type = Object.keys(comparison)
    .map((operator) => TYPE_TESTS[/^[A-Z][a-z]+/.exec(operator)?.[0] ?? ""])
    .find((test) => test !== undefined);
  if (type === undefined) return { Variable: variable, ...comparison, ...transition };
  return {
    And: [
      { Variable: variable, [type]: true },
      { Variable: variable, ...onlyStars(comparison) },
    ],
    ...transition,
  };
}

/** `*` is the only wildcard of StringMatches; to the interpreter `?` is one too. */
function onlyStars({ StringMatches: pattern, ...comparison }: JsonObject): JsonObject {
  if (typeof pattern !== "string") return comparison;
  return { StringMatches: pattern.replace(/\\.|\?/gs, (found) => (found === "?" ? "\\?" : found)) };
}
