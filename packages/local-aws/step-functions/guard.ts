import validate from "asl-validator";
import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../stack/unsupported-error";
import { listOfObjects, namesOnly, onlyKnown, positiveSeconds } from "./definition-fields";
import { guardExpressions } from "./guard-expressions";
import { guardTask } from "./guard-task";

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
  // A moment out of the input may lie further away than a timer holds.
  Wait: ["Seconds", ...PATH_FIELDS, "Next", "End"],
  Choice: ["Choices", "Default", ...PATH_FIELDS],
  Succeed: PATH_FIELDS,
  Fail: ["Error", "Cause", "ErrorPath", "CausePath"],
};

/**
 * Refuses a definition that is wrong, or that the interpreter would run differently from Step Functions, with the
 * state's address. What is not listed as understood is refused, so nothing new slips through.
 */
export function guardDefinition(definition: JsonObject, address: string): void {
  onlyKnown(definition, TOP_LEVEL_FIELDS, address);
  jsonPathOnly(definition, address);
  if (definition.Version !== undefined && definition.Version !== "1.0") {
    throw new UnsupportedError(address, `expected Version 1.0 but received ${JSON.stringify(definition.Version)}`);
  }
  positiveSeconds(definition.TimeoutSeconds, "TimeoutSeconds", address);
  const states = isJsonObject(definition.States) ? definition.States : {};
  for (const [name, state] of Object.entries(states)) {
    if (isJsonObject(state)) guardState(state, `${address} state "${name}"`);
  }
  // The validator writes defaults into what it is given.
  const { isValid, errorsText } = validate(structuredClone(definition));
  if (!isValid) throw new UnsupportedError(address, `the state machine definition is invalid: ${errorsText("; ")}`);
}

function guardState(state: JsonObject, address: string): void {
  const type = String(state.Type);
  const fields = FIELDS[type];
  if (fields === undefined)
    throw new UnsupportedError(address, `states of type ${type} are not understood by the local runner`);
  onlyKnown(state, new Set(["Type", "Comment", "QueryLanguage", ...fields]), address);
  jsonPathOnly(state, address);
  guardExpressions(state, address);
  namesOnly(state.ResultPath, "ResultPath", address);
  if (type === "Task") guardTask(state, address);
  if (type === "Choice") guardChoices(state.Choices, address);
  if (type === "Fail") guardFail(state, address);
  // The interpreter takes a falsy result for none at all.
  if (type === "Pass" && "Result" in state && !state.Result)
    throw new UnsupportedError(address, "a Pass state with an empty Result is not understood");
  positiveSeconds(state.Seconds === 0 ? undefined : state.Seconds, "Seconds", address);
}

function guardFail(state: JsonObject, address: string): void {
  for (const field of ["Error", "Cause"]) {
    const path = state[`${field}Path`];
    // The interpreter would put words of its own in the place of what is missing.
    if (state[field] === undefined && path === undefined) {
      throw new UnsupportedError(address, `expected a Fail state to have ${field} or ${field}Path`);
    }
    if (typeof path === "string" && !path.startsWith("$")) {
      throw new UnsupportedError(address, `expected a path for ${field}Path but received ${path}`);
    }
  }
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

function jsonPathOnly(block: JsonObject, address: string): void {
  if (block.QueryLanguage !== undefined && block.QueryLanguage !== "JSONPath") {
    throw new UnsupportedError(
      address,
      `expected QueryLanguage JSONPath but received ${JSON.stringify(block.QueryLanguage)}`,
    );
  }
}
