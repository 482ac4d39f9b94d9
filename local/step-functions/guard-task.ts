import type { JsonObject } from "../json";
import { UnsupportedError } from "../stack-model/unsupported-error";
import { listOfObjects, positiveSeconds } from "./definition-fields";
import { guardRetryAndCatch } from "./guard-retry";

const LAMBDA_INVOKE = "arn:aws:states:::lambda:invoke";

/** Refuses what a Task of the local runner cannot do. */
export function guardTask(state: JsonObject, address: string): void {
  if (state.Resource !== LAMBDA_INVOKE) {
    throw new UnsupportedError(
      address,
      `expected Resource ${LAMBDA_INVOKE} but received ${JSON.stringify(state.Resource)}`,
    );
  }
  // Step Functions would wait 99,999,999 seconds, the interpreter 60.
  if (state.TimeoutSeconds === undefined) throw new UnsupportedError(address, "expected a Task to have TimeoutSeconds");
  positiveSeconds(state.TimeoutSeconds, "TimeoutSeconds", address);
  guardRetryAndCatch(listOfObjects(state.Retry), listOfObjects(state.Catch), address);
}
