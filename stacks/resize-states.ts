/** When Step Functions tries a Task again. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds: number;
  /** Because all of a burst come at once. */
  readonly JitterStrategy: "FULL";
}

type Waits = Pick<Retrier, "IntervalSeconds" | "MaxAttempts" | "MaxDelaySeconds">;

/** How long is waited for what is transient, by its kind. */
export interface Patience {
  /**
   * All sandboxes are taken, or the function is being replaced: nothing is wrong with the picture, and waiting is all it
   * takes. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
   */
  readonly untilThereIsRoom: Waits;
  /** https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html */
  readonly serviceFaults: Waits;
  /** The sandbox died. Another one may live; a picture that kills each one must not be tried for long. */
  readonly crashes: Waits;
}

/** The retriers of a patience; a doubled wait each time, up to its limit. */
export function retriersOf({ untilThereIsRoom, serviceFaults, crashes }: Patience): readonly Retrier[] {
  const retrier = (ErrorEquals: readonly string[], waits: Waits): Retrier => ({
    ErrorEquals,
    IntervalSeconds: waits.IntervalSeconds,
    BackoffRate: 2,
    MaxAttempts: waits.MaxAttempts,
    MaxDelaySeconds: waits.MaxDelaySeconds,
    JitterStrategy: "FULL",
  });
  return [
    retrier(
      ["Lambda.TooManyRequestsException", "Lambda.ResourceConflictException", "Lambda.ResourceNotReadyException"],
      untilThereIsRoom,
    ),
    retrier(
      [
        "StorageUnavailable",
        "SourceKeepsChanging",
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
      ],
      serviceFaults,
    ),
    retrier(["Runtime.ExitError", "Lambda.Unknown"], crashes),
  ];
}

/** What the states depend on. */
export interface ResizeStatesProps {
  readonly functionArn: string;
  readonly functionTimeoutSeconds: number;
  /** Where the function's request is. */
  readonly requestPath: string;
  readonly retriers: readonly Retrier[];
}

// A sandbox may take up to 10 s to start before the function's own timeout begins to count:
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
const INVOKE_OVERHEAD_SECONDS = 15;

/** The time a Task waits for the function: more than its own timeout, so that the function's error is the one that is seen. */
export const taskTimeoutSeconds = (functionTimeoutSeconds: number): number =>
  functionTimeoutSeconds + INVOKE_OVERHEAD_SECONDS;

/**
 * `ResizeImage -> WasResizeSuccessful -> SuccessState | FailState`, for one picture, wherever it comes from. What retries do
 * not mend fails `ResizeImage` itself, with the error and cause of its last attempt.
 */
export function resizeStates({ functionArn, functionTimeoutSeconds, requestPath, retriers }: ResizeStatesProps) {
  return {
    ResizeImage: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Parameters: { FunctionName: functionArn, "Payload.$": requestPath },
      OutputPath: "$.Payload",
      TimeoutSeconds: taskTimeoutSeconds(functionTimeoutSeconds),
      Retry: retriers,
      Next: "WasResizeSuccessful",
    },
    WasResizeSuccessful: {
      Type: "Choice",
      Choices: [{ Variable: "$.status", StringEquals: "SUCCESS", Next: "SuccessState" }],
      Default: "FailState",
    },
    SuccessState: { Type: "Succeed" },
    // A refusal carries these two fields.
    FailState: { Type: "Fail", ErrorPath: "$.Error", CausePath: "$.Cause" },
  };
}
