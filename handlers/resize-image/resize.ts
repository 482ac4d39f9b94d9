import type { Config } from "./config";
import { FORMATS, type ImageFormat } from "./formats";
import type { ImageStore, StoredImage } from "./image-store";
import { imageType } from "./image-type";
import { inspect, type PictureSize, type Rendered, render } from "./render";
import { renditionKey } from "./renditions";
import type { ResizeRequest } from "./request";

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

/** The picture all renditions were made from; width and height are as seen, its orientation applied. */
export interface ResizeSource extends PictureSize {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly versionId?: string;
  readonly format: ImageFormat;
  readonly bytes: number;
}

/** What came of a request that could be served. */
export interface ResizeResult {
  readonly source: ResizeSource;
  readonly renditions: readonly WrittenRendition[];
}

/** Reads the picture of `request`, makes its renditions and writes them, all or none. */
export async function resize(
  request: ResizeRequest,
  config: Config,
  store: ImageStore,
  deadline: AbortSignal,
): Promise<ResizeResult> {
  const stored = await store.read(config.originalBucket, request.key, deadline);
  const format = imageType(stored.bytes);
  const size = await inspect(stored.bytes);
  const rendered = await Promise.all(request.renditions.map((rendition) => render(stored.bytes, format, rendition)));
  const renditions = await Promise.all(
    rendered.map(async (image) => {
      const key = renditionKey(request.key, image.name, format, image.format);
      await store.write(
        {
          bucket: config.resizedBucket,
          key,
          bytes: image.bytes,
          contentType: FORMATS[image.format].contentType,
          cacheControl: config.cacheControl,
          metadata: sourceMetadata(request.key, stored, image),
        },
        deadline,
      );
      return { ...image, bucket: config.resizedBucket, key, bytes: image.bytes.length };
    }),
  );
  const { bytes, ...identity } = stored;
  return {
    source: { bucket: config.originalBucket, key: request.key, ...identity, ...size, format, bytes: bytes.length },
    renditions,
  };
}

// Metadata travels in HTTP headers, which carry ASCII: the key is percent-encoded.
function sourceMetadata(key: string, stored: StoredImage, image: Rendered): Record<string, string> {
  return {
    "source-key": encodeURIComponent(key),
    "source-etag": stored.etag,
    ...(stored.versionId && { "source-version": stored.versionId }),
    rendition: image.name,
  };
}
