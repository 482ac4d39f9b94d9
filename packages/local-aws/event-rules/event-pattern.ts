import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../unsupported-error";
import { type FieldMatcher, type Leaf, OPERATORS, operatorMatcher } from "./pattern-operators";

/** Whether a rule wants an event. */
export type EventPattern = (event: JsonObject) => boolean;

/**
 * Reads an EventBridge event pattern; what EventBridge refuses is refused.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 * @param address of the rule, for messages
 * @throws UnsupportedError
 */
export function parseEventPattern(pattern: JsonObject, address: string): EventPattern {
  const alternatives = new PatternReader(address).alternatives(pattern, "");
  return (event) => {
    const values = valuesOf(event);
    return alternatives.some((fields) => matchesAll(fields, values));
  };
}

/** A field of a pattern. Names are joined by dots, in patterns and in events, before they are compared. */
interface Field {
  readonly path: string;
  readonly matchers: readonly FieldMatcher[];
}

/** Fields that have to match together. */
type Alternative = readonly Field[];

// "The total number of combinations of $or conditions", https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-or
const MOST_ALTERNATIVES = 1000;

class PatternReader {
  constructor(private readonly address: string) {}

  /** What matches one of them matches the pattern: $or makes several out of one. */
  alternatives(pattern: JsonObject, prefix: string): readonly Alternative[] {
    const entries = Object.entries(pattern);
    if (entries.length === 0) throw this.#refused("expected fields in the event pattern but received {}");
    return entries.reduce<readonly Alternative[]>(
      (before, [name, wanted]) => {
        const these = this.#field(name, wanted, prefix);
        if (before.length * these.length > MOST_ALTERNATIVES)
          throw this.#refused(`expected at most ${MOST_ALTERNATIVES} combinations of $or in the event pattern`);
        return before.flatMap((fields) => these.map((more) => [...fields, ...more]));
      },
      [[]],
    );
  }

  #field(name: string, wanted: Json, prefix: string): readonly Alternative[] {
    if (name === "$or" && isOr(wanted)) return wanted.flatMap((pattern) => this.alternatives(pattern, prefix));
    const path = prefix + name;
    if (isJsonObject(wanted)) return this.alternatives(wanted, `${path}.`);
    if (!Array.isArray(wanted) || wanted.length === 0) {
      throw this.#refused(
        `expected a list of values for "${name}" in the event pattern but received ${JSON.stringify(wanted)}`,
      );
    }
    return [[{ path, matchers: wanted.map((item: Json) => this.#matcher(item)) }]];
  }

  #matcher(wanted: Json): FieldMatcher {
    if (isLeaf(wanted)) return (value) => value === wanted;
    const [[operator, operand] = ["", null], ...others] = Object.entries(wanted);
    const matcher = isJsonObject(wanted) && others.length === 0 ? operatorMatcher(operator, operand) : undefined;
    if (matcher === undefined)
      throw this.#refused(`the event pattern operator ${JSON.stringify(wanted)} is not understood`);
    return matcher;
  }

  #refused(message: string): UnsupportedError {
    return new UnsupportedError(this.address, message);
  }
}

/** Two patterns or more; anything else under that name is a field like others. */
function isOr(wanted: Json): wanted is readonly JsonObject[] {
  return (
    Array.isArray(wanted) &&
    wanted.length >= 2 &&
    wanted.every((item: Json) => isJsonObject(item) && !Object.keys(item).some((name) => OPERATORS.has(name)))
  );
}

/** A value of an event, and by which element of which list one gets there: list by list, the element's number. */
interface Found {
  readonly value: Leaf;
  readonly elements: ReadonlyMap<Json, number>;
}

/** All values of an event by their path. A list counts as its elements, and an empty one as nothing. */
function valuesOf(event: JsonObject): ReadonlyMap<string, readonly Found[]> {
  const values = new Map<string, Found[]>();
  const visit = (value: Json, path: string, elements: ReadonlyMap<Json, number>): void => {
    if (isLeaf(value)) {
      const found = values.get(path) ?? [];
      values.set(path, found);
      found.push({ value, elements });
    } else if (isJsonObject(value)) {
      for (const [name, inner] of Object.entries(value)) visit(inner, path === "" ? name : `${path}.${name}`, elements);
    } else {
      value.forEach((item: Json, index) => {
        visit(item, path, isLeaf(item) ? elements : new Map(elements).set(value, index));
      });
    }
  };
  visit(event, "", new Map());
  return values;
}

const isLeaf = (value: Json): value is Leaf => typeof value !== "object" || value === null;

/** Whether each field finds a value, all of them in the same elements of the lists they share. */
function matchesAll(
  [field, ...others]: Alternative,
  values: ReadonlyMap<string, readonly Found[]>,
  chosen: ReadonlyMap<Json, number> = new Map(),
): boolean {
  if (field === undefined) return true;
  const found = values.get(field.path);
  if (found === undefined) return field.matchers.includes("absent") && matchesAll(others, values, chosen);
  return found.some(
    ({ value, elements }) =>
      field.matchers.some((matches) => matches !== "absent" && matches(value)) &&
      [...elements].every(([list, element]) => (chosen.get(list) ?? element) === element) &&
      matchesAll(others, values, new Map([...chosen, ...elements])),
  );
}
