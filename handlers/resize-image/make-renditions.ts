import type { Config } from "./config";
import type { Deadline } from "./deadline";
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

/**
 * Makes what is asked for, or what is missing of it. The picture is read only when something is missing; what that is, is
 * decided once more by the ETag it is read with, for the one that was given may be of an older source.
 * @throws Refusal; StorageUnavailable
 */
export async function makeRenditions(
  request: ResizeRequest,
  knownEtag: string | undefined,
  config: Config,
  store: Pick<ImageStore, "read" | "write" | "etag" | "metadata">,
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
  if (missing(etag).length === 0) {
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
  store: Pick<ImageStore, "write">,
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
