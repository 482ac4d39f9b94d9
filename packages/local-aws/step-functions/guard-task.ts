import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../stack/unsupported-error";
import { listOfObjects, onlyKnown, positiveSeconds } from "./definition-fields";
import { guardRetryAndCatch } from "./guard-retry";

const LAMBDA_INVOKE = "arn:aws:states:::lambda:invoke";
const PARAMETERS = new Set(["FunctionName", "FunctionName.$", "Payload", "Payload.$"]);

/** Refuses what a Task of the local runner cannot do. */
export function guardTask(state: JsonObject, address: string): void {
  if (state.Resource !== LAMBDA_INVOKE) {
    throw new UnsupportedError(
      address,
      `expected Resource ${LAMBDA_INVOKE} but received ${JSON.stringify(state.Resource)}`,
    );
  }
  guardParameters(state.Parameters, `${address} Parameters`);
  // Step Functions would wait 99,999,999 seconds, the interpreter 60.
  if (state.TimeoutSeconds === undefined) throw new UnsupportedError(address, "expected a Task to have TimeoutSeconds");
  positiveSeconds(state.TimeoutSeconds, "TimeoutSeconds", address);
  guardRetryAndCatch(listOfObjects(state.Retry), listOfObjects(state.Catch), address);
}

/** A mistyped parameter would be one that is not there, and the function would run on an empty event. */
function guardParameters(parameters: Json | undefined, address: string): void {
  if (!isJsonObject(parameters)) {
    throw new UnsupportedError(
      address,
      `expected an object with FunctionName but received ${JSON.stringify(parameters)}`,
    );
  }
  onlyKnown(parameters, PARAMETERS, address);
  const name = parameters.FunctionName ?? parameters["FunctionName.$"];
  if (typeof name !== "string" || name === "") {
    throw new UnsupportedError(
      address,
      `expected the name of a function for FunctionName but received ${JSON.stringify(name)}`,
    );
  }
}
