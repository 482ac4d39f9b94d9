/** What the definition depends on. */
export interface StateMachineDefinitionProps {
  readonly functionArn: string;
  readonly functionTimeoutSeconds: number;
}

// A sandbox may take up to 10 s to start before the function's own timeout begins to count:
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
const INVOKE_OVERHEAD_SECONDS = 15;

/**
 * All sandboxes are taken, or the function is being replaced: nothing is wrong with the picture, and waiting is all it
 * takes, however long a burst is. The delays grow to minutes because each retry is a paid transition, and are drawn at
 * random because all of a burst come at once. `npm run bench:burst` plays bursts against these numbers.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
 */
const RETRY_UNTIL_THERE_IS_ROOM = {
  ErrorEquals: [
    "Lambda.TooManyRequestsException",
    "Lambda.ResourceConflictException",
    "Lambda.ResourceNotReadyException",
  ],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 300,
  MaxDelaySeconds: 540,
  JitterStrategy: "FULL",
} as const;

// A fault of Lambda or S3 passes in seconds, or somebody has to look at it: an execution can be redriven for 14 days.
// https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
const RETRY_SERVICE_FAULTS = {
  ErrorEquals: [
    "StorageUnavailable",
    "SourceKeepsChanging",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
  ],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 6,
  MaxDelaySeconds: 20,
  JitterStrategy: "FULL",
} as const;

// The sandbox died. Another one may live; a picture that kills each one must not be tried for long.
const RETRY_CRASHES = {
  ErrorEquals: ["Runtime.ExitError", "Lambda.Unknown"],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 2,
  MaxDelaySeconds: 5,
  JitterStrategy: "FULL",
} as const;

const RETRIERS = [RETRY_UNTIL_THERE_IS_ROOM, RETRY_SERVICE_FAULTS, RETRY_CRASHES];

/**
 * The state machine in Amazon States Language, as plain data:
 * `ResizeImage -> WasResizeSuccessful -> SuccessState | FailState`. What retries do not mend fails `ResizeImage` itself,
 * with the error and cause of its last attempt, so that a redrive begins there and not at a state that can only fail.
 */
export function stateMachineDefinition({ functionArn, functionTimeoutSeconds }: StateMachineDefinitionProps) {
  const taskTimeoutSeconds = functionTimeoutSeconds + INVOKE_OVERHEAD_SECONDS;
  return {
    Comment: "Makes the renditions of one picture",
    StartAt: "ResizeImage",
    TimeoutSeconds: longestRunSeconds(taskTimeoutSeconds),
    States: {
      ResizeImage: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        // The state's input is the same, but no path may be applied to it where it is null, which is for the function to refuse.
        Parameters: { FunctionName: functionArn, "Payload.$": "$$.Execution.Input" },
        OutputPath: "$.Payload",
        TimeoutSeconds: taskTimeoutSeconds,
        Retry: RETRIERS,
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
    },
  };
}

/** Every attempt times out and every wait is the longest: past that, the machine is stuck and not slow. */
function longestRunSeconds(taskTimeoutSeconds: number): number {
  const waits = RETRIERS.reduce((sum, retrier) => sum + retrier.MaxAttempts * retrier.MaxDelaySeconds, 0);
  const attempts = 1 + RETRIERS.reduce((sum, retrier) => sum + retrier.MaxAttempts, 0);
  return attempts * taskTimeoutSeconds + waits;
}
