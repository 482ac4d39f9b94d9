import { isObject, type Json, QueryError, type QueryErrorName } from "./scope";

/**
 * How deep data may be nested. Jackson, which AWS's messages show at work, reads 1,000 levels unless told otherwise
 * (StreamReadConstraints.DEFAULT_MAX_DEPTH); deeper values would also overflow the stack of whoever walks them.
 */
export const MAX_DEPTH = 1_000;

/** True when no part of the value is nested deeper than `MAX_DEPTH`. Walks without recursion. */
export function isShallow(value: Json): boolean {
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return false;
    const next: Json[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null) continue;
      for (const child of Object.values(item)) if (typeof child === "object" && child !== null) next.push(child);
    }
    level = next;
  }
  return true;
}

/** The value as AWS writes it into a cause: compact JSON. Too deep a value is an error of the given name. */
export function printJson(value: Json, error: QueryErrorName = "States.Runtime"): string {
  if (!isShallow(value)) throw tooDeep(error);
  return JSON.stringify(value);
}

/** Text that is the same for equal values, whatever the order of their fields. */
export function canonicalJson(value: Json, error: QueryErrorName): string {
  if (!isShallow(value)) throw tooDeep(error);
  return JSON.stringify(value, (_name, item: Json) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

/** Reads JSON text; `undefined` when it is none. Text nested too deep is an error of the given name. */
export function readJson(text: string, error: QueryErrorName): Json | undefined {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isShallow(value)) throw tooDeep(error);
  return value;
}

function tooDeep(error: QueryErrorName): QueryError {
  return new QueryError(error, `Expected JSON of at most ${MAX_DEPTH} levels but received deeper nesting`);
}
