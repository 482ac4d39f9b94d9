import * as v from "valibot";

/** One thing wrong with the data of an environment. */
export interface Fault {
  /** Where it stands, such as `prod.renditions.thumb.width`. */
  readonly path: string;
  /** What would be right there, in words. */
  readonly expected: string;
  readonly received: unknown;
}

/** Tells whether a value, which may be anything because tsx checks no types, is a `T`, and if not, what was expected. */
export type Schema<T> = v.GenericSchema<unknown, T>;

/** All faults of `value`, each with its path below `path`. */
export function faultsOf(schema: Schema<unknown>, value: unknown, path: string): Fault[] {
  const { issues = [] } = v.safeParse(schema, value);
  return issues.map((issue) => ({
    path: (issue.path ?? []).reduce((above, step) => `${above}${placeOf(step, issue.input)}`, path),
    expected: issue.message,
    received: issue.input,
  }));
}

function placeOf({ type, origin, key }: v.IssuePathItem, received: unknown): string {
  if (type === "array") return `[${key}]`;
  return origin === "key" && received === key ? " (name)" : `.${key}`;
}

/** What `schema` expects, in words: its answer to no value at all. */
export function expectation(schema: Schema<unknown>): string {
  const { issues } = v.safeParse(schema, undefined);
  if (!issues) throw new Error("expected a schema that refuses undefined");
  return issues[0].message;
}

/** `schema`, with what its value means, for the table of docs/configuration.md. */
export const meaning = <S extends Schema<unknown>>(text: string, schema: S) => v.pipe(schema, v.description(text));

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `true` or `false`. */
export const bool = v.boolean("true or false");

/** A whole number from `min` to `max`, both included. */
export const integer = (min: number, max: number): Schema<number> =>
  v.custom<number>(
    (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    `a whole number from ${min} to ${max}`,
  );

/** One of a list of values. */
export const choice = <const T extends string | number>(values: readonly T[]): Schema<T> =>
  v.picklist(values, `one of ${values.join(", ")}`);

/** A string that matches `regex`, described as `expected`. */
export const pattern = (regex: RegExp, expected: string) => v.pipe(v.string(expected), v.regex(regex, expected));

/** What `inner` accepts, or one word that stands for it. An object that is not right keeps the faults of its fields. */
export const orWord = <S extends Schema<unknown>, const W extends string>(
  word: W,
  inner: S,
  expected = `${expectation(inner)}, or "${word}"`,
) => {
  const either = v.union([v.literal(word), inner], expected);
  const schema: Schema<W | v.InferOutput<S>> = v.lazy((value) => (isObject(value) ? inner : either));
  return Object.assign(schema, { wrapped: inner });
};

/** A list with at least one item, and no more than `most`. */
export const arrayOf = <T>(inner: Schema<T>, most = Number.POSITIVE_INFINITY) => {
  const expected = Number.isFinite(most) ? `a list of 1 to ${most}` : "a list of at least one";
  return v.pipe(v.array(inner, expected), v.minLength(1, expected), v.maxLength(most, expected), v.readonly());
};

/** An object with any names that `key` accepts and values that `inner` accepts. */
export const mapOf = <T>(key: v.GenericSchema<string, string>, inner: Schema<T>) =>
  v.pipe(v.record(key, inner, "an object"), v.readonly());

/** An object with exactly these fields. */
export const record = <E extends v.ObjectEntries>(entries: E) => {
  const unknownField = v.never(`no field of this name (known: ${Object.keys(entries).join(", ")})`);
  const schema = v.objectWithRest(entries, unknownField, ({ path }) => {
    const missing = path?.at(-1)?.key;
    const entry = typeof missing === "string" ? entries[missing] : undefined;
    return entry ? expectation(entry) : "an object";
  });
  const exact: Schema<Readonly<v.InferOutput<v.ObjectSchema<E, undefined>>>> = schema;
  return Object.assign(exact, { entries });
};
