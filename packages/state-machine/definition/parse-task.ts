import type { Language } from "../data/payload";
import { isObject } from "../data/scope";
import { MAX_SECONDS } from "../limits";
import type { TaskResource, TaskState } from "./definition";
import type { Fields } from "./fields";
import { parseRecovery } from "./parse-recovery";
import { parseStep, WORK } from "./parse-step";

/** What a Task may call. */
export const TASK_RESOURCES = ["arn:aws:states:::lambda:invoke", "the ARN of a function"];

/** Reads a Task of the two kinds that are run (docs: connect-lambda). */
export function parseTask(name: string, fields: Fields, language: Language): TaskState {
  const paths = language === "JSONPath" ? ["TimeoutSecondsPath", "HeartbeatSecondsPath"] : [];
  const own = ["Resource", "Retry", "Catch", "TimeoutSeconds", "HeartbeatSeconds", ...paths];
  if (fields.has("Credentials")) fields.refuse("The field is not supported here", "Credentials");
  const step = parseStep(name, fields, language, WORK, own);
  const resource = parseResource(fields);
  if (resource.kind === "lambda:invoke") refuseParameters(fields, language);
  const timeout = fields.number("TimeoutSeconds", language);
  const heartbeat = fields.number("HeartbeatSeconds", language);
  if (timeout.kind === "constant") fields.integer("TimeoutSeconds", 1, MAX_SECONDS);
  if (heartbeat.kind === "constant") {
    fields.integer("HeartbeatSeconds", 1, MAX_SECONDS);
    if (timeout.kind === "constant" && heartbeat.value >= timeout.value) {
      fields.refuse("HeartbeatSeconds must be smaller than TimeoutSeconds", "HeartbeatSeconds");
    }
  }
  return { type: "Task", ...step, ...parseRecovery(fields, language), resource, timeout, heartbeat };
}

function parseResource(fields: Fields): TaskResource {
  const arn = fields.requiredText("Resource");
  if (/^arn:aws[a-z-]*:states:::lambda:invoke$/.test(arn)) return { kind: "lambda:invoke" };
  if (/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/.test(arn)) {
    return { kind: "function", functionArn: arn };
  }
  const known = TASK_RESOURCES.join(" and ");
  return fields.refuse(`The resource ${arn} is not supported here: supported are ${known}`, "Resource");
}

/** A mistyped parameter would be one that is not there, and the function would run on an empty event. */
function refuseParameters(fields: Fields, language: Language): void {
  const name = language === "JSONPath" ? "Parameters" : "Arguments";
  const parameters = fields.value(name);
  // In JSONata one expression may give all arguments.
  if (language === "JSONata" && typeof parameters === "string") return;
  if (!isObject(parameters)) fields.refuse(`The field "FunctionName" is required but was missing`, name);
  for (const parameter of Object.keys(parameters)) {
    const plain = language === "JSONPath" && parameter.endsWith(".$") ? parameter.slice(0, -2) : parameter;
    if (plain !== "FunctionName" && plain !== "Payload") {
      fields.refuse(`The field "${plain}" is not supported here`, `${name}/${parameter}`);
    }
  }
  const functionName = parameters.FunctionName ?? (language === "JSONPath" ? parameters["FunctionName.$"] : undefined);
  if (typeof functionName !== "string" || functionName === "") {
    fields.refuse(`The field "FunctionName" is required but was missing`, name);
  }
}
