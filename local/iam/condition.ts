import { isJsonObject, type Json } from "../json";
import { UnsupportedError } from "../stack-model/unsupported-error";
import { isInRange } from "./ip-range";
import { matchesArn, matchesPattern } from "./pattern";

/** The facts of a request that conditions may ask for, by condition key in lower case. A key may have several values. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** One operator applied to one key. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  readonly test: (context: RequestContext) => boolean;
}

/**
 * Every key this runner can answer, present or truly absent, for every request it makes.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const KNOWN_KEYS = new Set([
  "aws:currenttime",
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalisawsservice",
  "aws:principalservicename",
  "aws:principaltype",
  "aws:requestedregion",
  "aws:resourceaccount",
  "aws:securetransport",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceip",
  "s3:delimiter",
  "s3:max-keys",
  "s3:prefix",
  "s3:resourceaccount",
  "s3:tlsversion",
]);

type Comparison = (actual: string, expected: string) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: (actual, expected) => actual === expected,
  StringEqualsIgnoreCase: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  StringLike: (actual, expected) => matchesPattern(expected, actual),
  ArnEquals: (actual, expected) => matchesArn(expected, actual),
  ArnLike: (actual, expected) => matchesArn(expected, actual),
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  NumericEquals: numeric((actual, expected) => actual === expected),
  NumericLessThan: numeric((actual, expected) => actual < expected),
  NumericLessThanEquals: numeric((actual, expected) => actual <= expected),
  NumericGreaterThan: numeric((actual, expected) => actual > expected),
  NumericGreaterThanEquals: numeric((actual, expected) => actual >= expected),
  IpAddress: isInRange,
};

/** Operators that hold when none of their values matches, and also when the key is absent. */
const NEGATIONS: Readonly<Record<string, string>> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  ArnNotEquals: "ArnEquals",
  ArnNotLike: "ArnLike",
  NumericNotEquals: "NumericEquals",
  NotIpAddress: "IpAddress",
};

/** Reads a Condition element; an unknown operator or key is refused, because guessing either way would be a lie. */
export function parseConditions(json: Json | undefined, address: string): readonly Condition[] {
  if (json === undefined) return [];
  if (!isJsonObject(json)) throw new UnsupportedError(address, "expected Condition to be an object");
  return Object.entries(json).flatMap(([operator, keys]) => {
    if (!isJsonObject(keys))
      throw new UnsupportedError(address, `expected an object for condition operator ${operator}`);
    return Object.entries(keys).map(([key, value]) => parseCondition(operator, key, value, address));
  });
}

function parseCondition(operator: string, key: string, value: Json, address: string): Condition {
  if (!KNOWN_KEYS.has(key.toLowerCase())) {
    throw new UnsupportedError(address, `the condition key "${key}" is not understood by the local runner`);
  }
  const values = (Array.isArray(value) ? value : [value]).map((item: Json) => {
    if (typeof item === "string" && !item.includes("${")) return item;
    if (typeof item === "boolean" || typeof item === "number") return String(item);
    throw new UnsupportedError(
      address,
      `the value ${JSON.stringify(item)} of condition ${operator} ${key} is not understood`,
    );
  });
  return { operator, key, values, test: conditionTest(operator, key.toLowerCase(), values, address) };
}

function conditionTest(
  operator: string,
  key: string,
  expected: readonly string[],
  address: string,
): (context: RequestContext) => boolean {
  const unknown = () =>
    new UnsupportedError(address, `the condition operator "${operator}" is not understood by the local runner`);
  const parts = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(operator);
  const [, quantifier, name = "", ifExists] = parts ?? [];
  if (name === "Null") {
    if (quantifier !== undefined || ifExists !== undefined) throw unknown();
    return (context) => expected.some((value) => (value === "true") === (valuesOf(context, key).length === 0));
  }
  const negated = NEGATIONS[name];
  const comparison = COMPARISONS[negated ?? name];
  if (comparison === undefined) throw unknown();
  const matchesOne = (actual: string) =>
    expected.some((value) => comparison(actual, value)) !== (negated !== undefined);
  return (context) => {
    const actual = valuesOf(context, key);
    // "ForAllValues returns true if there are no keys in the request"; ForAnyValue then returns false.
    if (quantifier === "ForAllValues") return actual.every(matchesOne);
    if (actual.length === 0) return ifExists !== undefined || (negated !== undefined && quantifier === undefined);
    return actual.some(matchesOne);
  };
}

function valuesOf(context: RequestContext, key: string): readonly string[] {
  const value = context[key];
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

function numeric(compare: (actual: number, expected: number) => boolean): Comparison {
  return (actual, expected) => {
    const [left, right] = [Number(actual), Number(expected)];
    return Number.isFinite(left) && Number.isFinite(right) && compare(left, right);
  };
}
