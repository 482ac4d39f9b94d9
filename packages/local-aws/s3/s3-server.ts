import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { RequestContext } from "@image-pipeline/iam-policy";
import type { AwsError } from "../aws-error";
import type { Authenticator } from "../endpoint/authenticator";
import type { Authorizer } from "../iam/authorizer";
import type { Log } from "../log";
import type { Bucket, StackObject } from "../stack/stack-model";
import { corsHeaders, preflight } from "./cors";
import { isForm, uploadByForm } from "./form-upload";
import { methodNotAllowed } from "./method-not-allowed";
import { encryptionOf } from "./object-headers";
import { putStackObject } from "./put-stack-object";
import type { S3Answer, S3Change } from "./s3-answer";
import { noSuchBucket, type RequestIds, s3ErrorXml, toAwsError } from "./s3-error";
import { S3Guard } from "./s3-guard";
import { S3Operations } from "./s3-operations";
import { unlessStalled } from "./stalled";
import { Body } from "./store/body";
import { BodyStorage } from "./store/body-storage";
import { BucketStore } from "./store/bucket-store";
import { DataFolder } from "./store/data-folder";

const MAX_DRAINED_BYTES = 1024 * 1024;

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
  /** Told of every object that is written or deleted, whether the bucket tells EventBridge or not. */
  readonly onObjectTouched?: (bucket: Bucket, change: S3Change) => void;
  /** Keeps the objects from one run to the next; without it they are gone in the end. */
  readonly dataFolder?: string | undefined;
}

/** A read of a service of AWS. */
export interface ServiceRead {
  readonly method: "GET" | "HEAD";
  /** Path-style: `/bucket/key`. */
  readonly url: string;
  /** Such as `cloudfront.amazonaws.com`. */
  readonly service: string;
  /** For which resource it asks, as conditions of policies know it. */
  readonly context: RequestContext;
  readonly headers: IncomingHttpHeaders;
}

/** S3 on the HTTP server of somebody else. */
export class S3Server {
  readonly #guard: S3Guard;
  readonly #data: DataFolder | undefined;
  readonly #storage: BodyStorage;
  readonly #stores: ReadonlyMap<string, BucketStore>;
  readonly #operations: S3Operations;

  constructor(private readonly options: S3Options) {
    this.#guard = new S3Guard(options);
    const { buckets, dataFolder } = options;
    this.#data = dataFolder === undefined ? undefined : new DataFolder(dataFolder, buckets);
    for (const what of this.#data?.lost ?? []) options.log("s3", `--data ${dataFolder}: the disk has lost ${what}`);
    this.#storage = this.#data?.storage ?? new BodyStorage();
    this.#stores = new Map(
      buckets.map(({ name, versioning }) => [name, this.#data?.stores.get(name) ?? new BucketStore(name, versioning)]),
    );
    this.#operations = new S3Operations({
      buckets: options.buckets,
      stores: this.#stores,
      storage: this.#storage,
      guard: this.#guard,
      place: options.authorizer.place,
    });
  }

  /** Removes what bodies took of the disk, but for a folder that keeps them. */
  stop(): void {
    this.#data?.close();
    this.#storage.stop();
  }

  /** What a bucket of the stack holds, for who may look without being asked. */
  contents(bucket: string): BucketStore | undefined {
    return this.#stores.get(bucket);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const ids = requestIds();
    response.setHeader("x-amz-request-id", ids.requestId);
    response.setHeader("x-amz-id-2", ids.hostId);
    void this.#serve(request, response, ids);
  }

