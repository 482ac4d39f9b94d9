import type { Machine } from "../definition/definition";
import type { ChildResult } from "../map-run/child-result";
import type { HistoryEvent } from "./history";
import type { Outcome } from "./outcome";
import type { MapRunOptions } from "./scope";

/** An execution that a Map run starts, as the Map run sees it. */
export interface Child {
  readonly arn: string;
  readonly name: string;
  /** JSON text. */
  readonly input: string;
  /** Epoch milliseconds, as `stoppedAt`. */
  readonly startedAt: number;
  readonly stoppedAt: number | undefined;
  readonly outcome: Outcome | undefined;
  readonly redriveCount: number;
  readonly redrivenAt: number | undefined;
  /** None of an Express execution. */
  readonly events: readonly HistoryEvent[];
  readonly mapRunArn: string | undefined;
  /** How many items of a Map run it has; undefined outside of one. */
  readonly itemCount: number | undefined;
  readonly done: Promise<unknown>;
  stop(error?: string, cause?: string): Promise<void>;
  redrive(): void;
}

/** What a child is started with. */
export interface ChildOptions {
  readonly machine: Machine;
  readonly machineArn: string;
  readonly arn: string;
  readonly name: string;
  readonly input: string;
  readonly mapRunArn: string;
  readonly itemCount: number;
  readonly keepsHistory: boolean;
}

export type StartChild = (options: ChildOptions) => Child;

/** docs: service-quotas, "Maximum execution time" of Express workflows. */
const EXPRESS_SECONDS = 300;

/** The machine a child runs: the Map's processor. */
export function childMachine({ processor, map }: MapRunOptions): Machine {
  const { childType, childTimeoutSeconds: seconds } = map;
  const timeoutSeconds = childType === "EXPRESS" ? Math.min(seconds ?? EXPRESS_SECONDS, EXPRESS_SECONDS) : seconds;
  return { ...processor, timeoutSeconds };
}

/** How a child ended, as results are written. */
export function resultOf(child: Child, stateMachineArn: string): ChildResult {
  const { outcome } = child;
  return {
    status: outcome?.status ?? "PENDING",
    name: child.name,
    executionArn: child.arn,
    stateMachineArn,
    input: JSON.parse(child.input),
    ...(outcome?.status === "SUCCEEDED" && { output: JSON.parse(outcome.output) }),
    ...(outcome !== undefined && "error" in outcome && outcome.error !== undefined && { error: outcome.error }),
    ...(outcome !== undefined && "cause" in outcome && outcome.cause !== undefined && { cause: outcome.cause }),
    startDate: new Date(child.startedAt),
    ...(child.stoppedAt !== undefined && { stopDate: new Date(child.stoppedAt) }),
    redriveCount: child.redriveCount,
  };
}
