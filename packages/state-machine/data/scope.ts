/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** What a path can read beside the state's input. */
export interface Scope {
  /** The context object: `$$` in JSONPath, `$states.context` in JSONata. */
  readonly context: Json;
  /** The variables of the workflow by name, without their `$`. */
  readonly variables: Readonly<Record<string, Json>>;
}

/** The error names of docs: concepts-error-handling that the data language raises. */
export type QueryErrorName =
  | "States.IntrinsicFailure"
  | "States.QueryEvaluationError"
  | "States.ResultPathMatchFailure"
  | "States.Runtime";

/**
 * A path, template, intrinsic function or expression failed on the data of one execution.
 * `error` is the name Retry and Catch see; the message is AWS's cause without its first sentence
 * ("An error occurred while executing the state ..."), which only the interpreter can write.
 */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly error: QueryErrorName;
  /** The field of a JSONata expression, as the event `EvaluationFailed` has it: `Output/name`. */
  readonly location: string | undefined;

  constructor(error: QueryErrorName, cause: string, location?: string) {
    super(cause);
    this.error = error;
    this.location = location;
  }
}

/** A path, template or expression that AWS refuses when the machine is made; the caller adds where it stands. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";
}

/** An expression that AWS refuses when the machine is made. */
export class ExpressionError extends DefinitionError {
  /** `field` is the place of the expression inside its state: `Output/name`. */
  constructor(
    readonly code: "INVALID_JSONATA_EXPRESSION" | "UNSUPPORTED_JSONATA_EXPRESSION",
    what: string,
    readonly field: string,
  ) {
    super(what);
  }
}

/** True for a JSON object: neither null nor an array. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isArray(value);
}

/** True for a JSON array; `Array.isArray` does not narrow read-only ones. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
