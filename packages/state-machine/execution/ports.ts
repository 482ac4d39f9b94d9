import type { Json } from "../data/scope";
import type { TaskResource } from "../definition/definition";
import type { Objects } from "../map-run/objects";
import type { Clock } from "./clock";

/** One call of a Task. */
export interface TaskCall {
  readonly resource: TaskResource;
  readonly input: Json;
}

/** Everything an execution needs of the world. */
export interface Ports {
  readonly clock: Clock;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly uuid: () => string;
  /** The result of a task as JSON text. A `TaskError` is a failure the machine may handle. */
  readonly runTask: (call: TaskCall) => Promise<string>;
  readonly objects: Objects;
  /** Asked before children of a Map run start or are redriven. Throws a `TaskError` when the machine's role may not. */
  readonly authorizeChildren: (action: "start" | "redrive", childMachineArn: string) => void;
  /** For the event `TaskScheduled`. */
  readonly region: string;
}
