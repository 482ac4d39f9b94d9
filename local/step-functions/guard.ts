import validate from "asl-validator";
import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../stack-model/unsupported-error";

// setTimeout holds 31 bits of milliseconds; a longer wait would fire at once.
const MAX_SECONDS = 2_147_483;
const LAMBDA_INVOKE = "arn:aws:states:::lambda:invoke";

const TOP_LEVEL_FIELDS = new Set(["Comment", "StartAt", "States", "TimeoutSeconds", "Version", "QueryLanguage"]);
const PATH_FIELDS = ["InputPath", "OutputPath"];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: [
    "Resource",
    "Parameters",
    "ResultSelector",
    "ResultPath",
    "TimeoutSeconds",
    "Retry",
    "Catch",
    ...PATH_FIELDS,
    "Next",
    "End",
  ],
  Pass: ["Result", "ResultPath", "Parameters", ...PATH_FIELDS, "Next", "End"],
  Wait: ["Seconds", "Timestamp", "SecondsPath", "TimestampPath", ...PATH_FIELDS, "Next", "End"],
  Choice: ["Choices", "Default", ...PATH_FIELDS],
  Succeed: PATH_FIELDS,
  Fail: ["Error", "Cause", "ErrorPath", "CausePath"],
};

/**
 * Refuses a definition that is wrong, or that the interpreter would run differently from Step Functions, with the
 * state's address. What is not listed as understood is refused, so nothing new slips through.
 */
export function guardDefinition(definition: JsonObject, address: string): void {
  // The validator writes defaults into what it is given.
  const { isValid, errorsText } = validate(structuredClone(definition));
  if (!isValid) throw new UnsupportedError(address, `the state machine definition is invalid: ${errorsText("; ")}`);
  onlyKnown(definition, TOP_LEVEL_FIELDS, address);
  jsonPathOnly(definition, address);
  positiveSeconds(definition.TimeoutSeconds, "TimeoutSeconds", address);
  const states = isJsonObject(definition.States) ? definition.States : {};
  for (const [name, state] of Object.entries(states)) {
    if (isJsonObject(state)) guardState(state, `${address} state "${name}"`);
  }
}

function guardState(state: JsonObject, address: string): void {
  const type = String(state.Type);
  const fields = FIELDS[type];
  if (fields === undefined)
    throw new UnsupportedError(address, `states of type ${type} are not understood by the local runner`);
  onlyKnown(state, new Set(["Type", "Comment", "QueryLanguage", ...fields]), address);
  jsonPathOnly(state, address);
  refuseContextOfStates(state, address);
  if (type === "Task") guardTask(state, address);
  if (type === "Choice") guardChoices(state.Choices, address);
  // The interpreter takes a falsy result for none at all.
  if (type === "Pass" && "Result" in state && !state.Result)
    throw new UnsupportedError(address, "a Pass state with an empty Result is not understood");
  positiveSeconds(state.Seconds === 0 ? undefined : state.Seconds, "Seconds", address);
}

