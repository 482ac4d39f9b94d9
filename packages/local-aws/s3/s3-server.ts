import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { AwsError } from "../aws-error";
import type { Authenticator } from "../endpoint/authenticator";
import type { Authorizer } from "../iam/authorizer";
import type { Log } from "../log";
import type { Bucket } from "../stack/stack-model";
import { completeUpload } from "./complete-upload";
import { deleteObjects } from "./delete-objects";
import { type CompletedUploads, Handling } from "./handling";
import { listBuckets } from "./list-buckets";
import { listObjects } from "./list-objects";
import { listParts, listUploads } from "./list-uploads";
import { listVersions } from "./list-versions";
import { abortUpload, copyPart, createUpload, partNumberOf, uploadOf, uploadPart } from "./multipart-operations";
import { copyObject, deleteObject, putObject, readObject } from "./object-operations";
import { type PayloadOptions, readPayload } from "./payload";
import type { S3Answer, S3Change } from "./s3-answer";
import { type RequestIds, s3ErrorXml, toAwsError } from "./s3-error";
import { type AdmittedRequest, S3Guard } from "./s3-guard";
import type { Body } from "./store/body";
import { BodyStorage } from "./store/body-storage";
import { BucketStore } from "./store/bucket-store";
import { element, xmlDocument } from "./xml";

/** The XML of a request is small: the longest list of parts or keys takes some hundred kilobytes. */
const MAX_XML_BYTES = 8 * 1024 * 1024;

const HOST_ID = randomBytes(48).toString("base64");

/** Something happened to an object of a bucket that tells EventBridge. */
export interface ObjectChanged {
  readonly bucket: Bucket;
  readonly change: S3Change;
  readonly requestId: string;
}

/** What S3 needs of this machine. */
export interface S3Options {
  readonly buckets: readonly Bucket[];
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly log: Log;
  readonly onObjectChanged: (changed: ObjectChanged) => void;
}

/** S3 on the HTTP server of somebody else. */
export class S3Server {
  readonly #guard: S3Guard;
  readonly #storage = new BodyStorage();
  readonly #stores: ReadonlyMap<string, BucketStore>;
  readonly #uploads: CompletedUploads = new Map();
  readonly #createdAt = new Date();

  constructor(private readonly options: S3Options) {
    this.#guard = new S3Guard(options);
    this.#stores = new Map(options.buckets.map(({ name, versioning }) => [name, new BucketStore(name, versioning)]));
  }

  /** Removes what bodies took of the disk. */
  stop(): void {
    this.#storage.stop();
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const ids = { requestId: randomBytes(8).toString("hex").toUpperCase(), hostId: HOST_ID };
    response.setHeader("x-amz-request-id", ids.requestId);
    response.setHeader("x-amz-id-2", ids.hostId);
    void this.#serve(request, response, ids);
  }

  async #serve(request: IncomingMessage, response: ServerResponse, ids: RequestIds): Promise<void> {
    let admitted: AdmittedRequest | undefined;
    let events: readonly S3Change[] = [];
    try {
      admitted = this.#guard.admit(request);
      const answer = await this.#answer(admitted, request, response);
      events = answer.events ?? [];
      await send(request, response, answer);
    } catch (error) {
      sendError(request, response, toAwsError(error), ids);
    }
    const { operation = request.method, bucket, key, who = "nobody" } = admitted ?? {};
    const what = key === undefined ? bucket : `${bucket}/${key}`;
    this.options.log("s3", `${operation} ${response.statusCode} ${what ?? request.url} for ${who}`);
    const changed = this.options.buckets.find(({ name, sendsEvents }) => sendsEvents && name === bucket);
    if (changed === undefined) return;
    for (const change of events) this.options.onObjectChanged({ bucket: changed, change, requestId: ids.requestId });
  }

  async #answer(admitted: AdmittedRequest, request: IncomingMessage, response: ServerResponse): Promise<S3Answer> {
    const { operation, bucket, source } = admitted;
    const { place } = this.options.authorizer;
    if (operation === "ListBuckets")
      return listBuckets(admitted.query, this.options.buckets, { ...place, createdAt: this.#createdAt });
    for (const name of [bucket, source?.bucket])
      if (name !== undefined && !this.#stores.has(name))
        throw new AwsError("NoSuchBucket", 404, "The specified bucket does not exist");
    const store = this.#stores.get(bucket ?? "");
    if (store === undefined) throw new Error(`expected ${operation} to be of a bucket`);
    const handling = new Handling(admitted, request.headers, store, this.#stores, this.#guard, this.#uploads);
    const payload = (options: Partial<PayloadOptions> = {}) => {
      // Now, when nothing of the headers is refused any more: https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
      if (/100-continue/i.test(request.headers.expect ?? "")) response.writeContinue();
      return readPayload(request, { storage: this.#storage, verifier: admitted.chunks, ...options });
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
        this.#guard.admitRead(admitted, handling.source().encryption.keyArn);
        return readObject(handling);
      case "PutObject":
        return putObject(handling, await payload());
      case "CopyObject":
        this.#guard.admitRead(admitted, handling.source().encryption.keyArn);
        return copyObject(handling);
      case "DeleteObject":
        return deleteObject(handling);
      case "CreateMultipartUpload":
        return createUpload(handling);
      case "UploadPart": {
        partNumberOf(handling);
        const computes = uploadOf(handling).checksum?.algorithm;
        return uploadPart(handling, await payload({ computes }));
      }
      case "UploadPartCopy":
        this.#guard.admitRead(admitted, handling.source().encryption.keyArn);
        return copyPart(handling);
      case "CompleteMultipartUpload":
        return completeUpload(handling, await xml({ ignoresChecksums: true }));
      case "AbortMultipartUpload":
        return abortUpload(handling);
    }
  }
}

async function textOf(body: Body): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of body.chunks()) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

async function send(request: IncomingMessage, response: ServerResponse, answer: S3Answer): Promise<void> {
  const { status, headers = {}, body, contentLength } = answer;
  // What nobody read would be taken for the next request.
  request.resume();
  if (typeof body === "string") {
    response.writeHead(status, {
      "content-type": "application/xml",
      "content-length": Buffer.byteLength(body),
      ...headers,
    });
    response.end(body);
    return;
  }
  if (body === undefined) {
    // 204 and 304 have no body by themselves.
    const length = contentLength ?? (status === 200 ? 0 : undefined);
    response.writeHead(status, { ...headers, ...(length !== undefined && { "content-length": length }) });
    response.end();
    return;
  }
  response.writeHead(status, { ...headers, "content-length": body.bytes });
  const { inMemory } = body;
  if (inMemory !== undefined) {
    response.end(inMemory);
    return;
  }
  body.retain();
  try {
    await pipeline(body.chunks(), response);
  } catch {
    // Whoever asked went away.
    response.destroy();
  } finally {
    body.release();
  }
}

function sendError(request: IncomingMessage, response: ServerResponse, error: AwsError, ids: RequestIds): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { url = "/", method } = request;
  const body = method === "HEAD" ? "" : s3ErrorXml(error, url, ids);
  // A body that was refused is not read to its end.
  if (!request.complete) response.setHeader("connection", "close");
  response.writeHead(error.statusCode, {
    ...(body !== "" && { "content-type": "application/xml" }),
    ...error.headers,
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
  request.resume();
}
