import type { Json, JsonObject } from "../json";
import { UnsupportedError } from "../stack/unsupported-error";
import { isInteger, namesOnly, onlyKnown } from "./definition-fields";

const RETRIER_FIELDS = new Set([
  ...["ErrorEquals", "Comment"],
  ...["IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy"],
]);
const CATCHER_FIELDS = new Set(["ErrorEquals", "Comment", "Next", "ResultPath"]);

/** "Custom error names must not begin with States.": https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const RESERVED_ERRORS = new Set(
  [
    ...[
      "ALL",
      "BranchFailed",
      "DataLimitExceeded",
      "ExceedToleratedFailureThreshold",
      "HeartbeatTimeout",
      "Http.Socket",
    ],
    ...["IntrinsicFailure", "ItemReaderFailed", "NoChoiceMatched", "ParameterPathFailure", "Permissions"],
    ...["QueryEvaluationError", "ResultPathMatchFailure", "ResultWriterFailed", "Runtime", "TaskFailed", "Timeout"],
  ].map((name) => `States.${name}`),
);

/** What each field of a retrier may be: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const RETRIER_VALUES: Readonly<Record<string, { readonly expected: string; readonly test: (value: Json) => boolean }>> =
  {
    IntervalSeconds: { expected: "a positive integer", test: (value) => isInteger(value, 1, 99_999_999) },
    MaxAttempts: { expected: "an integer of at least 0", test: (value) => isInteger(value, 0, 99_999_999) },
    BackoffRate: { expected: "a number of at least 1", test: (value) => typeof value === "number" && value >= 1 },
    MaxDelaySeconds: { expected: "an integer from 1 to 31622399", test: (value) => isInteger(value, 1, 31_622_399) },
    JitterStrategy: { expected: "FULL or NONE", test: (value) => value === "FULL" || value === "NONE" },
  };

/** Refuses what asl-validator lets pass and Step Functions would not. */
export function guardRetryAndCatch(
  retriers: readonly JsonObject[],
  catchers: readonly JsonObject[],
  address: string,
): void {
  guardErrors(retriers, `${address} Retry`);
  guardErrors(catchers, `${address} Catch`);
  for (const retrier of retriers) {
    onlyKnown(retrier, RETRIER_FIELDS, `${address} Retry`);
    guardValues(retrier, `${address} Retry`);
  }
  for (const catcher of catchers) {
    onlyKnown(catcher, CATCHER_FIELDS, `${address} Catch`);
    namesOnly(catcher.ResultPath, "ResultPath", `${address} Catch`);
  }
}

function guardValues(retrier: JsonObject, address: string): void {
  for (const [field, { expected, test }] of Object.entries(RETRIER_VALUES)) {
    const value = retrier[field];
    if (value === undefined || test(value)) continue;
    throw new UnsupportedError(address, `expected ${expected} for ${field} but received ${JSON.stringify(value)}`);
  }
}

function guardErrors(items: readonly JsonObject[], address: string): void {
  for (const { ErrorEquals: errors } of items) {
    if (!Array.isArray(errors) || errors.length === 0)
      throw new UnsupportedError(address, "expected ErrorEquals to name at least one error");
    for (const error of errors) {
      if (typeof error === "string" && error.startsWith("States.") && !RESERVED_ERRORS.has(error))
        throw new UnsupportedError(address, `Step Functions has no error ${error}`);
    }
  }
  onlyLastIsAll(items, address);
}

/** "States.ALL must appear alone and must appear in the last retrier (catcher)." */
function onlyLastIsAll(items: readonly JsonObject[], address: string): void {
  items.forEach(({ ErrorEquals: errors }, index) => {
    if (!Array.isArray(errors) || !errors.includes("States.ALL")) return;
    if (errors.length > 1) throw new UnsupportedError(address, "expected States.ALL to stand alone in ErrorEquals");
    if (index < items.length - 1) {
      throw new UnsupportedError(address, "expected States.ALL to be in the last entry only");
    }
  });
}
