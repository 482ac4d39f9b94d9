/** An object as ListObjectsV2 lists it. */
export interface ListedObject {
  readonly key: string;
  /** With its quotation marks, as S3 gives it. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly size: number;
  readonly storageClass: string;
}

/**
 * The store a Map run reads its items from and writes its results to, as the role of the state machine sees it.
 * What a method throws ends the run; the message becomes its cause.
 */
export interface Objects {
  /** All objects whose keys begin with the prefix, in the order of their keys. */
  list(bucket: string, prefix: string): AsyncIterable<ListedObject>;
  get(bucket: string, key: string, versionId: string | undefined): AsyncIterable<Uint8Array>;
  put(bucket: string, key: string, body: AsyncIterable<Uint8Array>): Promise<void>;
}
