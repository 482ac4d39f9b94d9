import { type Retrier, resizeStates, retriersOf, taskTimeoutSeconds } from "./resize-states";

/** What the definition depends on. */
export interface StateMachineDefinitionProps {
  readonly functionArn: string;
  readonly functionTimeoutSeconds: number;
}

const RETRIERS = retriersOf({
  // However long a burst is. The delays grow to minutes because each retry is a paid transition.
  // `npm run bench:burst` plays bursts against these numbers.
  untilThereIsRoom: { IntervalSeconds: 2, MaxAttempts: 300, MaxDelaySeconds: 540 },
  // A fault of Lambda or S3 passes in seconds, or somebody has to look at it: an execution can be redriven for 14 days.
  serviceFaults: { IntervalSeconds: 1, MaxAttempts: 6, MaxDelaySeconds: 20 },
  crashes: { IntervalSeconds: 1, MaxAttempts: 2, MaxDelaySeconds: 5 },
});

/**
 * The state machine in Amazon States Language, as plain data:
 * `ResizeImage -> WasResizeSuccessful -> SuccessState | FailState`. What retries do not mend fails `ResizeImage` itself,
 * with the error and cause of its last attempt, so that a redrive begins there and not at a state that can only fail.
 */
export function stateMachineDefinition({ functionArn, functionTimeoutSeconds }: StateMachineDefinitionProps) {
  return {
    Comment: "Makes the renditions of one picture",
    StartAt: "ResizeImage",
    TimeoutSeconds: longestRunSeconds(taskTimeoutSeconds(functionTimeoutSeconds), RETRIERS),
    States: resizeStates({
      functionArn,
      functionTimeoutSeconds,
      // The state's input is the same, but no path may be applied to it where it is null, which is for the function to refuse.
      requestPath: "$$.Execution.Input",
      retriers: RETRIERS,
    }),
  };
}

/** Every attempt times out and every wait is the longest: past that, the machine is stuck and not slow. */
function longestRunSeconds(taskTimeoutSeconds: number, retriers: readonly Retrier[]): number {
  const waits = retriers.reduce((sum, retrier) => sum + retrier.MaxAttempts * retrier.MaxDelaySeconds, 0);
  const attempts = 1 + retriers.reduce((sum, retrier) => sum + retrier.MaxAttempts, 0);
  return attempts * taskTimeoutSeconds + waits;
}
