import type { Json } from "../data/scope";
import type { DistributedMap, Workflow } from "../definition/definition";
import type { History } from "./history";
import type { Ports } from "./ports";

/** The execution a state is part of, as its states see it. */
export interface ExecutionScope {
  readonly ports: Ports;
  readonly history: History;
  /** Starts what a distributed Map makes of its items. */
  startMapRun(options: MapRunOptions): MapRunHandle;
}

/** What a distributed Map starts a Map run with. */
export interface MapRunOptions {
  readonly map: DistributedMap;
  readonly processor: Workflow;
  readonly limits: MapRunLimits;
  /** The inputs of the children, with how many items each holds. */
  readonly batches: AsyncGenerator<{ readonly input: Json; readonly items: number }>;
  /** Where results are written, when the Map has a ResultWriter with a bucket. */
  readonly target: Json | undefined;
}

/** What UpdateMapRun can change while a Map run runs. */
export interface MapRunLimits {
  /** 0 for as many as the service runs. */
  readonly maxConcurrency: number;
  readonly toleratedFailurePercentage: number | undefined;
  readonly toleratedFailureCount: number | undefined;
}

/** A Map run as its state sees it. */
export interface MapRunHandle {
  readonly arn: string;
  readonly redriveCount: number;
  /** Runs, or goes on after a failure, until all children have ended. Throws a `MapRunError`, or `Aborted`. */
  run(signal: AbortSignal): Promise<Json>;
}
