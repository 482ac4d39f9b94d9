import type { FunctionResource, Queue, StateMachineResource, Topic } from "./stack-model";

// What a service calls of another one. The runner gives it to them, so that none of them has to know another.

/** A function, by any name that Lambda takes for it. */
export interface RunningFunction {
  readonly resource: Pick<FunctionResource, "name" | "arn">;
  /** Its event is JSON text. @throws AwsError when Lambda itself refuses */
  readonly invoke: (event: string) => Promise<InvokeResult>;
}

/** What a call of Lambda's Invoke gives back. */
export interface InvokeResult {
  readonly requestId: string;
  /** JSON text: what the handler returned, or the error when `functionError` is there. */
  readonly payload: string;
  readonly functionError?: "Unhandled";
}

/** A state machine. */
export interface RunningMachine {
  readonly resource: Pick<StateMachineResource, "arn">;
  /** @throws AwsError when Step Functions refuses */
  readonly start: (input: string) => { readonly arn: string };
}

/** A queue. */
export interface RunningQueue {
  readonly resource: Queue;
  /** Attributes are strings, by name. */
  readonly send: (body: string, attributes: Readonly<Record<string, string>>) => void;
}

/** A topic. */
export interface RunningTopic {
  readonly resource: Topic;
  readonly publish: (message: string) => void;
}
