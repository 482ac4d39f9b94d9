import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Bucket } from "../stack/stack-model";
import { DEFAULT_CHECKSUM } from "./checksums";
import { completeUpload } from "./complete-upload";
import { deleteObjects } from "./delete-objects";
import { type CompletedUploads, Handling } from "./handling";
import { listBuckets } from "./list-buckets";
import { listObjects } from "./list-objects";
import { listParts, listUploads } from "./list-uploads";
import { listVersions } from "./list-versions";
import {
  abortUpload,
  checksumOfPart,
  copyPart,
  createUpload,
  partNumberOf,
  uploadOf,
  uploadPart,
} from "./multipart-operations";
import { copyObject, deleteObject, putObject, readObject, wantsChecksum } from "./object-operations";
import { type PayloadOptions, readPayload, takePayload } from "./payload";
import type { S3Answer } from "./s3-answer";
import { noSuchBucket } from "./s3-error";
import type { AdmittedRequest, S3Guard } from "./s3-guard";
import type { Body } from "./store/body";
import type { BodyStorage } from "./store/body-storage";
import type { BucketStore } from "./store/bucket-store";
import { element, xmlDocument } from "./xml";

/** The XML of a request is small: the longest list of parts or keys takes some hundred kilobytes. */
const MAX_XML_BYTES = 8 * 1024 * 1024;

/** What the operations work on. */
export interface S3OperationsOptions {
  readonly buckets: readonly Bucket[];
  readonly stores: ReadonlyMap<string, BucketStore>;
  readonly storage: BodyStorage;
  readonly guard: S3Guard;
  readonly place: { readonly region: string; readonly accountId: string };
}

/** Does what an admitted request asks for. */
export class S3Operations {
  readonly #uploads: CompletedUploads = new Map();
  readonly #createdAt = new Date();

  constructor(private readonly options: S3OperationsOptions) {}

  /** @throws AwsError in the words of S3 */
  async answer(admitted: AdmittedRequest, request: IncomingMessage, response: ServerResponse): Promise<S3Answer> {
    const { operation, bucket, source } = admitted;
    const { place } = this.options;
    if (operation === "ListBuckets")
      return listBuckets(admitted.query, this.options.buckets, { ...place, createdAt: this.#createdAt });
    for (const name of [bucket, source?.bucket])
      if (name !== undefined && !this.options.stores.has(name)) throw noSuchBucket(name);
    const store = this.options.stores.get(bucket ?? "");
    if (store === undefined) throw new Error(`expected ${operation} to be of a bucket`);
    const handling = this.#handling(admitted, request.headers, store);
    const payload = (options: Partial<PayloadOptions> = {}) => {
      // Now, when nothing of the headers is refused any more: https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
      if (/100-continue/i.test(request.headers.expect ?? "")) response.writeContinue();
      return readPayload(request, { storage: this.options.storage, verifier: admitted.chunks, ...options });
    };
    const xml = async (options: Partial<PayloadOptions> = {}) => {
      const { body } = await payload({ maxBytes: MAX_XML_BYTES, ...options });
      const text = await textOf(body);
      body.release();
      return text;
    };
    switch (operation) {
      case "HeadBucket":
        return { status: 200, headers: { "x-amz-bucket-region": place.region } };
      case "GetBucketLocation":
        // us-east-1 is the region without a name.
        return {
          status: 200,
          body: xmlDocument("LocationConstraint", [place.region === "us-east-1" ? "" : place.region]),
        };
      case "GetBucketVersioning":
        return {
          status: 200,
          body: xmlDocument("VersioningConfiguration", [store.versioning && element("Status", store.versioning)]),
        };
      case "ListObjects":
      case "ListObjectsV2":
        return listObjects(handling, place.accountId);
      case "ListObjectVersions":
        return listVersions(handling, place.accountId);
      case "ListMultipartUploads":
        return listUploads(handling, place.accountId);
      case "ListParts":
        return listParts(handling, place.accountId);
      case "DeleteObjects":
        return deleteObjects(handling, await xml());
      case "GetObject":
      case "HeadObject":
        return this.#readObject(admitted, handling);
      case "PutObject":
        return takePayload(await payload({ computes: DEFAULT_CHECKSUM }), (whole) => putObject(handling, whole));
      case "CopyObject":
        this.options.guard.admitRead(admitted, handling.source().encryption.keyArn);
        return copyObject(handling);
      case "DeleteObject":
        return deleteObject(handling);
      case "CreateMultipartUpload":
        return createUpload(handling);
      case "UploadPart": {
        partNumberOf(handling);
        const upload = uploadOf(handling);
        // S3 reads the parts again when it puts them together: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
        this.options.guard.admitRead(admitted, upload.encryption.keyArn);
        const part = await payload({ computes: checksumOfPart(upload) });
        return takePayload(part, (whole) => uploadPart(handling, whole));
      }
      case "UploadPartCopy":
        this.options.guard.admitRead(admitted, handling.source().encryption.keyArn);
        this.options.guard.admitRead(admitted, uploadOf(handling).encryption.keyArn);
        return copyPart(handling);
      case "CompleteMultipartUpload":
        return completeUpload(handling, await xml({ ignoresChecksums: true }));
      case "AbortMultipartUpload":
        return abortUpload(handling);
    }
  }

  /** Answers a service that reads an object, or lists a bucket. @throws AwsError in the words of S3 */
  read(admitted: AdmittedRequest, headers: IncomingHttpHeaders): S3Answer {
    const store = this.options.stores.get(admitted.bucket ?? "");
    if (store === undefined) throw noSuchBucket(admitted.bucket ?? "");
    const handling = this.#handling(admitted, headers, store);
    return admitted.operation === "ListObjects" || admitted.operation === "ListObjectsV2"
      ? listObjects(handling, this.options.place.accountId)
      : this.#readObject(admitted, handling);
  }

  #readObject(admitted: AdmittedRequest, handling: Handling): S3Answer {
    // Of what HEAD tells the checksum alone is encrypted: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    if (admitted.operation === "GetObject" || wantsChecksum(handling))
      this.options.guard.admitRead(admitted, handling.source().encryption.keyArn);
    return readObject(handling);
  }

  #handling(admitted: AdmittedRequest, headers: IncomingHttpHeaders, store: BucketStore): Handling {
    const { buckets, stores, guard } = this.options;
    const encryption = buckets.find(({ name }) => name === store.name)?.encryption;
    if (encryption === undefined) throw new Error(`expected the bucket ${store.name} to be in the stack`);
    return new Handling(admitted, headers, store, stores, guard, encryption, this.#uploads);
  }
}

async function textOf(body: Body): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of body.chunks()) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}
