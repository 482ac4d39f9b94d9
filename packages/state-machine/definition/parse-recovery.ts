import { type Offered, parseJsonata } from "../data/jsonata";
import type { Language } from "../data/payload";
import { parseResultPath } from "../data/result-path";
import type { Catcher, Recovery, Retrier } from "./definition";
import type { Fields } from "./fields";
import { parseAssign } from "./parse-data-flow";

/** "Custom error names must not begin with the States. prefix" (docs: concepts-error-handling). */
const RESERVED = new Set(
  [
    "ALL",
    "BranchFailed",
    "DataLimitExceeded",
    "ExceedToleratedFailureThreshold",
    "HeartbeatTimeout",
    "Http.Socket",
    "IntrinsicFailure",
    "ItemReaderFailed",
    "NoChoiceMatched",
    "ParameterPathFailure",
    "Permissions",
    "QueryEvaluationError",
    "ResultPathMatchFailure",
    "ResultWriterFailed",
    "Runtime",
    "TaskFailed",
    "Timeout",
  ].map((name) => `States.${name}`),
);

const MAX_COUNT = 99_999_999; // docs: concepts-error-handling, IntervalSeconds and MaxAttempts
const MAX_DELAY = 31_622_399; // docs: concepts-error-handling, MaxDelaySeconds: "less than 31622400"

/** Reads `Retry` and `Catch`. */
export function parseRecovery(fields: Fields, language: Language): Recovery {
  const retry = fields.list("Retry");
  const fallback = fields.list("Catch");
  return {
    retriers: retry.map((each, index) => parseRetrier(each, index === retry.length - 1)),
    catchers: fallback.map((each, index) => parseCatcher(each, index === fallback.length - 1, language)),
  };
}

function parseRetrier(fields: Fields, last: boolean): Retrier {
  fields.only([
    "ErrorEquals",
    "Comment",
    "IntervalSeconds",
    "MaxAttempts",
    "BackoffRate",
    "MaxDelaySeconds",
    "JitterStrategy",
  ]);
  const backoffRate = fields.value("BackoffRate") ?? 2;
  if (typeof backoffRate !== "number" || backoffRate < 1) {
    fields.refuse(`Expected a number of at least 1 but received ${JSON.stringify(backoffRate)}`, "BackoffRate");
  }
  return {
    errors: parseErrors(fields, last),
    intervalSeconds: fields.integer("IntervalSeconds", 1, MAX_COUNT) ?? 1,
    maxAttempts: fields.integer("MaxAttempts", 0, MAX_COUNT) ?? 3,
    backoffRate,
    maxDelaySeconds: fields.integer("MaxDelaySeconds", 1, MAX_DELAY) ?? Number.POSITIVE_INFINITY,
    fullJitter: fields.oneOf("JitterStrategy", ["FULL", "NONE"]) === "FULL",
  };
}

const CAUGHT: Offered = new Set(["errorOutput"]);

function parseCatcher(fields: Fields, last: boolean, language: Language): Catcher {
  const own = language === "JSONPath" ? "ResultPath" : "Output";
  fields.only(["ErrorEquals", "Comment", "Next", "Assign", own]);
  const resultPath = language === "JSONPath" ? fields.textOrNull("ResultPath") : undefined;
  return {
    errors: parseErrors(fields, last),
    next: fields.requiredText("Next"),
    assign: parseAssign(fields, language, CAUGHT),
    resultPath: fields.read("ResultPath", () => parseResultPath(resultPath)),
    output:
      language === "JSONata"
        ? fields.optional("Output", (value) => parseJsonata(value, fields.placeOf("Output"), CAUGHT))
        : undefined,
  };
}

/** "States.ALL must appear alone and must appear in the last retrier" (docs: concepts-error-handling). */
function parseErrors(fields: Fields, last: boolean): readonly string[] {
  const errors = fields.array("ErrorEquals").map((error) => {
    if (typeof error !== "string") return fields.refuse("Expected value of type String", "ErrorEquals");
    if (error.startsWith("States.") && !RESERVED.has(error)) {
      fields.refuse(`There is no error ${error}: names of your own do not begin with States.`, "ErrorEquals");
    }
    return error;
  });
  if (errors.length === 0) fields.refuse("Expected at least one error", "ErrorEquals");
  if (errors.includes("States.ALL") && (errors.length > 1 || !last)) {
    fields.refuse("States.ALL must appear alone and at end of list", "ErrorEquals");
  }
  return errors;
}
