import type { Config } from "./config";
import type { Deadline } from "./deadline";
import { Refusal, SourceKeepsChanging } from "./errors";
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
  readonly source: ResizeSource;
  readonly renditions: readonly WrittenRendition[];
}

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
  store: Pick<ImageStore, "read" | "write" | "etag">,
  deadline: Deadline,
): Promise<ResizeResult> {
  const { originalBucket } = config;
  const keepsChanging = () =>
    new SourceKeepsChanging(
      `Expected s3://${originalBucket}/${request.key} to stay as it is while its renditions are made but it changed each time`,
    );
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const result = await makeAndWrite(request, config, store, deadline).catch((error: unknown) => {
      throw round > 1 && error instanceof Refusal && error.name === "DeadlineExceeded" ? keepsChanging() : error;
    });
    if ((await store.etag(originalBucket, request.key, deadline.signal)) === result.source.etag) return result;
  }
  throw keepsChanging();
}

/** Reads the picture, makes all its renditions, then writes them at once. */
async function makeAndWrite(
  request: ResizeRequest,
  config: Config,
  store: Pick<ImageStore, "read" | "write" | "etag">,
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
  const { renditions, placeholder } = await render({ bytes, header }, request.renditions, deadline);

  const objects = renditions.map(({ preset, ...image }) => ({
    ...image,
    bucket: config.resizedBucket,
    key: renditionKey(request.key, image.name, preset),
  }));
  await writeAll(
    store,
    objects.map((object) => ({
      ...object,
      contentType: FORMATS[object.format].contentType,
      cacheControl: config.cacheControl,
      metadata: sourceMetadata(identity, placeholder, object.name),
    })),
    deadline.signal,
  );

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
    renditions: objects.map((object) => ({ ...object, bytes: object.bytes.length })),
  };
}
