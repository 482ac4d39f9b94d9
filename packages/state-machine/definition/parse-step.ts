import type { Language } from "../data/payload";
import type { Fields } from "./fields";
import {
  type FlowFields,
  flowNames,
  parseAssign,
  parseDataFlow,
  refuseOtherLanguage,
  resultOf,
} from "./parse-data-flow";

/** The fields of data of a state that does work. */
export const WORK: FlowFields = { paths: true, payload: true, result: true, selector: true, output: true };

/** Reads what all states that go on have in common, and refuses fields that are neither that nor `own`. */
export function parseStep(name: string, fields: Fields, language: Language, flow: FlowFields, own: readonly string[]) {
  const common = parseCommon(name, fields, language, flow, [...own, "Next", "End", "Assign"]);
  const next = fields.text("Next");
  const end = fields.boolean("End") ?? false;
  if (next !== undefined && end) fields.refuse("Expected one of Next and End but received both", "End");
  if (next === undefined && !end) fields.refuse("These fields are required: [Next]", "Next");
  return { ...common, next };
}

/** Reads what all states have in common. */
export function parseCommon(
  name: string,
  fields: Fields,
  language: Language,
  flow: FlowFields,
  own: readonly string[],
) {
  refuseOtherLanguage(fields, language);
  fields.only(["Type", "Comment", "QueryLanguage", ...flowNames(flow, language), ...own]);
  return {
    name,
    flow: parseDataFlow(fields, language, flow),
    assign: parseAssign(fields, language, resultOf(flow)),
  };
}
