import { isShallow } from "./json-text";
import { isArray, type Json } from "./scope";

/** An intrinsic function. What it refuses it throws as a `RefusedArgument`. */
export interface IntrinsicFunction {
  /** How many arguments it takes: the least and the most. */
  readonly arity: readonly [least: number, most: number];
  /** Set when a literal as first argument comes as it is written, with its escapes. */
  readonly rawFirst?: true;
  readonly run: (args: readonly Json[]) => Json;
}

/** An argument a function does not take; the execution ends in `States.IntrinsicFailure`. */
export class RefusedArgument extends Error {
  override readonly name = "RefusedArgument";

  constructor(expected: string, came: Json | undefined) {
    const text = came === undefined ? "nothing" : isShallow(came) ? JSON.stringify(came) : "deeply nested data";
    super(`Expected ${expected} but received ${text.length > 100 ? `${text.slice(0, 100)}...` : text}`);
  }
}

/** The longest text that Base64Encode, Base64Decode and Hash take (docs: intrinsic-functions). */
export const MAX_CHARACTERS = 10_000;

/** The argument as text, at most `most` characters long. */
export function textArgument(value: Json | undefined, what: string, most = Number.POSITIVE_INFINITY): string {
  if (typeof value !== "string") throw new RefusedArgument(`a string as ${what}`, value);
  if (value.length > most) throw new RefusedArgument(`at most ${most} characters as ${what}`, value);
  return value;
}

/** The argument as an array. */
export function arrayArgument(value: Json | undefined): readonly Json[] {
  if (!isArray(value)) throw new RefusedArgument("an array as first argument", value);
  return value;
}

const MAX_INT = 2_147_483_647; // docs: intrinsic-functions, MathAdd: -2147483648 to 2147483647

/** The argument as an integer of 32 bits; others are rounded to the nearest, as the page says. */
export function integerArgument(value: Json | undefined, what: string): number {
  if (typeof value !== "number") throw new RefusedArgument(`an integer as ${what}`, value);
  const integer = Math.round(value);
  if (integer < -MAX_INT - 1 || integer > MAX_INT) {
    throw new RefusedArgument(`an integer from ${-MAX_INT - 1} to ${MAX_INT} as ${what}`, value);
  }
  return integer;
}
