import type { Config } from "./config";
import type { Deadline } from "./deadline";
import { Refusal, SourceKeepsChanging } from "./errors";
import type { ImageStore, StoredImage } from "./image-store";
import { missingRenditions } from "./missing-renditions";
import { FORMATS, type ImageFormat } from "./picture/formats";
import { checkHeader } from "./picture/limits";
import { readHeader } from "./picture/read-header";
import { render } from "./render";
import { renditionKey } from "./renditions";
import type { NamedPreset, ResizeRequest } from "./request";
import { type SourceIdentity, sourceMetadata } from "./source-metadata";
import { writeAll } from "./write-all";

/** Where a source is and which version of it is meant. */
export interface LocatedSource extends SourceIdentity {
  readonly bucket: string;
}

/** The picture all renditions were made from; width and height are as seen, its orientation applied. */
export interface ResizeSource extends LocatedSource {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly format: ImageFormat;
  readonly bytes: number;
  /** A ThumbHash in base64, to be shown until a rendition is there. */
  readonly placeholder: string;
  /** The colour most of the picture has, `#rrggbb`. */
  readonly color: string;
}

/** One object written. */
export interface WrittenRendition {
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  readonly bytes: number;
}

/** What came of a request that could be served. */
export interface ResizeResult {
  /** Without what only reading the picture tells, where no rendition was missing. */
  readonly source: ResizeSource | LocatedSource;
  /** Those made. */
  readonly renditions: readonly WrittenRendition[];
  /** The names of those that were there, where only what is missing was asked for. */
  readonly present?: readonly string[];
  /** What a dry run took. */
  readonly milliseconds?: number;
}

type Store = Pick<ImageStore, "read" | "write" | "etag" | "metadata">;

// Each costs a whole resize, and a source that is still being written may rest by the time of the machine's next try.
const MAX_ROUNDS = 3;

/**
 * Makes the renditions of `request`. The newest source wins: events come in any order and executions take any time, so
 * after writing, the source is looked at again, and a changed one is started over with. Whoever writes last has then
 * written the last source, since what S3 reads is never older than what it has taken.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
 * @throws Refusal; StorageUnavailable; SourceKeepsChanging
 */
export async function resize(
  request: ResizeRequest,
  config: Config,
  store: Store,
  deadline: Deadline,
): Promise<ResizeResult> {
  const { originalBucket } = config;
  const began = performance.now();
  const keepsChanging = () =>
    new SourceKeepsChanging(
      `Expected s3://${originalBucket}/${request.key} to stay as it is while its renditions are made but it changed each time`,
    );
  let { etag } = request;
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const result = await makeRenditions(request, etag, config, store, deadline).catch((error: unknown) => {
      throw round > 1 && error instanceof Refusal && error.name === "DeadlineExceeded" ? keepsChanging() : error;
    });
    if (request.dryRun) return { ...result, milliseconds: Math.round(performance.now() - began) };
    if (result.renditions.length === 0) return result;
    etag = await store.etag(originalBucket, request.key, deadline.signal);
    if (etag === result.source.etag) return result;
  }
  throw keepsChanging();
}

/**
 * Makes what is asked for, or what is missing of it. The picture is read only when something is missing; what that is, is
 * decided once more by the ETag it is read with, for the one that was given may be of an older source.
 */
async function makeRenditions(
  request: ResizeRequest,
  knownEtag: string | undefined,
  config: Config,
  store: Store,
  deadline: Deadline,
): Promise<ResizeResult> {
  const { key, onlyMissing } = request;
  const { originalBucket: bucket } = config;
  if (!onlyMissing) {
    const stored = await store.read(bucket, key, deadline.signal);
    return makeAndWrite(request, request.renditions, stored, config, store, deadline);
  }
  const etag = knownEtag ?? (await store.etag(bucket, key, deadline.signal));
  const missing = await missingRenditions(request, config, store, deadline.signal);
  const present = (made: readonly NamedPreset[]) =>
    request.renditions.filter((rendition) => !made.includes(rendition)).map(({ name }) => name);
  if (etag !== undefined && missing(etag).length === 0) {
    return { source: { bucket, key, etag }, renditions: [], present: present([]) };
  }
  const stored = await store.read(bucket, key, deadline.signal);
  const toMake = missing(stored.etag);
  if (toMake.length === 0) {
    const { bytes, ...identity } = stored;
    return { source: { bucket, key, ...identity }, renditions: [], present: present([]) };
  }
  const result = await makeAndWrite(request, toMake, stored, config, store, deadline);
  return { ...result, present: present(toMake) };
}

/** Makes these renditions of a picture, then writes them at once, but in a dry run. */
async function makeAndWrite(
  request: ResizeRequest,
  presets: readonly NamedPreset[],
  stored: StoredImage,
  config: Config,
  store: Store,
  deadline: Deadline,
): Promise<ResizeResult> {
  const { bytes, ...identity } = { key: request.key, ...stored };
  const header = await readHeader(bytes, deadline);
  checkHeader(
    header,
    presets.map(({ preset }) => preset),
    config.memoryMb,
  );
  const { renditions, placeholder } = await render({ bytes, header }, presets, deadline);

  const objects = renditions.map(({ preset, ...image }) => ({
    ...image,
    bucket: config.resizedBucket,
    key: renditionKey(request.key, image.name, preset),
    metadata: sourceMetadata(identity, placeholder, { name: image.name, preset }),
  }));
  if (!request.dryRun) {
    await writeAll(
      store,
      objects.map((object) => ({
        ...object,
        contentType: FORMATS[object.format].contentType,
        cacheControl: config.cacheControl,
      })),
      deadline.signal,
    );
  }

  const { width, height, frames, format } = header;
  const { hash, color } = placeholder;
  return {
    source: {
      bucket: config.originalBucket,
      ...identity,
      width,
      height,
      frames,
      format,
      bytes: bytes.length,
      placeholder: hash,
      color,
    },
    renditions: objects.map(({ metadata, ...object }) => ({ ...object, bytes: object.bytes.length })),
  };
}
