import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../stack-model/unsupported-error";

/** Refuses a field that is not listed. */
export function onlyKnown(block: JsonObject, known: ReadonlySet<string>, address: string): void {
  for (const field of Object.keys(block)) {
    if (!known.has(field)) {
      throw new UnsupportedError(address, `the local runner does not understand the field "${field}"`);
    }
  }
}

/** Whether a value is an integer within bounds. */
export function isInteger(value: Json, min: number, max: number): boolean {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
}

/** The objects of a list; nothing for a field that is not there. */
export function listOfObjects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
