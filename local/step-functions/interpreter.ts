import type { Json, JsonObject } from "../json";
import { interpretable } from "./interpretable";
import { dataLimitCause, MAX_DATA_BYTES, type TaskOptions, TaskRunner } from "./task-runner";

/** What one run of a definition needs. */
export interface RunOptions extends TaskOptions {
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

/** An ES module, which the runner can only import this way. Once: each import() asks the loader's hooks anew. */
const interpreter = import("aws-local-stepfunctions");

/**
 * Runs a guarded definition with aws-local-stepfunctions and writes the history as Step Functions would: the library
 * reports states, the task events between them are written here.
 */
export async function run(options: RunOptions): Promise<Outcome> {
  const { history, signal } = options;
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
        case "StateFailed":
          if (event.state.type === "Task" && event.Error === "States.Timeout") tasks.timedOut(event.timestamp);
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
    return outcomeOf(error);
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

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof Error)) return { status: "FAILED", error: "States.Runtime", cause: String(error) };
  const cause = error.cause instanceof Error ? error.cause : error;
  return { status: "FAILED", error: cause.name, cause: cause.message };
}
