import { StorageUnavailable } from "./errors";

/**
 * What came of requests that were sent at once, when each has ended, also when one failed: nothing is left that could end in
 * the next invocation.
 * @throws the one failure that counts
 */
export async function allEnded<T>(requests: readonly Promise<T>[]): Promise<readonly T[]> {
  const results = await Promise.allSettled(requests);
  const failure = failureThatCounts(results);
  if (failure) throw failure.reason;
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

/** A fault that may pass goes first: the next try meets the permanent one again, if there is one. */
export function failureThatCounts(
  results: readonly PromiseSettledResult<unknown>[],
): PromiseRejectedResult | undefined {
  const failures = results.filter((result) => result.status === "rejected");
  return failures.find(({ reason }) => reason instanceof StorageUnavailable) ?? failures[0];
}
