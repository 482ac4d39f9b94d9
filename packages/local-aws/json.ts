/** A value as JSON.parse gives it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** JSON.parse with a type that has to be narrowed before use. */
export function parseJson(text: string): Json {
  return JSON.parse(text);
}

/** Whether a JSON value is an object, not a list and not null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
