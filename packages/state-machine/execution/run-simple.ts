import { holds } from "../data/choice-rule";
import { printJson } from "../data/json-text";
import { evaluateJsonata } from "../data/jsonata";
import { evaluateNumberField, type NumberField } from "../data/number-field";
import { evaluatePayload, type FieldData } from "../data/payload";
import { QueryError } from "../data/scope";
import { parseTimestamp, toMilliseconds } from "../data/timestamp";
import type { Choice, ChoiceState, FailState, PassState, TextField, WaitState } from "../definition/definition";
import { type Done, effectiveInput, finish, payloadOf } from "./data-flow";
import { Aborted, StateFailure } from "./state-failure";
import type { Step } from "./step";

/** docs: state-pass */
export async function runPass(step: Step, state: PassState): Promise<Done> {
  const { result, flow, next } = state;
  const input = effectiveInput(step);
  return finish(step, result === undefined ? await payloadOf(flow, step.data(input)) : result, next);
}

/** docs: state-succeed */
export async function runSucceed(step: Step): Promise<Done> {
  return finish(step, effectiveInput(step), undefined);
}

/** docs: state-choice */
export async function runChoice(step: Step, state: ChoiceState): Promise<Done> {
  const input = effectiveInput(step);
  const data = step.data(input);
  for (const choice of state.choices) {
    if (!(await matches(choice, data))) continue;
    return finish(step, input, choice.next, { assign: choice.assign, output: choice.output });
  }
  if (state.otherwise !== undefined) return finish(step, input, state.otherwise);
  throw step.failure(
    "States.Runtime",
    "Failed to transition out of the state. The state does not point to a next state.",
  );
}

async function matches({ test }: Choice, data: FieldData): Promise<boolean> {
  if (test.language === "JSONPath") return holds(test.rule, data.input, data.scope);
  const value = await evaluateJsonata(test.condition, data.states, data.scope.variables);
  if (typeof value === "boolean") return value;
  const what = `Expected a boolean as Condition but received ${printJson(value)}`;
  throw new QueryError("States.QueryEvaluationError", what, test.place);
}

/** docs: state-wait */
export async function runWait(step: Step, state: WaitState): Promise<Done> {
  const { seconds, timestamp, next } = state;
  const { signal, execution } = step.host;
  const { clock } = execution.ports;
  const input = effectiveInput(step);
  const data = step.data(input);
  const end =
    timestamp === undefined
      ? clock.now() + (await secondsOf(step, seconds, data)) * 1_000
      : await momentOf(timestamp, data);
  const left = end - clock.now();
  if (left > 0) await clock.wait(left, signal);
  if (signal.aborted) throw new Aborted();
  return finish(step, input, next);
}

async function secondsOf(step: Step, seconds: NumberField, data: FieldData): Promise<number> {
  const value = (await evaluateNumberField(seconds, data)) ?? 0;
  if (value >= 0) return value;
  const what = seconds.kind === "path" ? `The ${seconds.field} parameter references a` : "Expected Seconds of no";
  throw step.failure("States.Runtime", `${what} negative value: ${value}`);
}

async function momentOf(field: TextField, data: FieldData): Promise<number> {
  const value = await evaluatePayload(field.payload, data);
  const time = typeof value === "string" ? parseTimestamp(value) : undefined;
  if (time !== undefined) return toMilliseconds(time);
  const { payload } = field;
  const path = payload.language === "JSONPath" && payload.template.kind === "path" ? payload.template.path.text : "";
  const shown = typeof value === "string" ? value : printJson(value);
  if (payload.language === "JSONPath") {
    throw new QueryError(
      "States.Runtime",
      `The ${field.name} parameter does not reference a valid ISO-8601 extended offset date-time format string: ${path} == ${shown}`,
    );
  }
  throw new QueryError("States.QueryEvaluationError", `Expected a timestamp but received ${shown}`, field.name);
}

/** docs: state-fail */
export async function runFail(step: Step, state: FailState): Promise<never> {
  const data = step.data(step.input);
  const error = await textOf(state.error, data);
  throw new StateFailure(error, await textOf(state.cause, data));
}

async function textOf(field: TextField | undefined, data: FieldData): Promise<string | undefined> {
  if (field === undefined) return undefined;
  const value = await evaluatePayload(field.payload, data);
  if (typeof value === "string") return value;
  const error = field.payload.language === "JSONPath" ? "States.Runtime" : "States.QueryEvaluationError";
  const what = `Expected a string as ${field.name} but received ${printJson(value)}`;
  throw new QueryError(error, what, field.payload.language === "JSONata" ? field.name : undefined);
}
