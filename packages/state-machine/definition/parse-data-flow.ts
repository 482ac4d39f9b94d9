import { NOTHING, type Offered, parseJsonata } from "../data/jsonata";
import { type Path, parsePath } from "../data/path";
import { isVariableName } from "../data/path-syntax";
import { type Language, type Payload, parsePayload } from "../data/payload";
import { parseResultPath } from "../data/result-path";
import { isObject } from "../data/scope";
import { parseReference, parseTemplate } from "../data/template";
import type { DataFlow, TextField } from "./definition";
import type { Fields } from "./fields";

/** Which of the fields of data a type of state has. */
export interface FlowFields {
  readonly paths?: boolean;
  readonly payload?: boolean;
  readonly result?: boolean;
  readonly selector?: boolean;
  readonly output?: boolean;
}

/** The names of those fields in a query language. */
export function flowNames(which: FlowFields, language: Language): readonly string[] {
  if (language === "JSONata") {
    return [...(which.payload ? ["Arguments"] : []), ...(which.output ? ["Output"] : [])];
  }
  return [
    ...(which.paths ? ["InputPath", "OutputPath"] : []),
    ...(which.payload ? ["Parameters"] : []),
    ...(which.result ? ["ResultPath"] : []),
    ...(which.selector ? ["ResultSelector"] : []),
  ];
}

const OWN: Readonly<Record<Language, readonly string[]>> = {
  JSONPath: [
    ...["InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters", "Result", "ItemsPath"],
    ...["MaxConcurrencyPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "SecondsPath", "TimestampPath"],
    ...["ErrorPath", "CausePath", "ToleratedFailurePercentagePath", "ToleratedFailureCountPath"],
  ],
  JSONata: ["Arguments", "Output", "Items"],
};

/** Refuses what only the other query language has. */
export function refuseOtherLanguage(fields: Fields, language: Language): void {
  const other = language === "JSONPath" ? "JSONata" : "JSONPath";
  for (const name of OWN[other]) {
    if (fields.has(name)) {
      const what = `but field '${name}' is only supported for the '${other}' QueryLanguage`;
      fields.refuseAll(`The QueryLanguage is set to '${language}', ${what}`);
    }
  }
}

/** Reads them. */
export function parseDataFlow(fields: Fields, language: Language, which: FlowFields): DataFlow {
  if (language === "JSONata") {
    return {
      language,
      arguments: fields.optional("Arguments", (value) => parseJsonata(value, "Arguments")),
      output: fields.optional("Output", (value) => parseJsonata(value, "Output", resultOf(which))),
    };
  }
  const resultPath = fields.textOrNull("ResultPath");
  return {
    language,
    inputPath: parsePathOrNull(fields, "InputPath"),
    parameters: fields.optional("Parameters", parseTemplate),
    resultSelector: fields.optional("ResultSelector", parseTemplate),
    resultPath: fields.read("ResultPath", () => parseResultPath(resultPath)),
    outputPath: parsePathOrNull(fields, "OutputPath"),
  };
}

function parsePathOrNull(fields: Fields, name: string): Path | null {
  const text = fields.textOrNull(name);
  return text === null ? null : fields.read(name, () => parsePath(text ?? "$"));
}

/** Where a state has a result, its Output and Assign can read it (docs: transforming-data). */
export function resultOf({ selector }: FlowFields): Offered {
  return selector ? new Set(["result"]) : NOTHING;
}

/** Reads the variables a state or a rule sets (docs: workflow-variables). */
export function parseAssign(fields: Fields, language: Language, offered: Offered): Payload | undefined {
  return fields.optional("Assign", (value) => {
    if (!isObject(value)) return fields.refuse("Expected value of type Object", "Assign");
    for (const field of Object.keys(value)) {
      const name = language === "JSONPath" && field.endsWith(".$") ? field.slice(0, -2) : field;
      if (!isVariableName(name)) fields.refuse(`'${name}' is not a valid variable name`, "Assign");
      if (name === "states") fields.refuse("The variable name 'states' is reserved", "Assign");
    }
    return parsePayload(value, language, fields.placeOf("Assign"), offered);
  });
}

/** Reads the field `name`, in JSONPath also `namePath`, which may hold an intrinsic function where `functions` says so. */
export function parseText(fields: Fields, name: string, language: Language, functions: boolean): TextField | undefined {
  const pathName = `${name}Path`;
  const text = fields.text(name);
  const path = language === "JSONPath" ? fields.text(pathName) : undefined;
  if (path !== undefined) {
    if (text !== undefined) fields.refuse(`Expected one of ${name} and ${pathName} but received both`, pathName);
    if (!functions && !path.startsWith("$")) fields.refuse("Value is not a valid path", pathName);
    const template = fields.read(pathName, () => parseReference(pathName, path));
    return { name: pathName, payload: { language: "JSONPath", template } };
  }
  if (text === undefined) return undefined;
  if (language === "JSONPath") return { name, payload: { language, template: { kind: "constant", value: text } } };
  return { name, payload: { language, template: fields.read(name, () => parseJsonata(text, name)) } };
}
