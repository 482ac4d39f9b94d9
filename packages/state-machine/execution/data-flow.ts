import { evaluateJsonata } from "../data/jsonata";
import { type Path, readPath } from "../data/path";
import { evaluatePayload, type FieldData, type Payload } from "../data/payload";
import { writeResult } from "../data/result-path";
import { isObject, type Json } from "../data/scope";
import { evaluateTemplate } from "../data/template";
import type { DataFlow } from "../definition/definition";
import type { Step } from "./step";

/** How a visit of a state ended well. */
export interface Done {
  readonly output: Json;
  readonly assigned: Assigned | undefined;
  /** `undefined` ends the workflow. */
  readonly next: string | undefined;
}

export type Assigned = Readonly<Record<string, Json>>;

/** The state's input after InputPath; JSONata has none. */
export function effectiveInput(step: Step): Json {
  const { flow } = step.state;
  return flow.language === "JSONPath" ? follow(flow.inputPath, step.input, step.data(step.input)) : step.input;
}

/** What Parameters or Arguments make of the effective input; without them it is the input itself. */
export async function payloadOf(flow: DataFlow, data: FieldData): Promise<Json> {
  if (flow.language === "JSONata") {
    return flow.arguments === undefined
      ? data.states.input
      : evaluateJsonata(flow.arguments, data.states, data.scope.variables);
  }
  return flow.parameters === undefined ? data.input : evaluateTemplate(flow.parameters, data.input, data.scope);
}

/** The output and the variables of a state that has a result of its own: a Task, a Parallel, a Map. */
export async function finishWith(step: Step, result: Json, next: string | undefined): Promise<Done> {
  const { flow, assign } = step.state;
  if (flow.language === "JSONata") {
    const data = step.data(step.input, { result });
    const output =
      flow.output === undefined ? result : await evaluateJsonata(flow.output, data.states, data.scope.variables);
    return { output, assigned: await evaluateAssign(assign, data), next };
  }
  const { resultSelector } = flow;
  const raw = step.data(result);
  const selected = resultSelector === undefined ? result : evaluateTemplate(resultSelector, result, raw.scope);
  const data = step.data(selected);
  const assigned = await evaluateAssign(assign, data);
  const whole = writeResult(flow.resultPath, step.input, selected);
  return { output: follow(flow.outputPath, whole, step.data(whole)), assigned, next };
}

/** The same for a state without a result: in JSONPath `given` takes its place, in JSONata there is no `$states.result`. */
export async function finish(
  step: Step,
  given: Json,
  next: string | undefined,
  { assign, output } = ownFields(step),
): Promise<Done> {
  const { flow } = step.state;
  if (flow.language === "JSONata") {
    const data = step.data(step.input);
    return {
      output: output === undefined ? given : await evaluateJsonata(output, data.states, data.scope.variables),
      assigned: await evaluateAssign(assign, data),
      next,
    };
  }
  const assigned = await evaluateAssign(assign, step.data(given));
  const whole = writeResult(flow.resultPath, step.input, given);
  return { output: follow(flow.outputPath, whole, step.data(whole)), assigned, next };
}

function ownFields({ state: { flow, assign } }: Step) {
  return { assign, output: flow.language === "JSONata" ? flow.output : undefined };
}

/** The values of the variables that a state sets. */
export async function evaluateAssign(assign: Payload | undefined, data: FieldData): Promise<Assigned | undefined> {
  if (assign === undefined) return undefined;
  const values = await evaluatePayload(assign, data);
  return isObject(values) ? values : undefined;
}

/** `null` gives an empty object (docs: input-output-inputpath-params). */
function follow(path: Path | null, value: Json, data: FieldData): Json {
  return path === null ? {} : readPath(path, value, data.scope);
}
