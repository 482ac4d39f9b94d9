import type { S3Client } from "@aws-sdk/client-s3";
import type { ListedObject, Objects } from "@image-pipeline/state-machine";
import type { Credentials } from "../iam/credentials";

/** What S3 calls its smallest part is 5 MiB; https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const PART_BYTES = 8 * 1024 ** 2;

/** Where the store is, and who reads and writes it. */
export interface StoredObjectsOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: () => Credentials;
}

/**
 * S3 as a Map run reads and writes it: through the endpoint, so that every request is checked as one of the role's.
 * The SDK is loaded with the first request: most machines have no Map.
 */
export class StoredObjects implements Objects {
  #client: Promise<S3Client> | undefined;

  constructor(private readonly options: StoredObjectsOptions) {}

  async *list(bucket: string, prefix: string): AsyncGenerator<ListedObject> {
    const { ListObjectsV2Command } = await import("@aws-sdk/client-s3");
    const client = await this.#s3();
    let token: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(token && { ContinuationToken: token }) }),
      );
      for (const { Key, ETag, LastModified, Size, StorageClass } of page.Contents ?? []) {
        if (Key === undefined || LastModified === undefined) continue;
        const storageClass = StorageClass ?? "STANDARD";
        yield { key: Key, etag: ETag ?? "", lastModified: LastModified, size: Size ?? 0, storageClass };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async *get(bucket: string, key: string, versionId: string | undefined): AsyncGenerator<Uint8Array> {
    const { GetObjectCommand } = await import("@aws-sdk/client-s3");
    const client = await this.#s3();
    const { Body: body } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId && { VersionId: versionId }) }),
    );
    if (body === undefined) return;
    if (!(Symbol.asyncIterator in body)) throw new Error("expected a body that can be read piece by piece");
    for await (const chunk of body) yield chunk;
  }

  async put(bucket: string, key: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    const sdk = await import("@aws-sdk/client-s3");
    const client = await this.#s3();
    const place = { Bucket: bucket, Key: key };
    const parts: { ETag: string | undefined; PartNumber: number }[] = [];
    let uploadId: string | undefined;
    for await (const { bytes, last } of partsOf(body)) {
      if (last && uploadId === undefined) {
        await client.send(new sdk.PutObjectCommand({ ...place, Body: bytes }));
        return;
      }
      uploadId ??= (await client.send(new sdk.CreateMultipartUploadCommand(place))).UploadId;
      const part = { ...place, UploadId: uploadId, PartNumber: parts.length + 1 };
      const { ETag } = await client.send(new sdk.UploadPartCommand({ ...part, Body: bytes }));
      parts.push({ ETag, PartNumber: part.PartNumber });
    }
    await client.send(
      new sdk.CompleteMultipartUploadCommand({ ...place, UploadId: uploadId, MultipartUpload: { Parts: parts } }),
    );
  }

  #s3(): Promise<S3Client> {
    this.#client ??= import("@aws-sdk/client-s3").then(
      ({ S3Client }) =>
        new S3Client({
          endpoint: this.options.endpoint,
          region: this.options.region,
          credentials: this.options.credentials(),
          forcePathStyle: true,
        }),
    );
    return this.#client;
  }
}

/** The bytes in pieces of the size of a part; the last may be smaller, and is there even when nothing is. */
async function* partsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<{ bytes: Uint8Array; last: boolean }> {
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes < PART_BYTES) continue;
    yield { bytes: Buffer.concat(chunks), last: false };
    chunks = [];
    bytes = 0;
  }
  yield { bytes: Buffer.concat(chunks), last: true };
}
