/** One thing wrong with the data of an environment. */
export interface Fault {
  /** Where it stands, such as `prod.renditions.thumb.width`. */
  readonly path: string;
  /** What would be right there, in words. */
  readonly expected: string;
  readonly received: unknown;
}

/** Looks at a value and returns its faults; the value may be anything, for tsx runs data files without checking types. */
export type Check = (value: unknown, path: string) => Fault[];

const check =
  (expected: string, holds: (value: unknown) => boolean): Check =>
  (value, path) =>
    holds(value) ? [] : [{ path, expected, received: value }];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `true` or `false`. */
export const bool: Check = check("true or false", (value) => typeof value === "boolean");

/** A whole number from `min` to `max`, both included. */
export const integer = (min: number, max: number): Check =>
  check(
    `a whole number from ${min} to ${max}`,
    (value) => typeof value === "number" && Number.isInteger(value) && value >= min && value <= max,
  );

/** One of a list of values. */
export const choice = (values: readonly (string | number)[]): Check =>
  check(`one of ${values.join(", ")}`, (value) => values.some((allowed) => allowed === value));

/** A string that matches `regex`, described as `expected`. */
export const pattern = (regex: RegExp, expected: string): Check =>
  check(expected, (value) => typeof value === "string" && regex.test(value));

/** What `inner` accepts, or the word "none". */
export const orNone =
  (inner: Check): Check =>
  (value, path) =>
    value === "none"
      ? []
      : inner(value, path).map((fault) =>
          fault.path === path ? { ...fault, expected: `${fault.expected}, or "none"` } : fault,
        );

/** What `inner` accepts, or no value at all. */
export const optional =
  (inner: Check): Check =>
  (value, path) =>
    value === undefined ? [] : inner(value, path);

/** A non-empty list of what `inner` accepts. */
export const arrayOf =
  (inner: Check): Check =>
  (value, path) =>
    Array.isArray(value) && value.length > 0
      ? value.flatMap((item, index) => inner(item, `${path}[${index}]`))
      : [{ path, expected: "a list of at least one", received: value }];

/** An object with any keys that `key` accepts and values that `inner` accepts. */
export const mapOf =
  (key: Check, inner: Check): Check =>
  (value, path) =>
    isObject(value)
      ? Object.entries(value).flatMap(([name, item]) => [
          ...key(name, `${path} (name)`),
          ...inner(item, `${path}.${name}`),
        ])
      : [{ path, expected: "an object", received: value }];

/** An object with exactly the fields of `T`, each with its own check. */
export const record =
  <T>(fields: { readonly [Field in keyof Required<T>]: Check }): Check =>
  (value, path) => {
    if (!isObject(value)) return [{ path, expected: "an object", received: value }];
    const checks: [string, Check][] = Object.entries(fields);
    const unknown = Object.keys(value).filter((name) => !Object.hasOwn(fields, name));
    return [
      ...checks.flatMap(([name, inner]) => inner(value[name], `${path}.${name}`)),
      ...unknown.map((name) => ({
        path: `${path}.${name}`,
        expected: `no field of this name (known: ${Object.keys(fields).join(", ")})`,
        received: value[name],
      })),
    ];
  };
