import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authenticator } from "../aws-endpoint/authenticator";
import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import type { Log } from "../log";
import type { Bucket } from "../stack-model/stack-model";
import { checkPayload } from "./payload-digest";
import { s3ErrorXml } from "./s3-error";
import { type AdmittedRequest, S3Guard } from "./s3-guard";

// Objects are held in memory here. S3 takes 5 GiB in one request, and clients send large files in parts anyway.
const MAX_BODY_BYTES = 1024 ** 3;
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

/** Starts fauxqs behind hooks that ask IAM about every request, as the stack's roles and bucket policies say. */
export async function startS3(options: S3Options): Promise<S3Server> {
  // An ES module, which the runner can only import this way.
  const { buildApp } = await import("fauxqs");
  const app = buildApp({ logger: false });
  const guard = new S3Guard(options);
  const admitted = new WeakMap<IncomingMessage, AdmittedRequest>();

  // As shipped it takes 11 MiB, and reads the payload of some content types as text.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: MAX_BODY_BYTES }, (_request, body, done) =>
    done(null, body),
  );

  app.addHook("onRequest", async ({ raw }) => {
    admitted.set(raw, guard.admit(raw));
  });
  app.addHook("preHandler", async ({ raw, body }) => {
    const request = admitted.get(raw);
    const payload = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    // What completes an upload says in these headers what the whole object is.
    if (request?.operation !== "CompleteMultipartUpload") checkPayload(payload, raw.headers);
    if (request?.operation === "DeleteObjects") guard.admitDeletes(request, payload.toString("utf8"));
  });
  app.setErrorHandler((error, request, reply) => {
    const refusal = error instanceof AwsError ? error : new AwsError("InternalError", 500, String(error));
    reply
      .code(refusal.statusCode)
      .type("application/xml")
      .send(s3ErrorXml(refusal.code, refusal.message, request.url));
  });
  app.addHook("onSend", async ({ raw, url, method }, reply, payload) => {
    const request = admitted.get(raw);
    if (reply.statusCode !== 404 || request === undefined) return payload;
    // fauxqs says 404 for a missing key to everyone, S3 only to those who may list the bucket anyway.
    const denial = guard.whyMissingIsHidden(request);
    if (denial === undefined) return payload;
    reply.code(403).type("application/xml").removeHeader("content-length");
    return method === "HEAD" ? "" : s3ErrorXml("AccessDenied", denial, url);
  });
  app.addHook("onResponse", async ({ raw, method, url }, reply) => {
    if (guard.isOwn(raw)) return;
    const request = admitted.get(raw);
    const what = request?.key === undefined ? request?.bucket : `${request.bucket}/${request.key}`;
    options.log(
      "s3",
      `${request?.operation ?? method} ${reply.statusCode} ${what ?? url} for ${request?.who ?? "nobody"}`,
    );
    const reason = WRITES.find((operation) => operation === request?.operation);
    const bucket = options.buckets.find(({ name, sendsEvents }) => sendsEvents && name === request?.bucket);
    if (!reason || !bucket || reply.statusCode !== 200 || request?.key === undefined) return;
    const head = await app.inject({ method: "HEAD", url: url.split("?")[0] ?? "", headers: guard.ownHeaders });
    options.onObjectCreated({
      bucket,
      key: request.key,
      sizeBytes: Number(head.headers["content-length"]),
      etag: String(head.headers.etag).replaceAll('"', ""),
      reason,
      requestId: String(reply.getHeader("x-amz-request-id")),
    });
  });

  await app.ready();
  for (const { name } of options.buckets)
    await app.inject({ method: "PUT", url: `/${name}`, headers: guard.ownHeaders });
  return { handle: (request, response) => app.routing(request, response), stop: () => app.close() };
}
