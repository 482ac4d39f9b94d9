import { type Fault, integer, isObject, meaning, orWord, record } from "./expectations";

// https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html: "runs up to 10,000 parallel child workflow executions"
const MOST_CHILDREN = 10_000;

/** Whether what is in the bucket already can be resized, and by how many at once. */
export const backfill = orWord(
  "none",
  record({
    maxConcurrency: meaning(
      "pictures of a backfill at once; less than `reservedConcurrency`, so that uploads keep their share of the sandboxes",
      integer(1, MOST_CHILDREN),
    ),
  }),
);

/**
 * The longest `functionTimeoutSeconds` with which a picture of a backfill still has a second try: its Express execution ends
 * after five minutes, of which its retriers may wait for 140 seconds. A test reckons it up from the state machine.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-state-machine-executions
 */
export const MAX_BACKFILL_FUNCTION_SECONDS = 60;

/** What a backfill asks of the other fields. */
export function backfillFaults(environment: unknown, path: string): Fault[] {
  if (!isObject(environment) || !isObject(environment.backfill)) return [];
  const { reservedConcurrency, functionTimeoutSeconds } = environment;
  const { maxConcurrency } = environment.backfill;
  const faults: Fault[] = [];
  if (typeof reservedConcurrency === "number" && Number(maxConcurrency) >= reservedConcurrency) {
    const expected = `less than the reservedConcurrency of ${reservedConcurrency}, because uploads need sandboxes while a backfill runs`;
    faults.push({ path: `${path}.backfill.maxConcurrency`, expected, received: maxConcurrency });
  }
  if (Number(functionTimeoutSeconds) > MAX_BACKFILL_FUNCTION_SECONDS) {
    const expected = `at most ${MAX_BACKFILL_FUNCTION_SECONDS} with a backfill, because its executions end after five minutes`;
    faults.push({ path: `${path}.functionTimeoutSeconds`, expected, received: functionTimeoutSeconds });
  }
  return faults;
}
