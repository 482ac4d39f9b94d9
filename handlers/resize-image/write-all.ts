import { failureThatCounts } from "./all-ended";
import { Refusal, StorageUnavailable } from "./errors";
import type { ImageStore, ImageToStore } from "./image-store";

/**
 * Writes all objects at once and waits for each, also when one fails.
 * @throws StorageUnavailable, for another try of all of them; else the Refusal of one. The message says what was written
 */
export async function writeAll(
  store: Pick<ImageStore, "write">,
  objects: readonly ImageToStore[],
  signal: AbortSignal,
): Promise<void> {
  const results = await Promise.allSettled(objects.map((object) => store.write(object, signal)));
  const rejected = failureThatCounts(results);
  if (rejected === undefined) return;
  const written = objects.filter((_, index) => results[index]?.status === "fulfilled").map(({ key }) => key);
  const outcome = `written: ${written.length > 0 ? written.join(", ") : "nothing"}`;
  const failure: unknown = rejected.reason;
  if (failure instanceof StorageUnavailable)
    throw new StorageUnavailable(`${failure.message}; ${outcome}`, { cause: failure });
  if (failure instanceof Refusal) throw new Refusal(failure.name, `${failure.message}; ${outcome}`, { cause: failure });
  throw failure;
}
