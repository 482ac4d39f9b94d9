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
    query = compile(`$[?(${quoteNames(text)})]`);
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

// A text in quotes, or a path with its names and brackets; all else in a filter is left as it is.
const textOrPath =
  /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[@$](?:\.[^\s.[\]()'"=!<>&|,*]+|\['(?:[^'\\]|\\.)*'\]|\[[^'\]]*\])+/gs;
const step = /\['(?:[^'\\]|\\.)*'\]|\[[^'\]]*\]|\.([^.[]+)/gs;

/** Puts plain names of paths into brackets: AWS takes `@.detail-type`, RFC 9535 only `@['detail-type']`. */
function quoteNames(text: string): string {
  return text.replaceAll(textOrPath, (token) =>
    /^[@$]/.test(token) ? token.replaceAll(step, (all, name?: string) => (name ? `['${name}']` : all)) : token,
  );
}

/** json-p3 asks for arrays and objects it may change, and only reads them. */
function isLent(value: unknown): value is JSONValue {
  return value !== undefined;
}
