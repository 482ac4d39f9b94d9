import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../stack/unsupported-error";

/** setTimeout holds 31 bits of milliseconds; a longer wait would fire at once. */
export const MAX_SECONDS = 2_147_483;

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

/** Refuses seconds that no timer holds. */
export function positiveSeconds(value: Json | undefined, field: string, address: string): void {
  if (value !== undefined && !isInteger(value, 1, MAX_SECONDS)) {
    throw new UnsupportedError(
      address,
      `expected ${field} to be an integer from 1 to ${MAX_SECONDS} but received ${JSON.stringify(value)}`,
    );
  }
}

/** Refuses a path to write to that is not made of names: the interpreter pads lists, and takes `$['a']` for a name. */
export function namesOnly(value: Json | undefined, field: string, address: string): void {
  if (typeof value === "string" && value.includes("[")) {
    throw new UnsupportedError(address, `expected ${field} to be made of names ($.a.b) but received ${value}`);
  }
}
