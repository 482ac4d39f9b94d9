import { isJsonObject, type Json } from "../json";
import { UnsupportedError } from "../stack/unsupported-error";
import { isInRange, isRange } from "./ip-range";
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
  "s3:if-match",
  "s3:if-none-match",
  "s3:max-keys",
  "s3:prefix",
  "s3:resourceaccount",
  "s3:tlsversion",
  "s3:versionid",
  "s3:x-amz-acl",
  "s3:x-amz-content-sha256",
  "s3:x-amz-copy-source",
  "s3:x-amz-metadata-directive",
  "s3:x-amz-server-side-encryption",
  "s3:x-amz-server-side-encryption-aws-kms-key-id",
  "s3:x-amz-storage-class",
]);

type Comparison = (actual: string, expected: string) => boolean;

/** How an operator compares, and which values it can compare with. */
interface Operator {
  readonly holds: Comparison;
  readonly takes?: { readonly is: (value: string) => boolean; readonly what: string };
}

const ARN = { is: (value: string) => /^arn(:[^:]*){5}/.test(value), what: "an ARN with all its six parts" };
const BOOLEAN = { is: (value: string) => /^(true|false)$/i.test(value), what: "true or false" };
const NUMBER = { is: isDecimal, what: "a decimal number" };
const RANGE = { is: isRange, what: "an address or a range in CIDR form" };
const ignoringCase: Comparison = (actual, expected) => actual.toLowerCase() === expected.toLowerCase();
const likeArn = { holds: (actual: string, expected: string) => matchesArn(expected, actual), takes: ARN };

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { holds: (actual, expected) => actual === expected },
  StringEqualsIgnoreCase: { holds: ignoringCase },
  StringLike: { holds: (actual, expected) => matchesPattern(expected, actual) },
  ArnEquals: likeArn,
  ArnLike: likeArn,
  Bool: { holds: ignoringCase, takes: BOOLEAN },
  NumericEquals: numeric((actual, expected) => actual === expected),
  NumericLessThan: numeric((actual, expected) => actual < expected),
  NumericLessThanEquals: numeric((actual, expected) => actual <= expected),
  NumericGreaterThan: numeric((actual, expected) => actual > expected),
  NumericGreaterThanEquals: numeric((actual, expected) => actual >= expected),
  IpAddress: { holds: isInRange, takes: RANGE },
  Null: { holds: () => false, takes: BOOLEAN },
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
  const negated = NEGATIONS[name];
  const comparison = OPERATORS[negated ?? name];
  if (comparison === undefined) throw unknown();
  const { holds, takes } = comparison;
  const wrong = expected.find((value) => takes?.is(value) === false);
  if (wrong !== undefined)
    throw new UnsupportedError(address, `expected ${takes?.what} for ${operator} but received "${wrong}"`);
  if (name === "Null") {
    if (quantifier !== undefined || ifExists !== undefined) throw unknown();
    return (context) =>
      expected.some((value) => (value.toLowerCase() === "true") === (valuesOf(context, key).length === 0));
  }
  const matchesOne = (actual: string) => expected.some((value) => holds(actual, value)) !== (negated !== undefined);
  return (context) => {
    const actual = valuesOf(context, key);
    // "ForAllValues returns true if there are no keys in the request"; ForAnyValue then returns false, IfExists or not:
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    if (quantifier === "ForAllValues") return actual.every(matchesOne);
    if (quantifier === "ForAnyValue") return actual.some(matchesOne);
    if (actual.length === 0) return ifExists !== undefined || negated !== undefined;
    return actual.some(matchesOne);
  };
}

function valuesOf(context: RequestContext, key: string): readonly string[] {
  const value = context[key];
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

function numeric(compare: (actual: number, expected: number) => boolean): Operator {
  return { holds: (actual, expected) => isDecimal(actual) && compare(Number(actual), Number(expected)), takes: NUMBER };
}

/** "integer or decimal values": https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
function isDecimal(value: string): boolean {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value);
}
