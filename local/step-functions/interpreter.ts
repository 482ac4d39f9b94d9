import { setImmediate as nextTurn } from "node:timers/promises";
import type { Json, JsonObject } from "../json";
import type { History } from "./history";
import { interpretable } from "./interpretable";
import { TaskError } from "./task-error";

// "Maximum input or output size for a task, state, or execution: 256 KiB of data as a UTF-8 encoded string":
// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
export const MAX_DATA_BYTES = 262_144;

const RESOURCE = { resourceType: "lambda", resource: "invoke" } as const;

/** What one run of a definition needs. */
export interface RunOptions {
  readonly definition: JsonObject;
  /** JSON text. */
  readonly input: string;
  /** The `Execution` and `StateMachine` of the context object. */
  readonly context: { readonly Execution: JsonObject; readonly StateMachine: JsonObject };
  readonly region: string;
  readonly history: History;
  /** Runs a Task's resource on its parameters; gives the result as JSON text. */
  readonly runTask: (parameters: Json) => Promise<string>;
}

/** How a run ended. */
export type Outcome =
  | { readonly status: "SUCCEEDED"; readonly output: string }
  | { readonly status: "FAILED"; readonly error?: string; readonly cause?: string }
  | { readonly status: "TIMED_OUT" }
  | { readonly status: "ABORTED"; readonly error?: string; readonly cause?: string };

/** A run that can be given up. */
export interface Run {
  readonly outcome: Promise<Outcome>;
  readonly abort: () => void;
}

/** An ES module, which the runner can only import this way. Once: each import() asks the loader's hooks anew. */
const interpreter = import("aws-local-stepfunctions");

/**
 * Runs a guarded definition with aws-local-stepfunctions and writes the history as Step Functions would: the library
 * reports states, the task events between them are written here.
 */
export async function run(options: RunOptions): Promise<Run> {
  const { history } = options;
  const { StateMachine } = await interpreter;
  const definition: ConstructorParameters<typeof StateMachine>[0] = JSON.parse(
    JSON.stringify(interpretable(options.definition)),
  );
  const machine = new StateMachine(definition, { validationOptions: { noValidate: true } });
  const tasks = new TaskRunner(options);
  const taskResourceLocalHandlers = Object.fromEntries(
    Object.entries(definition.States).flatMap(([name, state]) =>
      state.Type === "Task" ? [[name, (input: Json) => tasks.run(input, state.TimeoutSeconds ?? 0)]] : [],
    ),
  );
  const execution = machine.run(JSON.parse(options.input), {
    overrides: { taskResourceLocalHandlers },
    context: { ...options.context },
  });
  // Both are awaited below, and a rejection before that must not end the runner.
  execution.result.catch(() => {});

  let tooLarge: string | undefined;
  const outcome = (async (): Promise<Outcome> => {
    for await (const event of execution.eventLogs) {
      switch (event.type) {
        case "StateEntered":
          history.add(
            `${event.state.type}StateEntered`,
            { name: event.state.name, input: JSON.stringify(event.state.input) },
            event.timestamp,
          );
          break;
        case "StateFailed":
          if (event.state.type === "Task" && event.Error === "States.Timeout") tasks.timedOut(event.timestamp);
          break;
        case "StateExited": {
          const output = JSON.stringify(event.state.output);
          history.add(`${event.state.type}StateExited`, { name: event.state.name, output }, event.timestamp);
          if (Buffer.byteLength(output) > MAX_DATA_BYTES && tooLarge === undefined) {
            tooLarge = event.state.name;
            execution.abort();
          }
          break;
        }
      }
    }
    if (tooLarge !== undefined) return dataLimitExceeded(tooLarge);
    try {
      return { status: "SUCCEEDED", output: JSON.stringify(await execution.result) };
    } catch (error) {
      return outcomeOf(error);
    }
  })();
  return { outcome, abort: execution.abort };
}

/** Runs the attempts of Tasks and writes their events. */
class TaskRunner {
  #attempt = 0;

  constructor(private readonly options: RunOptions) {}

  async run(parameters: Json, timeoutSeconds: number) {
    const { history, region, runTask } = this.options;
    this.#attempt += 1;
    const attempt = this.#attempt;
    if (history.over) throw new Error("the execution was stopped before the task began");
    const text = JSON.stringify(parameters);
    const scheduledAt = Date.now();
    const answer =
      Buffer.byteLength(text) > MAX_DATA_BYTES
        ? Promise.reject(new TaskError("States.DataLimitExceeded", DATA_LIMIT_CAUSE, { final: true }))
        : runTask(parameters);
    // Awaited below, and a rejection before that must not end the runner.
    answer.catch(() => {});
    // The library's own events wait in its queue until the present turn is over; they come first.
    await nextTurn();
    history.add(
      "TaskScheduled",
      { ...RESOURCE, region, parameters: text, timeoutInSeconds: timeoutSeconds },
      scheduledAt,
    );
    history.add("TaskStarted", { ...RESOURCE }, scheduledAt);
    try {
      const output = await answer;
      if (Buffer.byteLength(output) > MAX_DATA_BYTES)
        throw new TaskError("States.DataLimitExceeded", DATA_LIMIT_CAUSE, { final: true });
      if (attempt === this.#attempt) history.add("TaskSucceeded", { ...RESOURCE, output });
      return JSON.parse(output);
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      if (attempt === this.#attempt) history.add("TaskFailed", { ...RESOURCE, error: name, cause: message });
      throw error;
    }
  }

  /** The attempt under way took too long: what it may still answer is not heard any more, as on AWS. */
  timedOut(timestamp: number): void {
    this.#attempt += 1;
    this.options.history.add("TaskTimedOut", { ...RESOURCE, error: "States.Timeout" }, timestamp);
  }
}

const DATA_LIMIT_CAUSE =
  "The state/task returned a result with a size exceeding the maximum number of bytes service limit.";

function dataLimitExceeded(stateName: string): Outcome {
  return {
    status: "FAILED",
    error: "States.DataLimitExceeded",
    cause: DATA_LIMIT_CAUSE.replace("state/task", `state/task '${stateName}'`),
  };
}

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof Error)) return { status: "FAILED", error: "States.Runtime", cause: String(error) };
  if (error.name === "ExecutionTimeoutError") return { status: "TIMED_OUT" };
  if (error.name === "ExecutionAbortedError") return { status: "ABORTED" };
  const cause = error.cause instanceof Error ? error.cause : error;
  return { status: "FAILED", error: cause.name, cause: cause.message };
}
