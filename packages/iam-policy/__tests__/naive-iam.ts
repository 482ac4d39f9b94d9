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
  const isResource = (pattern: string) => isLike(pattern, resource);
  return (
    (statement.Action?.some(isAction) ?? !statement.NotAction?.some(isAction)) &&
    (statement.Resource?.some(isResource) ?? !statement.NotResource?.some(isResource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => conditionHolds(operator, context[key.toLowerCase()] ?? [], wanted)),
    )
  );
}

/** `*` is nothing, or one character and `*` again. */
function isLike(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const rest = pattern.slice(1);
  if (pattern[0] === "*") return isLike(rest, text) || (text !== "" && isLike(pattern, text.slice(1)));
  return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) && isLike(rest, text.slice(1));
}

const TABLE: Readonly<Record<string, (actual: string, wanted: string) => boolean>> = {
  StringEquals: (actual, wanted) => actual === wanted,
  StringEqualsIgnoreCase: (actual, wanted) => actual.toUpperCase() === wanted.toUpperCase(),
  StringLike: (actual, wanted) => isLike(wanted, actual),
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
function conditionHolds(operator: string, actual: readonly string[], wanted: readonly string[]): boolean {
  const [set, plain] = operator.includes(":") ? operator.split(":") : ["", operator];
  const name = (plain ?? "").replace("IfExists", "");
  if (name === "Null") return wanted.some((value) => value === String(actual.length === 0));
  const isNegated = name.includes("Not");
  const compare = TABLE[name.replace("Not", "")];
  if (compare === undefined) throw new Error(`expected an operator of the table but received ${operator}`);
  const one = (value: string) =>
    isNegated ? wanted.every((each) => !compare(value, each)) : wanted.some((each) => compare(value, each));
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
