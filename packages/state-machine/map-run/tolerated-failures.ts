import { MapRunError } from "./map-run-error";

/** How many items of a Map run may fail (docs: state-map-distributed, "Tolerated failure threshold"). */
export interface ToleratedFailures {
  readonly percentage: number | undefined;
  readonly count: number | undefined;
}

/** Checks the values for one execution. Throws a `MapRunError` `States.Runtime` in AWS's words. */
export function checkToleratedFailures(tolerated: ToleratedFailures): void {
  const { percentage = 0, count = 0 } = tolerated;
  if (percentage < 0 || percentage > 100) {
    throw new MapRunError("States.Runtime", "ToleratedFailurePercentage must be between 0 and 100.");
  }
  if (count < 0) throw new MapRunError("States.Runtime", "ToleratedFailureCount cannot be negative.");
}

/**
 * Why the run fails with so many failed items of so many; `undefined` while they are tolerated. Either limit may be
 * passed, and with neither none may fail. `total` is undefined while items are still read: a share is then not known.
 */
export function exceeds(
  tolerated: ToleratedFailures,
  failed: number,
  total: number | undefined,
): MapRunError | undefined {
  const { percentage, count } = tolerated;
  const most = count ?? (percentage === undefined ? 0 : Number.POSITIVE_INFINITY);
  const share = percentage !== undefined && total !== undefined && failed * 100 > percentage * total;
  if (failed <= most && !share) return undefined;
  return new MapRunError(
    "States.ExceedToleratedFailureThreshold",
    "The specified tolerated failure threshold was exceeded",
  );
}
