import { masked, type Scalar, SENSITIVE, UNKNOWN, type Value } from "./value";

/** One attribute, down to a scalar; undefined is an attribute that is not there. */
export interface AttributeChange {
  /** Such as `rule[0].noncurrent_version_expiration[0].noncurrent_days` or `policy.Statement[1].Action`. */
  readonly path: string;
  readonly before: Scalar | undefined;
  readonly after: Scalar | undefined;
}

/**
 * The scalars that differ between two values, in the order in which Terraform names them. What is sensitive on both sides
 * is among them: whether it changes is not told.
 */
export function attributeChanges(before: Value, after: Value): readonly AttributeChange[] {
  const old = flattened(before);
  const next = flattened(after);
  // An object that becomes unknown as a whole is one change and not one for each of its fields.
  const unknown = [...next].flatMap(([path, value]) => (value === UNKNOWN ? [path] : []));
  const isBelowUnknown = (path: string) =>
    unknown.some((above) => path.startsWith(`${above}.`) || path.startsWith(`${above}[`));
  return [...new Set([...old.keys(), ...next.keys()])]
    .filter((path) => !isBelowUnknown(path))
    .map((path): AttributeChange => ({ path, before: old.get(path), after: next.get(path) }))
    .filter(({ before, after }) => before !== after || after === SENSITIVE);
}

/** Scalars by path; null and "" are left out, as providers mean "not set" by them. JSON inside a string is taken apart as well. */
function flattened(value: Value, path = "", into = new Map<string, Scalar>()): Map<string, Scalar> {
  const document = typeof value === "string" ? jsonDocument(value) : value;
  if (document === null || document === "") return into;
  if (typeof document !== "object") return into.set(path, document);
  if (Array.isArray(document)) {
    for (const [index, item] of document.entries()) flattened(item, `${path}[${index}]`, into);
  } else {
    for (const [name, item] of Object.entries(document)) flattened(item, path === "" ? name : `${path}.${name}`, into);
  }
  return into;
}

/** The object or list that a string holds as JSON, otherwise the string. */
function jsonDocument(text: string): Value {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return masked(JSON.parse(text), []);
  } catch {
    return text;
  }
}
