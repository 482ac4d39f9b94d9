import { parseChoiceRule } from "../data/choice-rule";
import { NOTHING, parseJsonata } from "../data/jsonata";
import type { Language } from "../data/payload";
import { parseTimestamp } from "../data/timestamp";
import { MAX_SECONDS } from "../limits";
import type { Choice, ChoiceState, FailState, State, WaitState } from "./definition";
import type { Fields } from "./fields";
import type { Nesting } from "./nesting";
import { parseAssign, parseText } from "./parse-data-flow";
import { parseMap } from "./parse-map";
import { parseRecovery } from "./parse-recovery";
import { parseCommon, parseStep, WORK } from "./parse-step";
import { parseTask } from "./parse-task";

/** The types of states: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-states.html */
export const STATE_TYPES = ["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"] as const;

/** Reads one state (docs: concepts-states). */
export function parseState(name: string, fields: Fields, language: Language, nesting: Nesting): State {
  const given = fields.requiredText("Type");
  const type = STATE_TYPES.find((each) => each === given);
  switch (type) {
    case undefined:
      return fields.refuse(`The field 'Type' should have one of these values: [${STATE_TYPES.join(", ")}]`, "Type");
    case "Pass": {
      const own = language === "JSONPath" ? ["Result"] : [];
      const flow = { paths: true, result: true, output: true, payload: language === "JSONPath" };
      return { type, ...parseStep(name, fields, language, flow, own), result: fields.value("Result") };
    }
    case "Task":
      return parseTask(name, fields, language);
    case "Choice":
      return parseChoice(name, fields, language);
    case "Wait":
      return parseWait(name, fields, language);
    case "Succeed":
      return { type, ...parseCommon(name, fields, language, { paths: true, output: true }, []), assign: undefined };
    case "Fail":
      return parseFail(name, fields, language);
    case "Parallel": {
      const step = parseStep(name, fields, language, WORK, ["Branches", "Retry", "Catch"]);
      const branches = fields.list("Branches").map((branch) => {
        branch.only(["Comment", "StartAt", "States"]);
        return nesting.parseWorkflow(branch, nesting.language, nesting.taken);
      });
      if (branches.length === 0) fields.refuse("Expected at least one branch", "Branches");
      return { type, ...step, ...parseRecovery(fields, language), branches };
    }
    case "Map":
      return parseMap(name, fields, language, nesting);
  }
}

function parseChoice(name: string, fields: Fields, language: Language): ChoiceState {
  const common = parseCommon(name, fields, language, { paths: true, output: true }, ["Choices", "Default", "Assign"]);
  const rules = fields.list("Choices");
  if (rules.length === 0) fields.refuse("Expected at least one choice", "Choices");
  return {
    type: "Choice",
    ...common,
    choices: rules.map((rule) => parseRule(rule, language)),
    otherwise: fields.text("Default"),
  };
}

function parseRule(rule: Fields, language: Language): Choice {
  const next = rule.requiredText("Next");
  const assign = parseAssign(rule, language, NOTHING);
  if (language === "JSONPath") {
    const parsed = rule.read("", () => parseChoiceRule(rule.object));
    return { test: { language, rule: parsed }, next, assign, output: undefined };
  }
  rule.only(["Condition", "Next", "Comment", "Assign", "Output"]);
  const text = rule.value("Condition");
  if (typeof text !== "string" && typeof text !== "boolean") {
    rule.refuse("Expected a JSONata expression or a boolean", "Condition");
  }
  const place = rule.placeOf("Condition");
  const condition = rule.read("Condition", () => parseJsonata(text, place));
  if (typeof text === "string" && condition.kind === "constant") {
    rule.refuse("Expected a JSONata expression or a boolean", "Condition");
  }
  const output = rule.optional("Output", (value) => parseJsonata(value, rule.placeOf("Output")));
  return { test: { language, condition, place }, next, assign, output };
}

function parseWait(name: string, fields: Fields, language: Language): WaitState {
  const paths = language === "JSONPath" ? ["SecondsPath", "TimestampPath"] : [];
  const fieldsOfWait = ["Seconds", "Timestamp", ...paths];
  const step = parseStep(name, fields, language, { paths: true, output: true }, fieldsOfWait);
  if (fieldsOfWait.filter((field) => fields.has(field)).length !== 1) {
    fields.refuse(`Expected exactly one of ${fieldsOfWait.join(", ")}`, "Seconds");
  }
  const seconds = fields.number("Seconds", language);
  if (seconds.kind === "constant") fields.integer("Seconds", 0, MAX_SECONDS);
  const timestamp = parseText(fields, "Timestamp", language, false);
  const template = timestamp?.payload.template;
  if (
    template?.kind === "constant" &&
    typeof template.value === "string" &&
    parseTimestamp(template.value) === undefined
  ) {
    fields.refuse("Expected a timestamp such as 2030-01-31T12:00:00Z", "Timestamp");
  }
  return { type: "Wait", ...step, seconds, timestamp };
}

function parseFail(name: string, fields: Fields, language: Language): FailState {
  const paths = language === "JSONPath" ? ["ErrorPath", "CausePath"] : [];
  const common = parseCommon(name, fields, language, {}, ["Error", "Cause", ...paths]);
  return {
    type: "Fail",
    ...common,
    error: parseText(fields, "Error", language, true),
    cause: parseText(fields, "Cause", language, true),
  };
}
