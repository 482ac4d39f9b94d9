import { arrayFunctions } from "./intrinsic-arrays";
import { type IntrinsicFunction, RefusedArgument } from "./intrinsic-function";
import { type Argument, type Call, readCall } from "./intrinsic-syntax";
import { textFunctions } from "./intrinsic-texts";
import { valueFunctions } from "./intrinsic-values";
import { printJson } from "./json-text";
import { findPath } from "./path";
import { DefinitionError, type Json, QueryError, type Scope } from "./scope";

/** A checked call of an intrinsic function. */
export interface Intrinsic {
  readonly text: string;
  readonly function: IntrinsicFunction;
  readonly args: readonly (Exclude<Argument, { kind: "call" }> | { readonly kind: "call"; readonly call: Intrinsic })[];
}

/** The 18 intrinsic functions by name, without `States.` (docs: intrinsic-functions). */
const functions: ReadonlyMap<string, IntrinsicFunction> = new Map<string, IntrinsicFunction>(
  Object.entries({ ...arrayFunctions, ...textFunctions, ...valueFunctions }),
);

/** Reads `States.Name(...)`. Throws a `DefinitionError` for wrong syntax and for functions that are not there. */
export function parseIntrinsic(text: string): Intrinsic {
  return resolve(readCall(text));
}

function resolve(call: Call): Intrinsic {
  const found = functions.get(call.name);
  if (found === undefined) throw new DefinitionError(`There is no intrinsic function States.${call.name}`);
  const [template] = call.args;
  if (found.rawFirst && template?.kind === "string" && /[{}]/.test(template.raw.replaceAll(/\\.|\{\}/g, ""))) {
    throw new DefinitionError(`Expected a backslash before each { and } that is no {} in '${call.text}'`);
  }
  const args = call.args.map((arg) => (arg.kind === "call" ? { kind: arg.kind, call: resolve(arg.call) } : arg));
  return { text: call.text, function: found, args };
}

/** What a call returns. `States.IntrinsicFailure` when the function refuses, `States.Runtime` when a path finds nothing. */
export function evaluateIntrinsic(call: Intrinsic, input: Json, scope: Scope): Json {
  const [least, most] = call.function.arity;
  if (call.args.length < least || call.args.length > most) {
    const expected =
      least === most ? `${least}` : most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
    throw failure("States.IntrinsicFailure", call, `Expected ${expected} arguments but received ${call.args.length}`);
  }
  const args = call.args.map((arg, index): Json => {
    if (arg.kind === "call") return evaluateIntrinsic(arg.call, input, scope);
    if (arg.kind === "constant") return arg.value;
    if (arg.kind === "string") return index === 0 && call.function.rawFirst ? arg.raw : arg.text;
    const found = findPath(arg.path, input, scope);
    if (found.kind === "value") return found.value;
    throw failure(
      "States.Runtime",
      call,
      `The JsonPath argument for the field '${arg.path.text}' could not be found in the input '${printJson(input)}'`,
    );
  });
  try {
    return call.function.run(args);
  } catch (cause) {
    if (cause instanceof RefusedArgument) throw failure("States.IntrinsicFailure", call, cause.message);
    throw cause;
  }
}

function failure(error: "States.IntrinsicFailure" | "States.Runtime", call: Intrinsic, reason: string): QueryError {
  return new QueryError(error, `The function '${call.text}' had the following error: ${reason}`);
}