  /** What a service of AWS gets that reads for one of its resources; its receiver releases the body. */
  read({ method, url, service, context, headers }: ServiceRead): S3Answer {
    const ids = requestIds();
    const said = { "x-amz-request-id": ids.requestId, "x-amz-id-2": ids.hostId };
    try {
      const answer = this.#operations.read(this.#guard.admitService(method, url, service, context), headers);
      if (answer.body instanceof Body) answer.body.retain();
      return { ...answer, headers: { ...said, ...answer.headers } };
    } catch (thrown) {
      const error = toAwsError(thrown);
      const type = { "content-type": "application/xml" };
      return {
        status: error.statusCode,
        headers: { ...said, ...type, ...error.headers },
        body: s3ErrorXml(error, url, ids),
      };
    }
  }

  /** Puts the objects of the stack where they belong, unless they are there from another run. */
  async putObjects(objects: readonly StackObject[]): Promise<void> {
    for (const object of objects) {
      const bucket = this.options.buckets.find(({ name }) => name === object.bucketName);
      const store = this.#stores.get(object.bucketName);
      if (bucket === undefined || store === undefined)
        throw new Error(`expected ${object.address} to be in a bucket of the stack`);
      await putStackObject(object, encryptionOf({}, bucket.encryption), store, this.#storage);
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse, ids: RequestIds): Promise<void> {
    const { method = "GET", url = "/" } = request;
    const [, bucketName] = /^\/([^/?]*)/.exec(url) ?? [];
    const bucket = this.options.buckets.find(({ name }) => name === bucketName);
    let operation: string = method;
    let said = `${url} for nobody`;
    let events: readonly S3Change[] = [];
    try {
      if (method !== "OPTIONS") {
        const headers = corsHeaders(bucket?.cors ?? [], request.headers, method);
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      }
      let answer = await this.#outsideIam(request, bucket);
      if (answer === undefined) {
        const admitted = this.#guard.admit(request);
        operation = admitted.operation;
        const what = [admitted.bucket, admitted.key].filter((part) => part !== undefined).join("/");
        said = `${what || url} for ${admitted.who}`;
        answer = await unlessStalled(request, this.#operations.answer(admitted, request, response));
      }
      events = answer.events ?? [];
      await send(request, response, answer);
    } catch (error) {
      sendError(request, response, toAwsError(error), ids);
    }
    this.options.log("s3", `${operation} ${response.statusCode} ${said}`);
    if (bucket === undefined) return;
    for (const change of events) {
      this.options.onObjectTouched?.(bucket, change);
      if (bucket.sendsEvents) this.options.onObjectChanged({ bucket, change, requestId: ids.requestId });
    }
  }

  /** Preflights, which ask for no permission, and forms, which carry theirs in themselves; undefined for all else. */
  async #outsideIam(request: IncomingMessage, bucket: Bucket | undefined): Promise<S3Answer | undefined> {
    const isPreflight = request.method === "OPTIONS";
    if (!isPreflight && !isForm(request)) return undefined;
    const store = this.#stores.get(bucket?.name ?? "");
    if (bucket === undefined || store === undefined)
      throw noSuchBucket(/^\/([^/?]*)/.exec(request.url ?? "")?.[1] ?? "");
    if (isPreflight) return preflight(bucket.cors, request.headers);
    if (!/^\/[^/?]+\/?$/.test(request.url ?? "")) throw methodNotAllowed("POST", "OBJECT");
    const options = { store, byDefault: bucket.encryption, storage: this.#storage, guard: this.#guard };
    return unlessStalled(request, uploadByForm(request, options));
  }
}

const requestIds = (): RequestIds => ({ requestId: randomBytes(8).toString("hex").toUpperCase(), hostId: HOST_ID });

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
  // A large body that was refused is not read to its end; whoever sends a small one would not hear why when it is cut off.
  const left = Number(request.headers["content-length"] ?? Number.POSITIVE_INFINITY);
  if (!request.complete && left > MAX_DRAINED_BYTES) response.setHeader("connection", "close");
  response.writeHead(error.statusCode, {
    ...(body !== "" && { "content-type": "application/xml" }),
    ...error.headers,
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
  // Whatever was reading it has given up.
  request.unpipe();
  request.resume();
}
