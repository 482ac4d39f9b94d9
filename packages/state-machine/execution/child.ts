import type { Machine } from "../definition/definition";
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
