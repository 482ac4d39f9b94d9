import { holds, parseChoiceRule } from "../choice-rule";
import type { Json } from "../scope";

const scope = { context: { State: { RetryCount: 0 } }, variables: { limit: 5 } };

function check(rule: Json, input: Json): boolean {
  return holds(parseChoiceRule(rule), input, scope);
}

const samples: readonly (readonly [type: string, value: Json])[] = [
  ["null", null],
  ["boolean", true],
  ["number", 7],
  ["string", "m"],
  ["digits", "7"],
  ["timestamp", "2026-01-02T03:04:05Z"],
  ["array", [7]],
  ["object", { a: 7 }],
];

const orders: readonly (readonly [suffix: string, less: boolean, same: boolean, more: boolean])[] = [
  ["Equals", false, true, false],
  ["LessThan", true, false, false],
  ["GreaterThan", false, false, true],
  ["LessThanEquals", true, true, false],
  ["GreaterThanEquals", false, true, true],
];

// The values below, at and above the sample of each type.
const kinds: readonly (readonly [prefix: string, matching: readonly string[], below: Json, at: Json, above: Json])[] = [
  ["Numeric", ["number"], 6.5, 7, 7.5],
  ["Timestamp", ["timestamp"], "2026-01-02T03:04:04.9Z", "2026-01-02T04:04:05+01:00", "2026-01-02T03:04:05.001Z"],
];

const comparisons = kinds.flatMap(([prefix, matching, below, at, above]) =>
  orders.flatMap(([suffix, less, same, more]) =>
    samples.map(([type, value]) => ({
      operator: `${prefix}${suffix}`,
      type,
      value,
      operands: [above, at, below],
      expected: matching.includes(type) ? [less, same, more] : [false, false, false],
    })),
  ),
);

describe("every order by every type", () => {
  it.each(comparisons)("$operator of $type", ({ operator, value, operands, expected }) => {
    expect(operands.map((operand) => check({ Variable: "$.x", [operator]: operand }, { x: value }))).toEqual(expected);
  });

  it.each(comparisons)("$operatorPath of $type", ({ operator, value, operands, expected }) => {
    const rule = { Variable: "$.x", [`${operator}Path`]: "$.y" };
    expect(operands.map((operand) => check(rule, { x: value, y: operand }))).toEqual(expected);
  });

  it.each(
    orders.flatMap(([suffix, less, same, more]) =>
      samples.map(([type, value]) => {
        const text = typeof value === "string";
        const expected = text ? [less, same, more] : [false, false, false];
        const operands = text ? [`${value}a`, value, ""] : ["zz", "7", ""];
        return { operator: `String${suffix}`, type, value, operands, expected };
      }),
    ),
  )("$operator of $type", ({ operator, value, operands, expected }) => {
    expect(operands.map((operand) => check({ Variable: "$.x", [operator]: operand }, { x: value }))).toEqual(expected);
  });

  it.each(samples)("BooleanEquals of %s", (_type, value) => {
    expect(check({ Variable: "$.x", BooleanEquals: true }, { x: value })).toBe(value === true);
    expect(check({ Variable: "$.x", BooleanEquals: false }, { x: value })).toBe(false);
    expect(check({ Variable: "$.x", BooleanEqualsPath: "$.y" }, { x: value, y: true })).toBe(value === true);
  });
});

const types: Readonly<Record<string, readonly string[]>> = {
  IsNull: ["null"],
  IsBoolean: ["boolean"],
  IsNumeric: ["number"],
  IsString: ["string", "digits", "timestamp"],
  IsTimestamp: ["timestamp"],
  IsPresent: samples.map(([type]) => type),
};

describe("every type test by every type", () => {
  it.each(
    Object.entries(types).flatMap(([operator, matching]) =>
      samples.map(([type, value]) => ({ operator, type, value, expected: matching.includes(type) })),
    ),
  )("$operator of $type is $expected, and false asks the opposite", ({ operator, value, expected }) => {
    expect(check({ Variable: "$.x", [operator]: true }, { x: value })).toBe(expected);
    expect(check({ Variable: "$.x", [operator]: false }, { x: value })).toBe(!expected);
  });
});

describe("a variable that is not there", () => {
  it.each([
    ["true", true, false],
    ["false", false, true],
  ])("is not present: IsPresent %s", (_name, operand, expected) => {
    for (const path of ["$.x", "$.x.y", "$.list[3]", "$.text.y", "$none"]) {
      expect(check({ Variable: path, IsPresent: operand }, { list: [1], text: "t" })).toBe(expected);
    }
  });

  it.each([
    ["IsNull", true],
    ["IsString", false],
    ["NumericEquals", 1],
    ["StringMatches", "*"],
  ])("is an error for %s", (operator, operand) => {
    expect(() => check({ Variable: "$.x", [operator]: operand }, {})).toThrow(
      expect.objectContaining({
        error: "States.Runtime",
        message: "Invalid path '$.x': The choice state's condition path references an invalid value.",
      }),
    );
  });

  it("is an error when the other path finds nothing", () => {
    expect(() => check({ Variable: "$.x", NumericEqualsPath: "$.y" }, { x: 1 })).toThrow(
      "Invalid path '$.y': The choice state's condition path references an invalid value.",
    );
  });
});

