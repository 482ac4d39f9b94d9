import { compile, JSONPathError, type JSONValue, jsonpath } from "json-p3";
import { DefinitionError, type Json } from "./scope";

/** Whether an item is kept by a filter, `?( ... )`, of a path over the document `root`. */
export type Filter = (item: Json, root: Json) => boolean;

/**
 * Compiles the text between the parentheses of `[?( ... )]`: comparisons, existence, `&&`, `||`, `!`, nested paths.
 * Operators that only Jayway has (`=~`, `in`, `size` ...) are refused.
 */
export function compileFilter(text: string): Filter {
  let query: jsonpath.JSONPathQuery;
  try {
    query = compile(`$[?(${text})]`);
  } catch (cause) {
    if (cause instanceof JSONPathError) throw new DefinitionError(`Invalid filter '?(${text})': ${cause.message}`);
    throw cause;
  }
  const [selector, ...more] = query.segments.flatMap((segment) => segment.selectors);
  if (more.length > 0 || !(selector instanceof jsonpath.selectors.FilterSelector)) {
    throw new DefinitionError(`Expected one filter expression but received '?(${text})'`);
  }
  const { expression } = selector;
  const { environment } = query;
  return (currentValue, rootValue) =>
    isLent(currentValue) && isLent(rootValue) && expression.evaluate({ environment, currentValue, rootValue });
}

/** json-p3 asks for arrays and objects it may change, and only reads them. */
function isLent(value: unknown): value is JSONValue {
  return value !== undefined;
}
