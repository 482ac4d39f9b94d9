import { readJson } from "../data/json-text";
import { evaluateNumberField } from "../data/number-field";
import type { FieldData } from "../data/payload";
import type { Json, JsonObject } from "../data/scope";
import type { TaskState } from "../definition/definition";
import { MAX_DATA_BYTES } from "../limits";
import { type Done, effectiveInput, finishWith, payloadOf } from "./data-flow";
import { textDetails } from "./history";
import { Aborted, dataLimitCause, StateFailure, TaskError } from "./state-failure";
import type { Step } from "./step";

/** One attempt of a Task (docs: state-task). */
export async function runTask(step: Step, state: TaskState): Promise<Done> {
  const { flow, next } = state;
  const data = step.data(effectiveInput(step));
  const input = await payloadOf(flow, data);
  const timeouts = await timeoutsOf(state, data);
  if (step.host.signal.aborted) throw new Aborted();
  return finishWith(step, await attempt(step, state, input, timeouts), next);
}

/** Heartbeats are written down only: the two kinds of task that are run here answer by themselves. */
async function timeoutsOf({ timeout, heartbeat }: TaskState, data: FieldData): Promise<Timeouts> {
  const seconds = await evaluateNumberField(timeout, data);
  return { timeout: seconds, heartbeat: await evaluateNumberField(heartbeat, data) };
}

interface Timeouts {
  readonly timeout: number | undefined;
  readonly heartbeat: number | undefined;
}

async function attempt(step: Step, state: TaskState, input: Json, { timeout, heartbeat }: Timeouts): Promise<Json> {
  const { resource } = state;
  const { signal, execution } = step.host;
  const { ports } = execution;
  const names = eventNames(state);
  const text = JSON.stringify(input);
  if (Buffer.byteLength(text) > MAX_DATA_BYTES) {
    throw new StateFailure("States.DataLimitExceeded", dataLimitCause(names.called), true);
  }
  const answer = ports.runTask({ resource, input });
  // Awaited below, and a rejection before that must not end the process.
  answer.catch(() => {});
  step.add(`${names.prefix}Scheduled`, {
    ...names.scheduled(text, ports.region),
    ...(timeout !== undefined && { timeoutInSeconds: timeout }),
    ...(heartbeat !== undefined && { heartbeatInSeconds: heartbeat }),
  });
  step.add(`${names.prefix}Started`, names.common);
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener("abort", stop);
  try {
    const end = timeout === undefined ? aborted(over.signal) : ports.clock.wait(timeout * 1_000, over.signal);
    const timer = end.then((): never => {
      throw signal.aborted ? new Aborted() : new TimedOut();
    });
    const output = await Promise.race([answer, timer]);
    if (signal.aborted) throw new Aborted();
    const result = resultOf(output, names.called);
    step.add(`${names.prefix}Succeeded`, { ...names.common, ...textDetails("output", output) });
    return result;
  } catch (thrown) {
    throw failed(step, thrown, names);
  } finally {
    over.abort();
    signal.removeEventListener("abort", stop);
  }
}

class TimedOut extends Error {}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

/** "States.ALL does not catch States.DataLimitExceeded", says the documentation; of a task's result it was seen to be caught. */
function resultOf(output: string, called: string): Json {
  if (Buffer.byteLength(output) > MAX_DATA_BYTES) {
    throw new TaskError("States.DataLimitExceeded", dataLimitCause(called));
  }
  const result = readJson(output, "States.Runtime");
  if (result === undefined) throw new TaskError("States.Runtime", "Expected JSON as the result of the task");
  return result;
}

function failed(step: Step, thrown: unknown, { prefix, common }: EventNames): unknown {
  if (thrown instanceof TimedOut) {
    step.add(`${prefix}TimedOut`, { ...common, error: "States.Timeout" });
    return new StateFailure("States.Timeout", undefined);
  }
  if (!(thrown instanceof TaskError)) return thrown;
  step.add(`${prefix}Failed`, { ...common, error: thrown.error, cause: thrown.message });
  return new StateFailure(thrown.error, thrown.message);
}

interface EventNames {
  readonly prefix: "Task" | "LambdaFunction";
  /** As causes name what was called. */
  readonly called: string;
  readonly common: JsonObject | undefined;
  readonly scheduled: (text: string, region: string) => JsonObject;
}

/** An integration has events of its own, a function by its ARN those of Lambda (docs: API_HistoryEvent). */
function eventNames({ resource }: TaskState): EventNames {
  if (resource.kind === "function") {
    return {
      prefix: "LambdaFunction",
      called: resource.functionArn,
      common: undefined,
      scheduled: (text) => ({ resource: resource.functionArn, ...textDetails("input", text) }),
    };
  }
  const common = { resourceType: "lambda", resource: "invoke" };
  return {
    prefix: "Task",
    called: "lambda",
    common,
    scheduled: (parameters, region) => ({ ...common, region, parameters }),
  };
}
