import type { Language } from "../data/payload";
import { DefinitionError, type JsonObject } from "../data/scope";

/** Refuses fields that are not known: what is not known is never ignored. */
export function refuseOthers(object: JsonObject, what: string, names: readonly string[]): void {
  for (const name of Object.keys(object)) {
    if (!names.includes(name)) throw new DefinitionError(`The field ${name} of ${what} is not supported`);
  }
}

/** The names a payload may have: in JSONPath each also as `name.$`. */
export function payloadNames(names: readonly string[], language: Language): readonly string[] {
  return language === "JSONPath" ? names.flatMap((name) => [name, `${name}.$`]) : names;
}
