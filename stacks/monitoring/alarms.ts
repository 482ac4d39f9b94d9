import type { Environment } from "../../environments/environment";
import type { Metric, PipelineMetrics } from "./metrics";

/** When somebody is told. Without data it is quiet: nothing happens where no picture comes. */
export interface Alarm {
  /** Last part of its name. */
  readonly id: string;
  /** What it means and where to look, for whoever is woken. */
  readonly description: string;
  /** A number of one metric, or of an expression over several by their ids. */
  readonly metric: Metric | Expression;
  readonly statistic: "Sum" | "Maximum";
  readonly periodSeconds: number;
  /** So many periods in a row. */
  readonly periods: number;
  /** Reached or passed. */
  readonly threshold: number;
}

export interface Expression {
  readonly expression: string;
  readonly metrics: Readonly<Record<string, Metric>>;
}

const MINUTES = 60;
const HOUR = 3_600;
const FIVE_MINUTES = 5 * MINUTES;

// Below so many pictures an hour, a share says nothing.
const FEW_PICTURES = 20;

// A slow picture is no reason yet, and one that takes longer times out.
const NEAR_THE_TIMEOUT = 0.8;
const MS_PER_SECOND = 1_000;

/** What one environment's alarms depend on. */
export type AlarmSettings = Pick<Environment, "functionTimeoutSeconds"> & {
  readonly refusedPercent: number;
};

/** The alarms of a pipeline; docs/operations.md has what to do about each. A bad picture wakes nobody. */
export function alarmsOf(metrics: PipelineMetrics, settings: AlarmSettings): readonly Alarm[] {
  const once = (id: string, metric: Metric, description: string): Alarm => ({
    id,
    description,
    metric,
    statistic: "Sum",
    periodSeconds: FIVE_MINUTES,
    periods: 1,
    threshold: 1,
  });
  const waiting = (alarm: Alarm): Alarm => ({ ...alarm, statistic: "Maximum" });
  const lasting = (alarm: Alarm): Alarm => ({ ...alarm, periods: 3 });
  return [
    once("failed", metrics.faults, "Executions failed, and not because a picture was refused"),
    once("timed-out", metrics.timedOut, "Executions ran into the time limit of the state machine"),
    once("aborted", metrics.aborted, "Somebody stopped executions"),
    once("throttled", metrics.throttledExecutions, "State transitions are above the account's quota, executions wait"),
    lasting(once("function-errors", metrics.functionErrors, "The function has been failing for a quarter of an hour")),
    lasting(
      once("no-sandbox", metrics.functionThrottles, "Pictures have waited for sandboxes for a quarter of an hour"),
    ),
    {
      ...once("slow", metrics.functionDuration, "A picture took nearly as long as the function may"),
      statistic: "Maximum",
      threshold: NEAR_THE_TIMEOUT * settings.functionTimeoutSeconds * MS_PER_SECOND,
    },
    once("api-faults", metrics.apiFaults, "The HTTP API answered with 5xx"),
    {
      ...once("refused", metrics.refusals, "More pictures than usual are refused"),
      metric: {
        expression: `IF(started >= ${FEW_PICTURES}, 100 * FILL(refused, 0) / started, 0)`,
        // A backfill's pictures are refused as well, and it starts no execution for them that the metric would count.
        metrics: { refused: metrics.refusals, started: metrics.backfill ? metrics.invocations : metrics.started },
      },
      periodSeconds: HOUR,
      threshold: settings.refusedPercent,
    },
    ...(metrics.deadLetters && metrics.failedInvocations
      ? [
          waiting(once("dead-letters", metrics.deadLetters, "Uploads could not be started and wait in the queue")),
          once("failed-invocations", metrics.failedInvocations, "EventBridge could not start executions for uploads"),
        ]
      : []),
    ...(metrics.deletions
      ? [
          waiting(
            once(
              "deletion-dead-letters",
              metrics.deletions.deadLetters,
              "Deletions could not be started and wait in the queue: renditions of deleted originals are there",
            ),
          ),
          once(
            "deletion-failed-invocations",
            metrics.deletions.failedInvocations,
            "EventBridge could not start executions for deletions",
          ),
        ]
      : []),
    ...(metrics.backfill
      ? [
          once(
            "backfill-failed",
            metrics.backfill.failed,
            "A backfill failed as a whole, and not because of a picture",
          ),
          once("backfill-timed-out", metrics.backfill.timedOut, "A backfill ran into its time limit of 90 days"),
        ]
      : []),
  ];
}