function guardTask(state: JsonObject, address: string): void {
  if (state.Resource !== LAMBDA_INVOKE) {
    throw new UnsupportedError(
      address,
      `expected Resource ${LAMBDA_INVOKE} but received ${JSON.stringify(state.Resource)}`,
    );
  }
  // Step Functions would wait 99,999,999 seconds, the interpreter 60.
  if (state.TimeoutSeconds === undefined) throw new UnsupportedError(address, "expected a Task to have TimeoutSeconds");
  positiveSeconds(state.TimeoutSeconds, "TimeoutSeconds", address);
  const retriers = listOfObjects(state.Retry);
  const catchers = listOfObjects(state.Catch);
  onlyLastIsAll(retriers, "Retry", address);
  onlyLastIsAll(catchers, "Catch", address);
  for (const retrier of retriers) guardRetrier(retrier, address);
  for (const catcher of catchers)
    onlyKnown(catcher, new Set(["ErrorEquals", "Next", "ResultPath", "Comment"]), `${address} Catch`);
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
function guardRetrier(retrier: JsonObject, address: string): void {
  const {
    IntervalSeconds: interval,
    MaxAttempts: attempts,
    BackoffRate: rate,
    MaxDelaySeconds: delay,
    JitterStrategy: jitter,
  } = retrier;
  onlyKnown(
    retrier,
    new Set([
      "ErrorEquals",
      "IntervalSeconds",
      "MaxAttempts",
      "BackoffRate",
      "MaxDelaySeconds",
      "JitterStrategy",
      "Comment",
    ]),
    `${address} Retry`,
  );
  const refuse = (field: string, expected: string, value: Json) => {
    throw new UnsupportedError(
      `${address} Retry`,
      `expected ${expected} for ${field} but received ${JSON.stringify(value)}`,
    );
  };
  if (interval !== undefined && !isInteger(interval, 1, 99_999_999))
    refuse("IntervalSeconds", "a positive integer", interval);
  if (attempts !== undefined && !isInteger(attempts, 0, 99_999_999))
    refuse("MaxAttempts", "an integer of at least 0", attempts);
  if (rate !== undefined && !(typeof rate === "number" && rate >= 1))
    refuse("BackoffRate", "a number of at least 1", rate);
  if (delay !== undefined && !isInteger(delay, 1, 31_622_399))
    refuse("MaxDelaySeconds", "an integer from 1 to 31622399", delay);
  if (jitter !== undefined && jitter !== "FULL" && jitter !== "NONE") refuse("JitterStrategy", "FULL or NONE", jitter);
}

/** "States.ALL must appear alone and must appear in the last retrier (catcher)." */
function onlyLastIsAll(items: readonly JsonObject[], field: string, address: string): void {
  items.forEach(({ ErrorEquals: errors }, index) => {
    if (!Array.isArray(errors) || !errors.includes("States.ALL")) return;
    if (errors.length > 1)
      throw new UnsupportedError(`${address} ${field}`, "expected States.ALL to stand alone in ErrorEquals");
    if (index < items.length - 1)
      throw new UnsupportedError(`${address} ${field}`, "expected States.ALL to be in the last entry only");
  });
}

function guardChoices(choices: Json | undefined, address: string): void {
  for (const rule of listOfObjects(choices)) {
    for (const [operator, operand] of Object.entries(rule)) {
      // The interpreter never matches these.
      if (/^Is[A-Z]/.test(operator) && operand === false) {
        throw new UnsupportedError(
          address,
          `${operator}: false is not understood; write {"Not": {..., "${operator}": true}}`,
        );
      }
      if (operator === "And" || operator === "Or") guardChoices(operand, address);
      if (operator === "Not" && isJsonObject(operand)) guardChoices([operand], address);
    }
  }
}

/** The interpreter's context object has no State, Task or Map. */
function refuseContextOfStates(state: JsonObject, address: string): void {
  const unknown =
    /\$\$(?!\.(?:Execution\.(?:Id|Input|Name|RoleArn|StartTime)|StateMachine\.(?:Id|Name))\b)[^"'\s,)]*/.exec(
      JSON.stringify(state),
    );
  if (unknown) throw new UnsupportedError(address, `the context object path ${unknown[0]} is not understood`);
}

function jsonPathOnly(block: JsonObject, address: string): void {
  if (block.QueryLanguage !== undefined && block.QueryLanguage !== "JSONPath") {
    throw new UnsupportedError(
      address,
      `expected QueryLanguage JSONPath but received ${JSON.stringify(block.QueryLanguage)}`,
    );
  }
}

function positiveSeconds(value: Json | undefined, field: string, address: string): void {
  if (value !== undefined && !isInteger(value, 1, MAX_SECONDS)) {
    throw new UnsupportedError(
      address,
      `expected ${field} to be an integer from 1 to ${MAX_SECONDS} but received ${JSON.stringify(value)}`,
    );
  }
}

function onlyKnown(block: JsonObject, known: ReadonlySet<string>, address: string): void {
  for (const field of Object.keys(block)) {
    if (!known.has(field))
      throw new UnsupportedError(address, `the local runner does not understand the field "${field}"`);
  }
}

function isInteger(value: Json, min: number, max: number): boolean {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
}

function listOfObjects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
