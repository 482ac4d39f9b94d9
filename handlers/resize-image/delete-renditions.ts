import { allEnded } from "./all-ended";
import type { Config } from "./config";
import { Refusal } from "./errors";
import type { ImageStore } from "./image-store";
import { renditionKey } from "./renditions";

/** What became of the renditions of a source that was deleted, or is said to be. */
export interface DeletedRenditions {
  readonly source: { readonly bucket: string; readonly key: string };
  readonly renditions: readonly [];
  /** The names of the presets: whether there was something of each, the function may not know. None where the source is there. */
  readonly deleted: readonly string[];
}

/**
 * Deletes what these presets made of a source, all at once: their keys follow from its own.
 * @throws Refusal ObjectNotWritable; StorageUnavailable
 */
export async function deleteRenditions(
  key: string,
  presets: Config["presets"],
  { originalBucket, resizedBucket }: Config,
  store: Pick<ImageStore, "delete">,
  signal: AbortSignal,
): Promise<DeletedRenditions> {
  const renditions = [...presets].flatMap(([name, preset]) => {
    const of = keyIfAny(() => renditionKey(key, name, preset));
    return of === undefined ? [] : [{ name, key: of }];
  });
  await allEnded(renditions.map((rendition) => store.delete(resizedBucket, rendition.key, signal)));
  return { source: { bucket: originalBucket, key }, renditions: [], deleted: renditions.map(({ name }) => name) };
}

/** Under a key that is too long for S3 nothing was ever written. */
function keyIfAny(keyOf: () => string): string | undefined {
  try {
    return keyOf();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
