import { comparisons, flag, type MakeTest, stringMatches, type Test, typeTests } from "./choice-operators";
import { MAX_DEPTH } from "./json-text";
import { findPath, type Path, parsePath } from "./path";
import { DefinitionError, isArray, isObject, type Json, QueryError, type Scope } from "./scope";

/** A rule of a Choice state in JSONPath (docs: amazon-states-language-choice-state). */
export type ChoiceRule =
  | { readonly kind: "all" | "any"; readonly rules: readonly ChoiceRule[] }
  | { readonly kind: "not"; readonly rule: ChoiceRule }
  | { readonly kind: "present"; readonly variable: Path; readonly wanted: boolean }
  | { readonly kind: "test"; readonly variable: Path; readonly test: Test }
  | { readonly kind: "compare"; readonly variable: Path; readonly makeTest: MakeTest; readonly operand: Path };

/** What stands beside a rule and is no part of it: the interpreter reads these of the outermost rule. */
const outerFields: ReadonlySet<string> = new Set(["Next", "Assign", "Comment"]);

/** Reads a rule as it stands in `Choices`. Throws a `DefinitionError` for anything that is no rule. */
export function parseChoiceRule(json: Json): ChoiceRule {
  return parse(json, 0);
}

function parse(json: Json, depth: number): ChoiceRule {
  if (!isObject(json)) throw new DefinitionError(`Expected an object as choice rule but received ${typeof json}`);
  if (depth > MAX_DEPTH) throw new DefinitionError(`Expected rules nested at most ${MAX_DEPTH} deep`);
  const names = Object.keys(json).filter((name) => (depth === 0 ? !outerFields.has(name) : name !== "Comment"));
  const operators = names.filter((name) => name !== "Variable");
  const [operator, ...others] = operators;
  if (operator === undefined || others.length > 0) {
    throw new DefinitionError(`Expected one operator in a choice rule but received ${operators.join(", ") || "none"}`);
  }
  const operand = json[operator] ?? null;
  const variable = json.Variable;
  if (operator === "And" || operator === "Or" || operator === "Not") {
    if (variable !== undefined) throw new DefinitionError(`Expected no Variable beside ${operator}`);
    return parseLogic(operator, operand, depth);
  }
  if (typeof variable !== "string") throw new DefinitionError(`Expected a path as Variable beside ${operator}`);
  return parseComparison(operator, operand, parsePath(variable));
}

function parseLogic(operator: "And" | "Or" | "Not", operand: Json, depth: number): ChoiceRule {
  if (operator === "Not") return { kind: "not", rule: parse(operand, depth + 1) };
  if (!isArray(operand) || operand.length === 0) {
    throw new DefinitionError(`Expected an array of at least one rule as ${operator}`);
  }
  const rules = operand.map((rule) => parse(rule, depth + 1));
  return { kind: operator === "And" ? "all" : "any", rules };
}

function parseComparison(operator: string, operand: Json, variable: Path): ChoiceRule {
  if (operator === "IsPresent") return { kind: "present", variable, wanted: flag(operator, operand) };
  const typeTest = typeTests.get(operator);
  if (typeTest !== undefined) {
    const wanted = flag(operator, operand);
    return { kind: "test", variable, test: (value) => typeTest(value) === wanted };
  }
  const ofPath = operator.endsWith("Path") ? comparisons.get(operator.slice(0, -"Path".length)) : undefined;
  if (ofPath !== undefined) {
    if (typeof operand !== "string") throw new DefinitionError(`Expected a path as ${operator}`);
    return { kind: "compare", variable, makeTest: ofPath, operand: parsePath(operand) };
  }
  const makeTest = operator === "StringMatches" ? stringMatches : comparisons.get(operator);
  if (makeTest === undefined) throw new DefinitionError(`There is no operator ${operator} of a choice rule`);
  const test = makeTest(operand);
  if (test === undefined) {
    throw new DefinitionError(`Expected a value of its type for ${operator} but received ${JSON.stringify(operand)}`);
  }
  return { kind: "test", variable, test };
}

/** Whether a rule holds for an input. A variable that is not there is `States.Runtime`, but for IsPresent. */
export function holds(rule: ChoiceRule, input: Json, scope: Scope): boolean {
  switch (rule.kind) {
    case "all":
      return rule.rules.every((each) => holds(each, input, scope));
    case "any":
      return rule.rules.some((each) => holds(each, input, scope));
    case "not":
      return !holds(rule.rule, input, scope);
    case "present":
      return (findPath(rule.variable, input, scope).kind === "value") === rule.wanted;
    case "test":
      return rule.test(read(rule.variable, input, scope));
    case "compare": {
      // Values of different types are not equal, less or greater, whichever side they come from.
      const test = rule.makeTest(read(rule.operand, input, scope));
      const value = read(rule.variable, input, scope);
      return test?.(value) ?? false;
    }
  }
}

function read(path: Path, input: Json, scope: Scope): Json {
  const found = findPath(path, input, scope);
  if (found.kind === "value") return found.value;
  throw new QueryError(
    "States.Runtime",
    `Invalid path '${path.text}': The choice state's condition path references an invalid value.`,
  );
}
