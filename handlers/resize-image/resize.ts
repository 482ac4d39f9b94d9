import type { Config } from "./config";
import type { Deadline } from "./deadline";
import { type DeletedRenditions, deleteRenditions } from "./delete-renditions";
import { Refusal, SourceDeleted, SourceKeepsChanging } from "./errors";
import type { ImageStore } from "./image-store";
import { makeRenditions, type ResizeResult } from "./make-renditions";
import { owedRenditions } from "./owed-renditions";
import type { ResizeRequest } from "./request";

type Store = Pick<ImageStore, "read" | "write" | "etag" | "metadata" | "delete">;

// Each costs a whole resize, and a source that is still being written may rest by the time of the machine's next try.
const MAX_ROUNDS = 3;

/**
 * Makes the renditions of `request`, or where the environment says so deletes them when a delete marker is what the source is: of
 * a request that follows a deletion all that it has. The newest source wins: events come in any order and executions take any time, so after writing and after
 * deleting, the source is looked at again, and a changed one is started over with. Whoever acts last has then seen the last
 * source, since what S3 reads is never older than what it has taken.
 *
 * A source that is there has the rendition that its upload makes, or none where uploads of its key start nothing. So a deletion
 * makes that one again, also when the source is there at its first look, for it may have deleted before it was tried again; and
 * a request for renditions deletes no others than it makes.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
 * @throws Refusal; StorageUnavailable; SourceKeepsChanging
 */
export async function resize(
  request: ResizeRequest,
  config: Config,
  store: Store,
  deadline: Deadline,
): Promise<ResizeResult | DeletedRenditions> {
  const { originalBucket } = config;
  const began = performance.now();
  const keepsChanging = () =>
    new SourceKeepsChanging(
      `Expected s3://${originalBucket}/${key} to stay as it is while its renditions are made but it changed each time`,
    );
  const { key, deleted: isDeletion } = request;
  const renditions = isDeletion ? owedRenditions(key, config) : request.renditions;
  let { etag } = request;
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    try {
      if (renditions.length === 0) {
        await store.etag(originalBucket, key, deadline.signal);
        return { source: { bucket: originalBucket, key }, renditions: [], deleted: [] };
      }
      const result = await makeRenditions({ ...request, renditions }, etag, config, store, deadline);
      if (request.dryRun) return { ...result, milliseconds: Math.round(performance.now() - began) };
      if (result.renditions.length === 0) return result;
      etag = await store.etag(originalBucket, key, deadline.signal);
      if (etag === result.source.etag) return result;
    } catch (error) {
      if (round > 1 && error instanceof Refusal && error.name === "DeadlineExceeded") throw keepsChanging();
      if (!(error instanceof SourceDeleted) || !config.deletesRenditions || request.dryRun) throw error;
      const gone = isDeletion ? config.presets : new Map(renditions.map(({ name, preset }) => [name, preset]));
      const deleted = await deleteRenditions(key, gone, config, store, deadline.signal);
      etag = await whatCameBack(request, config, store, deadline);
      if (isDeletion && (etag === undefined || renditions.length === 0)) return deleted;
      // Nothing was asked for but a picture, and there is none.
      if (etag === undefined) throw error;
    }
  }
  throw keepsChanging();
}

/** The ETag of a source that is there again; undefined when it is not. @throws Refusal; StorageUnavailable */
async function whatCameBack(
  { key }: ResizeRequest,
  { originalBucket }: Config,
  store: Store,
  deadline: Deadline,
): Promise<string | undefined> {
  try {
    return await store.etag(originalBucket, key, deadline.signal);
  } catch (error) {
    if (error instanceof Refusal && error.name === "ObjectNotFound") return undefined;
    throw error;
  }
}
