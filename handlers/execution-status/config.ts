/** The environment variables of the function, as the stack sets them. */
export interface StatusFunctionEnvironment {
  /** ARN of the state machine whose executions are asked for. */
  readonly STATE_MACHINE_ARN: string;
}
