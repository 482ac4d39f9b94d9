/** What the definition depends on. */
export interface StateMachineDefinitionProps {
  readonly functionArn: string;
  readonly functionTimeoutSeconds: number;
}

// A sandbox may take up to 10 s to start before the function's own timeout begins to count:
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
const INVOKE_OVERHEAD_SECONDS = 15;

// Too many requests or a fault of Lambda or S3: waiting helps, so wait longer each time, and not all at the same moment.
// https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
const RETRY_SERVICE_FAULTS = {
  ErrorEquals: [
    "StorageUnavailable",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.TooManyRequestsException",
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

/**
 * The state machine in Amazon States Language, as plain data:
 * `ResizeImage -> WasResizeSuccessful -> SuccessState | FailState`.
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
        Parameters: { FunctionName: functionArn, "Payload.$": "$" },
        OutputPath: "$.Payload",
        TimeoutSeconds: taskTimeoutSeconds,
        Retry: [RETRY_SERVICE_FAULTS, RETRY_CRASHES],
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "FailState" }],
        Next: "WasResizeSuccessful",
      },
      WasResizeSuccessful: {
        Type: "Choice",
        Choices: [{ Variable: "$.status", StringEquals: "SUCCESS", Next: "SuccessState" }],
        Default: "FailState",
      },
      SuccessState: { Type: "Succeed" },
      // The function's refusals and what Catch hands over carry the same two fields.
      FailState: { Type: "Fail", ErrorPath: "$.Error", CausePath: "$.Cause" },
    },
  };
}

/** Every attempt times out and every wait is the longest: past that, the machine is stuck and not slow. */
function longestRunSeconds(taskTimeoutSeconds: number): number {
  const retries = [RETRY_SERVICE_FAULTS, RETRY_CRASHES];
  const waits = retries.reduce((sum, retry) => sum + retry.MaxAttempts * retry.MaxDelaySeconds, 0);
  const attempts = 1 + retries.reduce((sum, retry) => sum + retry.MaxAttempts, 0);
  return attempts * taskTimeoutSeconds + waits;
}
