/** An object, as far as the runner itself looks at it. */
export interface StoredObject {
  readonly key: string;
  readonly contentLength: number;
  readonly contentType: string;
  /** In its quotes. */
  readonly etag: string;
  readonly lastModified: Date;
}

/** What S3 holds, for everything the runner answers itself. */
export interface ObjectStore {
  hasBucket(bucket: string): boolean;
  createBucket(bucket: string): void;
  find(bucket: string, key: string): StoredObject | undefined;
  /** In no promised order. */
  withPrefix(bucket: string, prefix: string): readonly StoredObject[];
  deleteObject(bucket: string, key: string): void;
  /** Whether an upload was started for this very object. */
  isUploadOf(uploadId: string, bucket: string, key: string): boolean;
}

/** The stores `buildApp` of fauxqs works on; the one of S3 is an ObjectStore. */
export async function createStores() {
  // The package exports none of them.
  const [{ S3Store }, { SqsStore }, { SnsStore }] = await Promise.all([
    import("../../../node_modules/fauxqs/dist/s3/s3Store.js"),
    import("../../../node_modules/fauxqs/dist/sqs/sqsStore.js"),
    import("../../../node_modules/fauxqs/dist/sns/snsStore.js"),
  ]);

  class FauxqsObjectStore extends S3Store implements ObjectStore {
    readonly #uploads = new Map<string, string>();

    find(bucket: string, key: string): StoredObject | undefined {
      try {
        return this.headObject(bucket, key);
      } catch {
        return undefined;
      }
    }

    withPrefix(bucket: string, prefix: string): readonly StoredObject[] {
      return this.listObjects(bucket, { prefix, maxKeys: Number.POSITIVE_INFINITY }).objects;
    }

    override createMultipartUpload(
      ...upload: Parameters<InstanceType<typeof S3Store>["createMultipartUpload"]>
    ): string {
      const uploadId = super.createMultipartUpload(...upload);
      this.#uploads.set(uploadId, `${upload[0]}/${upload[1]}`);
      return uploadId;
    }

    isUploadOf(uploadId: string, bucket: string, key: string): boolean {
      return this.#uploads.get(uploadId) === `${bucket}/${key}`;
    }
  }

  return { s3Store: new FauxqsObjectStore(), sqsStore: new SqsStore(), snsStore: new SnsStore() };
}
