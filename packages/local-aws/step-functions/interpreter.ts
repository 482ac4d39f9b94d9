import type { Json, JsonObject } from "../json";
import { MAX_SECONDS } from "./definition-fields";
import { interpretable } from "./interpretable";
import { interpreter } from "./library";
import { dataLimitCause, MAX_DATA_BYTES, type TaskOptions, TaskRunner } from "./task-runner";

/** What one run of a definition needs. */
export interface RunOptions extends Omit<TaskOptions, "taskTimeout"> {
  readonly definition: JsonObject;
  /** JSON text. */
  readonly input: string;
  /** The `Execution` and `StateMachine` of the context object. */
  readonly context: { readonly Execution: JsonObject; readonly StateMachine: JsonObject };
  /** Gives the run up. */
  readonly signal: AbortSignal;
}

/** How a run ended. */
export type Outcome =
  | { readonly status: "SUCCEEDED"; readonly output: string }
  | { readonly status: "FAILED"; readonly error?: string; readonly cause?: string }
  | { readonly status: "TIMED_OUT" }
  | { readonly status: "ABORTED"; readonly error?: string; readonly cause?: string };

/**
 * Runs a guarded definition with aws-local-stepfunctions and writes the history as Step Functions would: the library
 * reports states, the task events between them are written here.
 */
export async function run(options: RunOptions): Promise<Outcome> {
  const { history, signal } = options;
  const { StateMachine, taskTimeout } = await interpreter;
  const definition: ConstructorParameters<typeof StateMachine>[0] = JSON.parse(
    JSON.stringify(interpretable(options.definition)),
  );
  const machine = new StateMachine(definition, { validationOptions: { noValidate: true } });
  const tasks = new TaskRunner({ ...options, taskTimeout });
  const taskResourceLocalHandlers: Record<string, (input: Json) => ReturnType<TaskRunner["run"]>> = {};
  for (const [name, state] of Object.entries(definition.States)) {
    if (state.Type !== "Task") continue;
    const { TimeoutSeconds: seconds = 0 } = state;
    taskResourceLocalHandlers[name] = (input) => tasks.run(input, seconds);
    // Watched by the handler, long before.
    state.TimeoutSeconds = MAX_SECONDS;
  }
  if (signal.aborted) tasks.close();
  const execution = machine.run(JSON.parse(options.input), {
    overrides: { taskResourceLocalHandlers },
    context: { ...options.context },
  });
  // Awaited below, and a rejection before that must not end the runner.
  execution.result.catch(() => {});

  let givenUp: Outcome | undefined;
  const giveUp = (outcome: Outcome) => {
    givenUp ??= outcome;
    // First: the library ends a wait before a retry at once, and goes on to the retry.
    tasks.close();
    execution.abort();
  };
  const { TimeoutSeconds: seconds } = options.definition;
  const timer =
    typeof seconds === "number" ? setTimeout(() => giveUp({ status: "TIMED_OUT" }), seconds * 1000) : undefined;
  signal.addEventListener("abort", () => giveUp({ status: "ABORTED" }));
  if (signal.aborted) giveUp({ status: "ABORTED" });

  try {
    for await (const event of execution.eventLogs) {
      switch (event.type) {
        case "StateEntered":
          history.add(
            `${event.state.type}StateEntered`,
            { name: event.state.name, input: JSON.stringify(event.state.input) },
            event.timestamp,
          );
          break;
        case "StateExited": {
          const output = JSON.stringify(event.state.output);
          history.add(`${event.state.type}StateExited`, { name: event.state.name, output }, event.timestamp);
          if (Buffer.byteLength(output) > MAX_DATA_BYTES) giveUp(dataLimitExceeded(event.state.name));
          break;
        }
      }
    }
    return givenUp ?? { status: "SUCCEEDED", output: JSON.stringify(await execution.result) };
  } catch (error) {
    return outcomeOf(error, taskTimeout);
  } finally {
    clearTimeout(timer);
  }
}

function dataLimitExceeded(stateName: string): Outcome {
  return {
    status: "FAILED",
    error: "States.DataLimitExceeded",
    cause: dataLimitCause(stateName),
  };
}

function outcomeOf(error: unknown, taskTimeout: Error): Outcome {
  if (!(error instanceof Error)) return { status: "FAILED", error: "States.Runtime", cause: String(error) };
  const cause = error.cause instanceof Error ? error.cause : error;
  return { status: "FAILED", error: cause.name, ...(cause !== taskTimeout && { cause: cause.message }) };
}
