import { isIP } from "node:net";

/** A statement as it is written, with every element as a list. */
export interface WrittenStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, readonly string[]>>;
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Everything that a decision depends on. The policies of an identity count for roles only. */
export interface Question {
  readonly who: "session" | "service" | "anonymous" | "operator";
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, readonly string[]>>;
  readonly identity: readonly WrittenStatement[];
  readonly boundary: readonly WrittenStatement[] | undefined;
  readonly ofResource: readonly WrittenStatement[];
}

/** The names that a policy of a resource may call each caller by. */
export const NAMES: Readonly<Record<Question["who"], { readonly own?: string; readonly role?: string }>> = {
  session: {
    own: "AWS arn:aws:sts::111111111111:assumed-role/Reader/session",
    role: "AWS arn:aws:iam::111111111111:role/Reader",
  },
  service: { own: "Service lambda.amazonaws.com" },
  operator: { own: "AWS arn:aws:iam::111111111111:user/operator" },
  anonymous: {},
};

/**
 * IAM's decision a second time, as literally as the documentation has it and sharing no code with the package: wildcards by
 * recursion, ranges by arithmetic, conditions by one table. Slow, and only for tests.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function naivelyAllowed(question: Question): boolean {
  const { who, identity, boundary, ofResource } = question;
  const { own, role } = NAMES[who];
  const hits = (statement: WrittenStatement, effect: string) =>
    statement.Effect === effect && covers(statement, question);
  const mine = who === "session" ? identity : [];
  const bounds = who === "session" ? boundary : undefined;
  const toCaller = ofResource.filter(
    (statement) => called(statement, "*") || called(statement, own) || called(statement, role),
  );

  // "an explicit deny in any of these policies overrides the allow"
  if ([...mine, ...(bounds ?? []), ...toCaller].some((statement) => hits(statement, "Deny"))) return false;
  if (who === "operator") return true;
  const grants = toCaller.filter((statement) => hits(statement, "Allow"));
  // What is granted to the session or to everyone is not limited by an implicit deny of a boundary.
  if (grants.some((statement) => called(statement, "*") || called(statement, own))) return true;
  const isWithin = bounds === undefined || bounds.some((statement) => hits(statement, "Allow"));
  return isWithin && (grants.length > 0 || mine.some((statement) => hits(statement, "Allow")));
}

function called({ Principal: principal }: WrittenStatement, name: string | undefined): boolean {
  if (principal === undefined || name === undefined) return false;
  if (principal === "*") return name === "*";
  return Object.entries(principal).some(([kind, names]) =>
    names.some((each) => (each === "*" ? "*" : `${kind} ${each}`) === name),
  );
}

function covers(statement: WrittenStatement, { action, resource, context }: Question): boolean {
  const isAction = (pattern: string) => isLike(pattern.toLowerCase(), action.toLowerCase());
  const isResource = (pattern: string) => isLike(pattern, resource, context);
  return (
    (statement.Action?.some(isAction) ?? !statement.NotAction?.some(isAction)) &&
    (statement.Resource?.some(isResource) ?? !statement.NotResource?.some(isResource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => conditionHolds(operator, key.toLowerCase(), wanted, context)),
    )
  );
}

/** A wildcard is an object, so that no character is taken for one. */
type Token = string | typeof ANY | typeof ONE;
const ANY = { wildcard: "*" };
const ONE = { wildcard: "?" };

/** Undefined where a variable has no value. */
function tokensOf(pattern: string, context: Question["context"]): readonly Token[] | undefined {
  if (pattern === "") return [];
  const end = pattern.indexOf("}");
  const isVariable = pattern.startsWith("${") && end > 0;
  const rest = tokensOf(pattern.slice(isVariable ? end + 1 : 1), context);
  if (rest === undefined) return undefined;
  if (!isVariable) return [pattern[0] === "*" ? ANY : pattern[0] === "?" ? ONE : (pattern[0] ?? ""), ...rest];
  const [key = "", fallback] = pattern.slice(2, end).split(", ");
  if (["*", "?", "$"].includes(key)) return [key, ...rest];
  const values = context[key.toLowerCase()] ?? (fallback === undefined ? [] : [fallback.slice(1, -1)]);
  return values.length === 1 ? [...(values[0] ?? ""), ...rest] : undefined;
}

function isLike(pattern: string, text: string, context: Question["context"] = {}): boolean {
  const tokens = tokensOf(pattern, context);
  return tokens !== undefined && fits(tokens, text);
}

/** `*` is nothing, or one character and `*` again. */
function fits(tokens: readonly Token[], text: string): boolean {
  const [first, ...rest] = tokens;
  if (first === undefined) return text === "";
  if (first === ANY) return fits(rest, text) || (text !== "" && fits(tokens, text.slice(1)));
  return text !== "" && (first === ONE || first === text[0]) && fits(rest, text.slice(1));
}

