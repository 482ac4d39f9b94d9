import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { Refusal, SourceDeleted, StorageUnavailable } from "./errors";

/** An object read, with what identifies exactly this version of it. */
export interface StoredImage {
  readonly bytes: Buffer;
  readonly etag: string;
  /** Where the bucket keeps versions. */
  readonly versionId?: string;
}

/** An object to write. */
export interface ImageToStore {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly cacheControl: string;
  readonly metadata: Metadata;
}

/** User metadata of an object. */
export type Metadata = Readonly<Record<string, string>>;

/** Reads and writes pictures in S3, and tells what is worth another try from what is not. */
export class ImageStore {
  constructor(
    private readonly s3: S3Client,
    private readonly maxBytes: number,
  ) {}

  /** @throws Refusal ObjectNotFound, ObjectNotReadable, SourceTooLarge; StorageUnavailable */
  async read(bucket: string, key: string, abortSignal: AbortSignal): Promise<StoredImage> {
    const where = `s3://${bucket}/${key}`;
    try {
      const object = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal });
      const bytes = await this.readBody(object, where);
      return { bytes, etag: object.ETag ?? "", ...(object.VersionId && { versionId: object.VersionId }) };
    } catch (error) {
      throw explain(error, where, "ObjectNotReadable");
    }
  }

  /** What an object's version is called now. @throws Refusal ObjectNotFound, ObjectNotReadable; StorageUnavailable */
  async etag(bucket: string, key: string, abortSignal: AbortSignal): Promise<string> {
    try {
      return (await this.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal })).ETag ?? "";
    } catch (error) {
      throw explain(error, `s3://${bucket}/${key}`, "ObjectNotReadable");
    }
  }

  /**
   * The user metadata of a rendition; undefined when there is none.
   * @throws Refusal ObjectNotReadable when that cannot be told, for want of a permission; StorageUnavailable
   */
  async metadata(bucket: string, key: string, abortSignal: AbortSignal): Promise<Metadata | undefined> {
    try {
      const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
      return (await this.s3.send(command, { abortSignal })).Metadata ?? {};
    } catch (error) {
      const explained = explain(error, `s3://${bucket}/${key}`, "ObjectNotReadable", LISTABLE);
      if (explained instanceof Refusal && explained.name === "ObjectNotFound") return undefined;
      throw explained;
    }
  }

  /** @throws Refusal ObjectNotWritable; StorageUnavailable */
  async write(image: ImageToStore, abortSignal: AbortSignal): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: image.bucket,
      Key: image.key,
      Body: image.bytes,
      ContentType: image.contentType,
      CacheControl: image.cacheControl,
      Metadata: { ...image.metadata },
    });
    try {
      await this.s3.send(command, { abortSignal });
    } catch (error) {
      throw explain(error, `s3://${image.bucket}/${image.key}`, "ObjectNotWritable");
    }
  }

  /** Deletes an object, or nothing where there is none. @throws Refusal ObjectNotWritable; StorageUnavailable */
  async delete(bucket: string, key: string, abortSignal: AbortSignal): Promise<void> {
    try {
      await this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), { abortSignal });
    } catch (error) {
      throw explain(error, `s3://${bucket}/${key}`, "ObjectNotWritable");
    }
  }

  private async readBody({ Body, ContentLength = 0 }: GetObjectCommandOutput, where: string): Promise<Buffer> {
    if (!Body || !("destroy" in Body)) throw new Error("Expected the SDK to give a Node stream for an object's body");
    const body: AsyncIterable<Uint8Array> = Body;
    const chunks: Uint8Array[] = [];
    let length = ContentLength;
    if (length <= this.maxBytes) {
      length = 0;
      // Counted again while reading: the announced length is only what the other side says.
      for await (const chunk of body) {
        length += chunk.length;
        if (length > this.maxBytes) break;
        chunks.push(chunk);
      }
    }
    if (length <= this.maxBytes) return Buffer.concat(chunks, length);
    Body.destroy();
    throw new Refusal("SourceTooLarge", `Expected at most ${this.maxBytes} bytes in ${where} but received ${length}`);
  }
}

const NOT_FOUND = 404;
const BAD_REQUEST = 400;
const TOO_MANY_REQUESTS = 429;
const FIRST_SERVER_ERROR = 500;
// 4xx by number, but about this moment and not about the request:
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
const TRANSIENT_CODES = new Set([
  "RequestTimeout",
  "RequestTimeTooSkewed",
  "OperationAborted",
  "SlowDown",
  "ExpiredToken",
]);

// Without s3:ListBucket, which the function does not have on the originals, S3 answers 403 for a missing key too.
const NOT_LISTABLE = "; it does not exist or the function may not read it";
const LISTABLE = "; the function needs s3:GetObject on it and s3:ListBucket on its bucket";

function explain(
  error: unknown,
  where: string,
  refusedAs: "ObjectNotReadable" | "ObjectNotWritable",
  unreadable = NOT_LISTABLE,
): Error {
  if (error instanceof Refusal) return error;
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  const name = error instanceof Error ? error.name : "an unknown error";
  const permanent =
    status !== undefined &&
    status >= BAD_REQUEST &&
    status < FIRST_SERVER_ERROR &&
    status !== TOO_MANY_REQUESTS &&
    !TRANSIENT_CODES.has(name);
  if (!permanent) {
    return new StorageUnavailable(
      `Expected S3 to answer for ${where} but received ${name} (${status ?? "no answer"})`,
      {
        cause: error,
      },
    );
  }
  if (status === NOT_FOUND && refusedAs === "ObjectNotReadable") {
    if (isDeleteMarker(error)) return new SourceDeleted(where, { cause: error });
    return new Refusal("ObjectNotFound", `Expected an object at ${where} but there is none`, { cause: error });
  }
  const hint = refusedAs === "ObjectNotReadable" ? unreadable : "";
  return new Refusal(refusedAs, `Expected access to ${where} but S3 answered ${name} (${status})${hint}`, {
    cause: error,
  });
}

/** S3 says so, beside the 404, to who may list the bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html */
const isDeleteMarker = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.$response?.headers["x-amz-delete-marker"] === "true";
