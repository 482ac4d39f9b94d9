import { allEnded } from "./all-ended";
import type { Config } from "./config";
import type { ImageStore } from "./image-store";
import { renditionKey } from "./renditions";
import type { NamedPreset, ResizeRequest } from "./request";
import { isMadeOf } from "./source-metadata";

/** Those renditions of a request that have to be made for a source with this ETag. */
export type Missing = (etag: string) => readonly NamedPreset[];

/**
 * Looks at each rendition that is asked for, all at once. One is missing when it is not there, or was made of another
 * source, or by a preset that has changed since.
 * @throws Refusal ObjectNotReadable; StorageUnavailable
 */
export async function missingRenditions(
  { key, renditions }: ResizeRequest,
  { resizedBucket }: Config,
  store: Pick<ImageStore, "metadata">,
  signal: AbortSignal,
): Promise<Missing> {
  const found = await allEnded(
    renditions.map(async (rendition) => {
      const { name, preset } = rendition;
      return { rendition, metadata: await store.metadata(resizedBucket, renditionKey(key, name, preset), signal) };
    }),
  );
  return (etag) =>
    found
      .filter(({ rendition, metadata }) => metadata === undefined || !isMadeOf(metadata, etag, rendition.preset))
      .map(({ rendition }) => rendition);
}
