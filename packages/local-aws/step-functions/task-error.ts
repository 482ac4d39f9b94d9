/** A task failed with an error a state machine can retry and catch; the interpreter reads these fields. */
export class TaskError extends Error {
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  constructor(error: string, cause: string, { final = false } = {}) {
    super(cause);
    this.name = error;
    // Such as States.Runtime: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    this.isRetryable = !final;
    this.isCatchable = !final;
  }
}
