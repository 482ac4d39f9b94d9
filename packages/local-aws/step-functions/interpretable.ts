import { isJsonObject, type Json, type JsonObject } from "../json";
import { listOfObjects, MAX_SECONDS } from "./definition-fields";
import { typedChoice } from "./typed-choice";

/**
 * A definition in the words that the interpreter takes as Step Functions does: what the two read differently is said in
 * another way that means the same to Step Functions.
 */
export function interpretable(definition: JsonObject): JsonObject {
  const states = isJsonObject(definition.States) ? definition.States : {};
  // The machine's timeout is the runner's: the interpreter's own would be told too late to keep a task from starting.
  const { TimeoutSeconds: _timeout, ...rest } = definition;
  return {
    ...rest,
    States: Object.fromEntries(Object.entries(states).map(([name, state]) => [name, ofState(state)])),
  };
}

function ofState(state: Json): Json {
  if (!isJsonObject(state)) return state;
  return {
    ...withoutDefaultResultPath(state),
    ...(state.Retry !== undefined && { Retry: listOfObjects(state.Retry).map(withDelayOfTimer) }),
    ...(state.Catch !== undefined && { Catch: listOfObjects(state.Catch).map(withoutDefaultResultPath) }),
    ...(state.Choices !== undefined && { Choices: listOfObjects(state.Choices).map(typedChoice) }),
  };
}

/** The interpreter would write a field of the name `$`. */
function withoutDefaultResultPath(block: JsonObject): JsonObject {
  const { ResultPath: path, ...rest } = block;
  return path === "$" ? rest : block;
}

/** A wait that no timer holds would be over at once; nobody sees the end of 24 days. */
function withDelayOfTimer(retrier: JsonObject): JsonObject {
  return { ...retrier, MaxDelaySeconds: Math.min(Number(retrier.MaxDelaySeconds ?? MAX_SECONDS), MAX_SECONDS) };
}
