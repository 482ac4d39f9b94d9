import { isInRange, isRange } from "./ip-range";
import { PolicyFault } from "./policy-fault";
import { type Condition, isRecord } from "./statement";
import { literalText, type RequestContext, resolveVariables, variableKeys } from "./variables";
import { matchesArn, matchesPattern } from "./wildcards";

/**
 * Every key that the local runner can answer, present or truly absent, for every request it makes.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const KNOWN_KEYS = new Set([
  "aws:currenttime",
  "aws:epochtime",
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
  "aws:username",
  "kms:viaservice",
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
  /** "You can use policy variables ... in string comparisons", and in those of ARNs. */
  readonly variables?: true;
  readonly takes?: { readonly is: (value: string) => boolean; readonly what: string };
}

const ARN = { is: (value: string) => /^arn(:[^:]*){5}/.test(value), what: "an ARN with all its six parts" };
const BOOLEAN = { is: (value: string) => /^(true|false)$/i.test(value), what: "true or false" };
const RANGE = { is: isRange, what: "an address or a range in CIDR form" };
const ignoringCase: Comparison = (actual, expected) => actual.toLowerCase() === expected.toLowerCase();
const likeArn = {
  holds: (actual: string, expected: string) => matchesArn(expected, actual),
  takes: ARN,
  variables: true,
} as const;

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { holds: (actual, expected) => actual === literalText(expected), variables: true },
  StringEqualsIgnoreCase: {
    holds: (actual, expected) => ignoringCase(actual, literalText(expected)),
    variables: true,
  },
  StringLike: { holds: (actual, expected) => matchesPattern(expected, actual), variables: true },
  ArnEquals: likeArn,
  ArnLike: likeArn,
  Bool: { holds: ignoringCase, takes: BOOLEAN },
  ...ordered("Numeric", decimal, "a decimal number"),
  ...ordered("Date", moment, "a date in ISO 8601 with its offset, or seconds since 1970"),
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
  DateNotEquals: "DateEquals",
  NotIpAddress: "IpAddress",
};

/**
 * Looks at a Condition element as it is written; an unknown operator or key is refused, because guessing either way would
 * be a lie. @throws PolicyFault
 */
export function checkConditions(json: unknown, address: string): void {
  if (json === undefined) return;
  if (!isRecord(json)) throw new PolicyFault(address, "expected Condition to be an object");
  for (const [operator, keys] of Object.entries(json)) {
    if (!isRecord(keys)) throw new PolicyFault(address, `expected an object for condition operator ${operator}`);
    for (const [key, value] of Object.entries(keys)) checkCondition(operator, key, value, address);
  }
}

function checkCondition(operator: string, key: string, value: unknown, address: string): void {
  if (!KNOWN_KEYS.has(key.toLowerCase()))
    throw new PolicyFault(address, `the condition key "${key}" is not understood by the local runner`);
  const comparison = readOperator(operator);
  if (comparison === undefined)
    throw new PolicyFault(address, `the condition operator "${operator}" is not understood by the local runner`);
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const item of items) {
    const isText = typeof item === "string" && (comparison.variables ? areKnown(item) : !item.includes("${"));
    if (!isText && typeof item !== "boolean" && typeof item !== "number") {
      throw new PolicyFault(
        address,
        `the value ${JSON.stringify(item)} of condition ${operator} ${key} is not understood`,
      );
    }
    const { takes } = comparison;
    if (takes?.is(String(item)) === false)
      throw new PolicyFault(address, `expected ${takes.what} for ${operator} but received "${item}"`);
  }
}

/** Whether every variable in a text is one, and of a key that the runner knows. */
export function areKnown(text: string): boolean {
  return variableKeys(text)?.every((key) => KNOWN_KEYS.has(key.toLowerCase())) ?? false;
}

interface ReadOperator extends Operator {
  readonly quantifier: string | undefined;
  readonly isNull: boolean;
  readonly ifExists: boolean;
  readonly negated: boolean;
}

/** Undefined for an operator that is not known. */
function readOperator(operator: string): ReadOperator | undefined {
  const [, quantifier, name = "", ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(operator) ?? [];
  const positive = NEGATIONS[name];
  const comparison = OPERATORS[positive ?? name];
  const isNull = name === "Null";
  if (comparison === undefined || (isNull && (quantifier !== undefined || ifExists !== undefined))) return undefined;
  return { ...comparison, quantifier, isNull, ifExists: ifExists !== undefined, negated: positive !== undefined };
}

/** Whether a condition holds of a request. @throws Error for an operator that is not known, as no checked one is */
export function holds({ operator, key, values }: Condition, context: RequestContext): boolean {
  const comparison = readOperator(operator);
  if (comparison === undefined) throw new Error(`expected a condition operator that is known but received ${operator}`);
  const expected = comparison.variables ? values.flatMap((value) => resolveVariables(value, context) ?? []) : values;
  const actual = valuesOf(context, key.toLowerCase());
  if (comparison.isNull) return expected.some((value) => (value.toLowerCase() === "true") === (actual.length === 0));
  const { quantifier, ifExists, negated } = comparison;
  const matchesOne = (value: string) => expected.some((each) => comparison.holds(value, each)) !== negated;
  // "ForAllValues returns true if there are no keys in the request"; ForAnyValue then returns false, IfExists or not:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
  if (quantifier === "ForAllValues") return actual.every(matchesOne);
  if (quantifier === "ForAnyValue") return actual.some(matchesOne);
  if (actual.length === 0) return ifExists || negated;
  return actual.some(matchesOne);
}

function valuesOf(context: RequestContext, key: string): readonly string[] {
  const value = context[key];
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

/** The five operators of what has an order; what is no such value on either side matches nothing. */
function ordered(
  kind: "Numeric" | "Date",
  read: (text: string) => number | undefined,
  what: string,
): Readonly<Record<string, Operator>> {
  const takes = { is: (text: string) => read(text) !== undefined, what };
  const operator = (compare: (actual: number, expected: number) => boolean): Operator => ({
    holds: (actual, expected) => compare(read(actual) ?? Number.NaN, read(expected) ?? Number.NaN),
    takes,
  });
  return {
    [`${kind}Equals`]: operator((actual, expected) => actual === expected),
    [`${kind}LessThan`]: operator((actual, expected) => actual < expected),
    [`${kind}LessThanEquals`]: operator((actual, expected) => actual <= expected),
    [`${kind}GreaterThan`]: operator((actual, expected) => actual > expected),
    [`${kind}GreaterThanEquals`]: operator((actual, expected) => actual >= expected),
  };
}

/** "integer or decimal values": https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
function decimal(text: string): number | undefined {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : undefined;
}

// https://www.w3.org/TR/NOTE-datetime; four digits are a year.
const ISO_8601 = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;

/** "one of the W3C implementations of the ISO 8601 date formats or in epoch (UNIX) time", says the same page. In milliseconds. */
function moment(text: string): number | undefined {
  if (/^\d{5,}$/.test(text)) return Number(text) * 1000;
  const time = ISO_8601.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
