import type { Config } from "./config";
import type { Deadline } from "./deadline";
import type { ImageStore } from "./image-store";
import { FORMATS, type ImageFormat } from "./picture/formats";
import { checkHeader } from "./picture/limits";
import { readHeader } from "./picture/read-header";
import { render } from "./render";
import { renditionKey } from "./renditions";
import type { ResizeRequest } from "./request";
import { type SourceIdentity, sourceMetadata } from "./source-metadata";
import { writeAll } from "./write-all";

/** The picture all renditions were made from; width and height are as seen, its orientation applied. */
export interface ResizeSource extends SourceIdentity {
  readonly bucket: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly format: ImageFormat;
  readonly bytes: number;
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
  readonly source: ResizeSource;
  readonly renditions: readonly WrittenRendition[];
}

/**
 * Reads the picture of `request`, makes all its renditions, then writes them at once.
 * @throws Refusal; StorageUnavailable
 */
export async function resize(
  request: ResizeRequest,
  config: Config,
  store: ImageStore,
  deadline: Deadline,
): Promise<ResizeResult> {
  const stored = await store.read(config.originalBucket, request.key, deadline.signal);
  const { bytes, ...identity } = { key: request.key, ...stored };
  const header = await readHeader(bytes, deadline);
  checkHeader(
    header,
    request.renditions.map(({ preset }) => preset),
    config.memoryMb,
  );
  const rendered = await render({ bytes, header }, request.renditions, deadline);

  const objects = rendered.map((image) => ({
    ...image,
    bucket: config.resizedBucket,
    key: renditionKey(request.key, image.name, header.format, image.format),
  }));
  await writeAll(
    store,
    objects.map((object) => ({
      ...object,
      contentType: FORMATS[object.format].contentType,
      cacheControl: config.cacheControl,
      metadata: sourceMetadata(identity, object.name),
    })),
    deadline.signal,
  );

  const { width, height, frames, format } = header;
  return {
    source: { bucket: config.originalBucket, ...identity, width, height, frames, format, bytes: bytes.length },
    renditions: objects.map((object) => ({ ...object, bytes: object.bytes.length })),
  };
}