it.each(samples)("a number is not equal to the %s at another path, when that is no number", (type, value) => {
  expect(check({ Variable: "$.x", NumericEqualsPath: "$.y" }, { x: 7, y: value })).toBe(type === "number");
});

describe("And, Or, Not", () => {
  const yes = { Variable: "$.x", NumericEquals: 1 };
  const no = { Variable: "$.x", NumericEquals: 2 };
  it.each<[Json, boolean]>([
    [{ And: [yes, yes] }, true],
    [{ And: [yes, no] }, false],
    [{ Or: [no, yes] }, true],
    [{ Or: [no, no] }, false],
    [{ Not: no }, true],
    [{ Not: yes }, false],
    [{ And: [{ Or: [no, { Not: no }] }, { Not: { And: [yes, no] } }] }, true],
  ])("%j is %s", (rule, expected) => {
    expect(check(rule, { x: 1 })).toBe(expected);
  });

  it("does not read what need not be read", () => {
    const absent = { Variable: "$.absent", NumericEquals: 1 };
    expect(check({ And: [{ Variable: "$.absent", IsPresent: true }, absent] }, {})).toBe(false);
    expect(check({ Or: [yes, absent] }, { x: 1 })).toBe(true);
  });
});

describe("StringMatches", () => {
  it.each([
    ["*", "", true],
    ["", "", true],
    ["", "a", false],
    ["a*", "a", true],
    ["a*c", "abc", true],
    ["a*c", "abcd", false],
    ["*.jpg", "x.y.jpg", true],
    ["*a*b*", "xxaxxbxx", true],
    ["*a*b*", "xxbxxaxx", false],
    ["a.c", "abc", false],
    ["a\\*c", "a*c", true],
    ["a\\*c", "abc", false],
    ["a\\\\*", "a\\b", true],
    ["*ab", "aab", true],
  ])("%j of %j is %s", (pattern, text, expected) => {
    expect(check({ Variable: "$.x", StringMatches: pattern }, { x: text })).toBe(expected);
  });

  it("ends at once for a pattern that fits almost everywhere", () => {
    const rule = { Variable: "$.x", StringMatches: `${"*a".repeat(40)}b` };
    expect(check(rule, { x: "a".repeat(20_000) })).toBe(false);
  });
});

describe("timestamps", () => {
  it.each([
    ["2026-01-02T03:04:05Z", true],
    ["2026-01-02T03:04:05.123456789Z", true],
    ["2026-01-02T03:04:05-08:00", true],
    ["2024-02-29T00:00:00Z", true],
    ["2026-02-29T00:00:00Z", false],
    ["2026-13-01T00:00:00Z", false],
    ["2026-01-02T24:00:00Z", false],
    ["2026-01-02t03:04:05Z", false],
    ["2026-01-02T03:04:05z", false],
    ["2026-01-02T03:04:05", false],
    ["2026-01-02", false],
    ["2026-01-02T03:04:05.Z", false],
  ])("%s: %s", (text, expected) => {
    expect(check({ Variable: "$.x", IsTimestamp: true }, { x: text })).toBe(expected);
  });
});

it("reads the context object and variables", () => {
  expect(check({ Variable: "$$.State.RetryCount", NumericLessThanPath: "$limit" }, {})).toBe(true);
});

describe("parseChoiceRule refuses", () => {
  it.each<[string, Json]>([
    ["what is no object", "rule"],
    ["no operator", { Variable: "$.x" }],
    ["two operators", { Variable: "$.x", IsNull: true, IsString: true }],
    ["an operator that is not there", { Variable: "$.x", StringLike: "a" }],
    ["a pattern from a path", { Variable: "$.x", StringMatchesPath: "$.y" }],
    ["no variable", { IsNull: true }],
    ["a variable that is no path", { Variable: "x", IsNull: true }],
    ["an operand that is no path", { Variable: "$.x", NumericEqualsPath: 1 }],
    ["digits for a number", { Variable: "$.x", NumericEquals: "1" }],
    ["a number for text", { Variable: "$.x", StringEquals: 1 }],
    ["text for a boolean", { Variable: "$.x", BooleanEquals: "true" }],
    ["text for a type test", { Variable: "$.x", IsNull: "true" }],
    ["a timestamp that is none", { Variable: "$.x", TimestampEquals: "yesterday" }],
    ["a pattern with an open backslash", { Variable: "$.x", StringMatches: "a\\" }],
    ["And of nothing", { And: [] }],
    ["Or of one rule without an array", { Or: { Variable: "$.x", IsNull: true } }],
    ["Not of an array", { Not: [] }],
    ["a variable beside And", { Variable: "$.x", And: [{ Variable: "$.x", IsNull: true }] }],
    ["Next inside", { Not: { Variable: "$.x", IsNull: true, Next: "A" } }],
  ])("%s", (_what, rule) => {
    expect(() => parseChoiceRule(rule)).toThrow(expect.objectContaining({ name: "DefinitionError" }));
  });

  it("rules nested without end", () => {
    let rule: Json = { Variable: "$.x", IsNull: true };
    for (let depth = 0; depth < 10_000; depth++) rule = { Not: rule };
    expect(() => parseChoiceRule(rule)).toThrow("nested at most");
  });
});
