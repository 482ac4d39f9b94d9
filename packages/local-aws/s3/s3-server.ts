import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authenticator } from "../endpoint/authenticator";
import type { Authorizer } from "../iam/authorizer";
import type { Log } from "../log";
import type { Bucket } from "../stack/stack-model";
import { answer } from "./answers";
import { createStores, type ObjectStore, type StoredObject } from "./object-store";
import { readPayload, requireLength } from "./payload";
import { responseHeaders } from "./response-headers";
import { s3ErrorXml, toAwsError } from "./s3-error";
import { type AdmittedRequest, S3Guard } from "./s3-guard";

// Objects are held in memory here. S3 takes 5 GiB in one request, and clients send large files in parts anyway.
const MAX_BODY_BYTES = 1024 ** 3;
const DEFAULT_CONTENT_TYPE = "binary/octet-stream";
const WRITES = ["PutObject", "CopyObject", "CompleteMultipartUpload"] as const;

/** An object was written. */
export interface ObjectCreated {
  readonly bucket: Bucket;
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
  /** The operation that wrote it, in the words of S3's events. */
  readonly reason: (typeof WRITES)[number];
  readonly requestId: string;
}

/** What S3 needs of this machine. */
export interface S3Options {
  readonly buckets: readonly Bucket[];
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly log: Log;
  readonly onObjectCreated: (created: ObjectCreated) => void;
}

/** An S3 endpoint. */
export interface S3Server {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly stop: () => Promise<void>;
}

/** A request on its way. */
interface Serving {
  readonly request: AdmittedRequest;
  /** As it came. */
  readonly contentType: string;
  written?: StoredObject | undefined;
}

/** Starts fauxqs behind hooks that ask IAM about every request, and that answer what fauxqs would answer otherwise than S3. */
export async function startS3(options: S3Options): Promise<S3Server> {
  // An ES module, which the runner can only import this way.
  const { buildApp } = await import("fauxqs");
  const stores = await createStores();
  const store: ObjectStore = stores.s3Store;
  for (const { name } of options.buckets) store.createBucket(name);
  const app = buildApp({ logger: false, stores });
  const guard = new S3Guard(options);
  const answerOptions = { store, guard, accountId: options.authorizer.place.accountId };
  const admitted = new WeakMap<IncomingMessage, Serving>();

  // As shipped it takes 11 MiB, and reads the payload of some content types as text.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: MAX_BODY_BYTES }, (_request, body, done) =>
    done(null, body),
  );

  app.addHook("onRequest", async ({ raw }) => {
    const request = guard.admit(raw);
    requireLength(raw.headers);
    admitted.set(raw, { request, contentType: raw.headers["content-type"] ?? DEFAULT_CONTENT_TYPE });
    // S3 keeps any text as the type of an object; fastify would read it.
    raw.headers["content-type"] = DEFAULT_CONTENT_TYPE;
  });
  app.addHook("preHandler", async (incoming, reply) => {
    const { raw, body } = incoming;
    const { request, contentType } = admitted.get(raw) ?? {};
    if (request === undefined) return;
    raw.headers["content-type"] = contentType;
    const received = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const payload = readPayload(received, raw.headers, request.operation);
    incoming.body = payload;
    const answered = answer(request, raw.headers, payload, answerOptions);
    if (answered === undefined) return;
    if ("xml" in answered) return reply.type("application/xml").send(answered.xml);
    const { etag, lastModified } = answered.notModified;
    return reply.code(304).headers({ etag, "last-modified": lastModified.toUTCString() }).send();
  });
  app.setErrorHandler((error, { url }, reply) => {
    const { code, statusCode, message } = toAwsError(error);
    reply
      .code(statusCode)
      .type("application/xml")
      .send(s3ErrorXml(code, message, url));
  });
  app.addHook("onSend", async ({ raw }, reply, payload) => {
    const serving = admitted.get(raw);
    if (serving === undefined || reply.statusCode >= 300) return payload;
    const { operation, bucket = "", key = "", query } = serving.request;
    if (operation === "GetObject") {
      // Fastify replaces a type that it cannot read.
      const contentType = store.find(bucket, key)?.contentType;
      reply.headers({ "content-type": contentType ?? DEFAULT_CONTENT_TYPE, ...responseHeaders(query) });
    }
    // Now, before anyone can write or delete it again.
    if (WRITES.some((write) => write === operation)) serving.written = store.find(bucket, key);
    return payload;
  });
  app.addHook("onResponse", async ({ raw, method, url }, reply) => {
    const { request, written } = admitted.get(raw) ?? {};
    const what = request?.key === undefined ? request?.bucket : `${request.bucket}/${request.key}`;
    options.log(
      "s3",
      `${request?.operation ?? method} ${reply.statusCode} ${what ?? url} for ${request?.who ?? "nobody"}`,
    );
    const reason = WRITES.find((operation) => operation === request?.operation);
    const bucket = options.buckets.find(({ name, sendsEvents }) => sendsEvents && name === request?.bucket);
    if (reason === undefined || bucket === undefined || written === undefined) return;
    options.onObjectCreated({
      bucket,
      key: written.key,
      sizeBytes: written.contentLength,
      etag: written.etag.replaceAll('"', ""),
      reason,
      requestId: String(reply.getHeader("x-amz-request-id")),
    });
  });

  await app.ready();
  return { handle: (request, response) => app.routing(request, response), stop: () => app.close() };
}