/** A text in which a wildcard is a character like others. */
function plainText(written: string, context: Question["context"]): string | undefined {
  return tokensOf(written, context)
    ?.map((token) => (typeof token === "string" ? token : token.wildcard))
    .join("");
}

type Compare = (actual: string, wanted: string, context: Question["context"]) => boolean;

const TABLE: Readonly<Record<string, Compare>> = {
  StringEquals: (actual, wanted, context) => actual === plainText(wanted, context),
  StringEqualsIgnoreCase: (actual, wanted, context) =>
    actual.toUpperCase() === plainText(wanted, context)?.toUpperCase(),
  StringLike: (actual, wanted, context) => isLike(wanted, actual, context),
  ArnEquals: isLikeArn,
  ArnLike: isLikeArn,
  Bool: (actual, wanted) => actual.toUpperCase() === wanted.toUpperCase(),
  NumericEquals: (actual, wanted) => isNumber(actual) && +actual === +wanted,
  NumericLessThan: (actual, wanted) => isNumber(actual) && +actual < +wanted,
  NumericLessThanEquals: (actual, wanted) => isNumber(actual) && +actual <= +wanted,
  NumericGreaterThan: (actual, wanted) => isNumber(actual) && +actual > +wanted,
  NumericGreaterThanEquals: (actual, wanted) => isNumber(actual) && +actual >= +wanted,
  DateEquals: (actual, wanted) => secondsOf(actual) === secondsOf(wanted),
  DateLessThan: (actual, wanted) => secondsOf(actual) < secondsOf(wanted),
  DateLessThanEquals: (actual, wanted) => secondsOf(actual) <= secondsOf(wanted),
  DateGreaterThan: (actual, wanted) => secondsOf(actual) > secondsOf(wanted),
  DateGreaterThanEquals: (actual, wanted) => secondsOf(actual) >= secondsOf(wanted),
  IpAddress: isWithinRange,
};

/** Of the dates that the test draws. */
const SECONDS: Readonly<Record<string, number>> = {
  "2026": 1_767_225_600,
  "2026-03-01": 1_772_323_200,
  "2026-03-01T12:00Z": 1_772_366_400,
  "2026-03-01T14:00:00.000+02:00": 1_772_366_400,
  "1772366400": 1_772_366_400,
  "1772366401": 1_772_366_401,
};
const secondsOf = (text: string): number => SECONDS[text] ?? Number.NaN;

/** The dates that are understood here. */
export const DATES = Object.keys(SECONDS);

/**
 * One line of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-key-or-value-conditions.html a case:
 * values of a condition are alternatives (of a negated operator: none may match), values of the request as the set operator
 * says, and a key that is absent as the operator, IfExists and the set operator say.
 */
function conditionHolds(
  operator: string,
  key: string,
  wanted: readonly string[],
  context: Question["context"],
): boolean {
  const actual = context[key] ?? [];
  const [set, plain] = operator.includes(":") ? operator.split(":") : ["", operator];
  const name = (plain ?? "").replace("IfExists", "");
  if (name === "Null") return wanted.some((value) => value === String(actual.length === 0));
  const isNegated = name.includes("Not");
  const compare = TABLE[name.replace("Not", "")];
  if (compare === undefined) throw new Error(`expected an operator of the table but received ${operator}`);
  const one = (value: string) =>
    isNegated
      ? wanted.every((each) => !compare(value, each, context))
      : wanted.some((each) => compare(value, each, context));
  if (actual.length > 0) return set === "ForAllValues" ? !actual.some((value) => !one(value)) : actual.some(one);
  if (set !== "") return set === "ForAllValues";
  return isNegated || operator.endsWith("IfExists");
}

const isNumber = (text: string): boolean =>
  text !== "" && [...text].every((character) => "0123456789.-".includes(character));

function isLikeArn(actual: string, wanted: string): boolean {
  const [a, w] = [sixParts(actual), sixParts(wanted)];
  return a.length === 6 && w.length === 6 && w.every((part, index) => isLike(part, a[index] ?? ""));
}

function sixParts(arn: string): readonly string[] {
  const parts = arn.split(":");
  return parts.length < 6 ? [] : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

function isWithinRange(address: string, range: string): boolean {
  const [network = "", length] = range.split("/");
  if (isIP(address) === 0 || isIP(address) !== isIP(network)) return false;
  const bits = isIP(network) === 4 ? 32 : 128;
  const shift = BigInt(bits - Number(length ?? bits));
  return numberOf(address) >> shift === numberOf(network) >> shift;
}

/** Of IPv6 the forms with at most one `::` and no dots. */
function numberOf(address: string): bigint {
  if (address.includes(".")) return address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = [], tail = []] = address.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => "0"), ...tail];
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}
