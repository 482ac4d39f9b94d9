import { setImmediate as nextTurn } from "node:timers/promises";
import type { Json } from "../json";
import type { History } from "./history";
import { TaskError } from "./task-error";

// "Maximum input or output size for a task, state, or execution: 256 KiB of data as a UTF-8 encoded string":
// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
export const MAX_DATA_BYTES = 262_144;

/** What Step Functions says when it is more. */
export function dataLimitCause(stateOrTask: string): string {
  return `The state/task '${stateOrTask}' returned a result with a size exceeding the maximum number of bytes service limit.`;
}

const RESOURCE = { resourceType: "lambda", resource: "invoke" } as const;

/** What Tasks need. */
export interface TaskOptions {
  readonly region: string;
  readonly history: History;
  /** Runs a Task's resource on its parameters; gives the result as JSON text. */
  readonly runTask: (parameters: Json) => Promise<string>;
  /** What is thrown when a task takes too long. */
  readonly taskTimeout: Error;
}

/** Runs the attempts of Tasks and writes their events. */
export class TaskRunner {
  #closed = false;

  constructor(private readonly options: TaskOptions) {}

  async run(parameters: Json, timeoutSeconds: number) {
    const { history, region, runTask, taskTimeout } = this.options;
    if (this.#closed) throw new TaskError("States.Runtime", "the execution is over", { final: true });
    const text = JSON.stringify(parameters);
    const scheduledAt = Date.now();
    const answer =
      Buffer.byteLength(text) > MAX_DATA_BYTES
        ? Promise.reject(new TaskError("States.DataLimitExceeded", dataLimitCause("lambda"), { final: true }))
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
    const { promise: timeout, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(taskTimeout), timeoutSeconds * 1000);
    try {
      // What is answered after the timeout is not heard any more, as on AWS.
      const output = await Promise.race([answer, timeout]);
      // "States.ALL does not catch States.DataLimitExceeded", says the documentation; the result of a task is caught all the
      // same, as histories recorded from AWS show: test_states_errors.snapshot.json of LocalStack.
      if (Buffer.byteLength(output) > MAX_DATA_BYTES)
        throw new TaskError("States.DataLimitExceeded", dataLimitCause("lambda"));
      history.add("TaskSucceeded", { ...RESOURCE, output });
      return JSON.parse(output);
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      if (error === taskTimeout) history.add("TaskTimedOut", { ...RESOURCE, error: name });
      else history.add("TaskFailed", { ...RESOURCE, error: name, cause: message });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** No other attempt begins. */
  close(): void {
    this.#closed = true;
  }
}
