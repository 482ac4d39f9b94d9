import { DefinitionError, type Json } from "./scope";
import { matches, parsePattern } from "./string-matches";
import { compareTimestamps, parseTimestamp } from "./timestamp";

/** A test of the variable's value. A value of another type does not pass, and is no error. */
export type Test = (value: Json) => boolean;

/** Makes the test for what stands at an operator; `undefined` when that is of the wrong type. */
export type MakeTest = (operand: Json) => Test | undefined;

type Verdict = (order: number) => boolean;

const orders: Readonly<Record<string, Verdict>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

const compareStrings = (verdict: Verdict): MakeTest => {
  // Java's compareTo and JavaScript's < both go by UTF-16 code units.
  return (operand) =>
    typeof operand === "string"
      ? (value) => typeof value === "string" && verdict(value < operand ? -1 : value > operand ? 1 : 0)
      : undefined;
};

const compareNumbers = (verdict: Verdict): MakeTest => {
  return (operand) =>
    typeof operand === "number" ? (value) => typeof value === "number" && verdict(value - operand) : undefined;
};

const compareTimes = (verdict: Verdict): MakeTest => {
  return (operand) => {
    const wanted = typeof operand === "string" ? parseTimestamp(operand) : undefined;
    if (wanted === undefined) return undefined;
    return (value) => {
      const time = typeof value === "string" ? parseTimestamp(value) : undefined;
      return time !== undefined && verdict(compareTimestamps(time, wanted));
    };
  };
};

function* listComparisons(): Generator<[string, MakeTest]> {
  for (const [order, verdict] of Object.entries(orders)) {
    yield [`String${order}`, compareStrings(verdict)];
    yield [`Numeric${order}`, compareNumbers(verdict)];
    yield [`Timestamp${order}`, compareTimes(verdict)];
  }
  yield ["BooleanEquals", (operand) => (typeof operand === "boolean" ? (value) => value === operand : undefined)];
}

/** The operators that also come as `...Path`, with what they compare to read from a path. */
export const comparisons: ReadonlyMap<string, MakeTest> = new Map(listComparisons());

/** The pattern operator; it has no form with a path. */
export function stringMatches(operand: Json): Test | undefined {
  if (typeof operand !== "string") return undefined;
  const pattern = parsePattern(operand);
  return (value) => typeof value === "string" && matches(pattern, value);
}

/** What the operators `Is...` ask; `IsPresent` asks the path, not the value. */
export const typeTests: ReadonlyMap<string, Test> = new Map<string, Test>([
  ["IsNull", (value) => value === null],
  ["IsBoolean", (value) => typeof value === "boolean"],
  ["IsNumeric", (value) => typeof value === "number"],
  ["IsString", (value) => typeof value === "string"],
  ["IsTimestamp", (value) => typeof value === "string" && parseTimestamp(value) !== undefined],
]);

/** The value of an operator `Is...`. */
export function flag(operator: string, operand: Json): boolean {
  if (typeof operand === "boolean") return operand;
  throw new DefinitionError(`Expected true or false for ${operator} but received ${JSON.stringify(operand)}`);
}
