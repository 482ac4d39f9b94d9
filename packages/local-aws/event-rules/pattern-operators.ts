import { BlockList, isIP } from "node:net";
import { isJsonObject, type Json } from "../json";

/** What a field of an event may hold, once lists and objects are taken apart. */
export type Leaf = null | boolean | number | string;

/** What one item of a pattern's list asks of a field: a value that it takes, or that there is no value at all. */
export type FieldMatcher = ((value: Leaf) => boolean) | "absent";

/**
 * The operator of an event pattern with its operand; undefined for what EventBridge refuses.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function operatorMatcher(operator: string, operand: Json): FieldMatcher | undefined {
  if (operator === "exists") return typeof operand === "boolean" ? (operand ? () => true : "absent") : undefined;
  if (operator === "anything-but") return anythingBut(operand);
  if (operator === "numeric") return Array.isArray(operand) ? numericMatcher(operand) : undefined;
  if (operator === "cidr") return typeof operand === "string" ? cidrMatcher(operand) : undefined;
  // A filter for pictures wants ".JPG" of a camera, too.
  if ((operator === "prefix" || operator === "suffix") && isJsonObject(operand)) {
    const [[inner, text] = ["", null], ...others] = Object.entries(operand);
    if (inner !== "equals-ignore-case" || others.length > 0 || typeof text !== "string") return undefined;
    const either = ignoringCase(text);
    const form = new RegExp(operator === "prefix" ? `^${either}` : `${either}$`);
    return (value) => typeof value === "string" && form.test(value);
  }
  return textTest(operator, operand);
}

/** Names of all operators: an object that has one of them as a field is no pattern of its own. */
export const OPERATORS: ReadonlySet<string> = new Set([
  "anything-but",
  "cidr",
  "equals-ignore-case",
  "exactly",
  "exists",
  "numeric",
  "prefix",
  "suffix",
  "wildcard",
]);

type LeafTest = (value: Leaf) => boolean;

function textTest(operator: string, operand: Json): LeafTest | undefined {
  if (typeof operand !== "string") return undefined;
  const ofText = (test: (text: string) => boolean) => (value: Leaf) => typeof value === "string" && test(value);
  switch (operator) {
    case "exactly":
      return ofText((text) => text === operand);
    case "prefix":
      return ofText((text) => text.startsWith(operand));
    case "suffix":
      return ofText((text) => text.endsWith(operand));
    case "equals-ignore-case": {
      const form = new RegExp(`^${ignoringCase(operand)}$`);
      return ofText((text) => form.test(text));
    }
    case "wildcard": {
      const pieces = wildcardPieces(operand);
      return pieces && ofText((text) => matchesPieces(pieces, text));
    }
    default:
      return undefined;
  }
}

/** Each character of the pattern as a capital or not, and no other character that folds to the same, such as the sign of Kelvin. */
function ignoringCase(text: string): string {
  const either = [...text].map((character) => [character.toLowerCase(), character.toUpperCase()].map(escaped));
  return either.map((forms) => `(?:${forms.join("|")})`).join("");
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

// EventBridge refuses a wildcard that is too much work: few characters between many *, so that they meet the same text in many
// ways. Its measure is not documented. `*:*:*:*:*:event-bus/*` is too much; what is here is a bound that this is above.
const MOST_WILDCARDS_BEFORE_THE_SAME_CHARACTER = 4;

/** The texts between the `*` of a wildcard; undefined for two in a row, an escape of another character, or too much work. */
function wildcardPieces(wildcard: string): readonly string[] | undefined {
  const tokens = wildcard.match(/\\[*\\]|[^\\]/gsu) ?? [];
  if (tokens.join("") !== wildcard) return undefined;
  const pieces = [""];
  for (const token of tokens) {
    if (token === "*") pieces.push("");
    else pieces.push(`${pieces.pop()}${token.at(-1)}`);
  }
  if (pieces.slice(1, -1).includes("")) return undefined;
  const firsts = pieces.slice(1).map((piece) => piece[0] ?? "");
  const most = Math.max(0, ...firsts.map((first) => firsts.filter((other) => other === first).length));
  return most > MOST_WILDCARDS_BEFORE_THE_SAME_CHARACTER ? undefined : pieces;
}

function matchesPieces([first = "", ...others]: readonly string[], text: string): boolean {
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

const TEXT_OPERATORS_OF_ANYTHING_BUT = ["equals-ignore-case", "prefix", "suffix", "wildcard"];

/** Matches what is there and is something else: than texts, than numbers, or than what a text operator takes. */
function anythingBut(operand: Json): LeafTest | undefined {
  if (isJsonObject(operand)) {
    const [[operator, texts] = ["", null], ...others] = Object.entries(operand);
    const list = Array.isArray(texts) ? texts : [texts];
    const tests = list.flatMap((text: Json) => (text === "" ? [] : (textTest(operator, text) ?? [])));
    const known = TEXT_OPERATORS_OF_ANYTHING_BUT.includes(operator) && others.length === 0;
    if (!known || list.length === 0 || tests.length < list.length) return undefined;
    return (value) => !tests.some((test) => test(value));
  }
  const excluded: readonly Json[] = Array.isArray(operand) ? operand : [operand];
  const isOneKind = ["string", "number"].some((kind) => excluded.every((item) => typeof item === kind));
  if (excluded.length === 0 || !isOneKind) return undefined;
  return (value) => !excluded.includes(value);
}

// "The numbers are limited to the range of -5.0e9 to +5.0e9", on the page of the operators above.
const LARGEST_NUMBER = 5e9;

/** One comparison, or a lower bound and then an upper one. */
function numericMatcher(operand: readonly Json[]): LeafTest | undefined {
  const operators = operand.filter((_item, index) => index % 2 === 0);
  const bounds = operand
    .filter((_item, index) => index % 2 === 1)
    .filter((bound) => typeof bound === "number" && Math.abs(bound) <= LARGEST_NUMBER);
  if (!/^(=|[<>]=?|>=? <=?)$/.test(operators.join(" ")) || bounds.length < operators.length) return undefined;
  const [lower = 0, upper = Number.POSITIVE_INFINITY] = bounds;
  if (typeof lower !== "number" || typeof upper !== "number" || lower >= upper) return undefined;
  const limits = [lower, upper];
  return (value) =>
    typeof value === "number" && operators.every((operator, index) => compare(value, operator, limits[index] ?? 0));
}

function compare(item: number, operator: Json, bound: number): boolean {
  if (operator === "=") return item === bound;
  if (item === bound) return operator === "<=" || operator === ">=";
  return operator === "<" || operator === "<=" ? item < bound : item > bound;
}

const ADDRESS_BITS = { 4: 32, 6: 128 } as const;

function cidrMatcher(cidr: string): LeafTest | undefined {
  const [, address = "", prefix = ""] = /^([^/]+)\/(\d{1,3})$/.exec(cidr) ?? [];
  const version = isIP(address);
  if ((version !== 4 && version !== 6) || Number(prefix) > ADDRESS_BITS[version]) return undefined;
  const family = version === 4 ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(address, Number(prefix), family);
  return (value) => typeof value === "string" && isIP(value) === version && block.check(value, family);
}
