import { QueryError } from "../data/scope";

/** A state failed with an error that its retriers and catchers may match, and that else fails the execution. */
export class StateFailure extends Error {
  override readonly name = "StateFailure";

  /** A `terminal` failure is matched by no retrier and no catcher. */
  constructor(
    readonly error: string | undefined,
    override readonly cause: string | undefined,
    readonly terminal = false,
  ) {
    super(`${error ?? "no error"}: ${cause ?? "no cause"}`);
  }
}

/** The failure of a task, as whoever runs it names it (docs: connect-lambda; concepts-error-handling). */
export class TaskError extends Error {
  override readonly name = "TaskError";

  constructor(
    readonly error: string,
    cause: string,
  ) {
    super(cause);
  }
}

/** What is thrown inside a branch that goes on no more: a sibling failed, or the execution was ended. */
export class Aborted extends Error {
  override readonly name = "Aborted";
}

/** "A States.Runtime error isn't retriable, and will always cause the execution to fail" (docs: concepts-error-handling). */
export function endsExecution(thrown: unknown): boolean {
  if (thrown instanceof StateFailure) return thrown.terminal || thrown.error === "States.Runtime";
  return thrown instanceof QueryError && thrown.error === "States.Runtime";
}

/** What docs: concepts-error-handling says of the wildcards. */
export function matchesError(patterns: readonly string[], failure: StateFailure): boolean {
  if (endsExecution(failure)) return false;
  return patterns.some((pattern) => {
    if (pattern === "States.ALL") return true;
    if (pattern === "States.TaskFailed") return failure.error !== "States.Timeout";
    if (pattern === "States.Timeout" && failure.error === "States.HeartbeatTimeout") return true;
    return pattern === failure.error;
  });
}

/** The cause of a state or task whose data is larger than the service takes. */
export function dataLimitCause(stateOrTask: string): string {
  return `The state/task '${stateOrTask}' returned a result with a size exceeding the maximum number of bytes service limit.`;
}
