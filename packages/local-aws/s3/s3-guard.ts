import type { IncomingMessage } from "node:http";
import type { Principal, RequestContext } from "@image-pipeline/iam-policy";
import { AwsError } from "../aws-error";
import type { Authenticator } from "../endpoint/authenticator";
import { ChunkSignatures } from "../endpoint/chunk-signatures";
import type { Authorizer } from "../iam/authorizer";
import type { Bucket } from "../stack/stack-model";
import { hoistedHeaders } from "./hoisted-headers";
import { encryptionOf } from "./object-headers";
import { noSuchBucket, noSuchKey, notServed } from "./s3-error";
import { deleteCheck, type S3Address, type S3Check } from "./s3-operation";
import { parseS3Request, type S3Request } from "./s3-request";
import { refuseUnservedHeaders } from "./unserved";

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html: "a maximum length of 1,024 bytes"
const MAX_KEY_BYTES = 1024;

const WRITES: ReadonlySet<string> = new Set(["PutObject", "CopyObject", "CreateMultipartUpload"]);

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
const CONTENT_SHA256 =
  /^([0-9a-f]{64}|UNSIGNED-PAYLOAD|STREAMING-UNSIGNED-PAYLOAD-TRAILER|STREAMING-AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?)$/;

/** A request that may go on. */
export interface AdmittedRequest extends S3Request {
  readonly principal: Principal;
  /** For the log. */
  readonly who: string;
  /** Of the chunks of a payload that is signed in chunks. */
  readonly chunks: ChunkSignatures | undefined;
  /** What conditions may ask about whoever asks. */
  readonly context?: RequestContext;
}

/** What the guard looks things up in. */
export interface S3GuardOptions {
  readonly buckets: readonly Bucket[];
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
}

/** Decides who may do what in S3. All refusals are AwsErrors in S3's own codes. */
export class S3Guard {
  readonly #accountId: string;

  constructor(private readonly options: S3GuardOptions) {
    this.#accountId = options.authorizer.place.accountId;
  }

  /** @throws AwsError in the words of S3 when the request is not signed right, not allowed or not served */
  admit({ method = "GET", url = "/", headers }: IncomingMessage): AdmittedRequest {
    const hoisted = hoistedHeaders(url);
    const asked = { ...headers, ...hoisted };
    const request = parse(method, url, asked);
    refuseUnservedHeaders(asked, this.#accountId, request.operation);
    const content = asked["x-amz-content-sha256"]?.toString();
    if (content !== undefined && !CONTENT_SHA256.test(content)) throw otherContent();
    const { authenticator } = this.options;
    const principal = authenticator.authenticate({ method, url, headers });
    const seed = content?.startsWith("STREAMING-AWS4-HMAC")
      ? authenticator.chunkSeed({ method, url, headers })
      : undefined;
    Object.assign(headers, hoisted);
    const said = headerContext(headers);
    for (const { context, ...check } of request.checks)
      this.#require(principal, { ...check, context: { ...said, ...context } });
    if (principal.kind === "anonymous") refuseToAnonymous(request);
    if (WRITES.has(request.operation)) this.#requireKeyOfWrite(principal, request.bucket, headers);
    return { ...request, principal, who: nameOf(principal), chunks: seed && new ChunkSignatures(seed) };
  }

  /**
   * Decides about a request of a service of AWS, whose signature nobody has to check here.
   * @param context says for which resource the service asks
   * @throws AwsError in the words of S3 when the request is not allowed or not served
   */
  admitService(method: string, url: string, service: string, context: RequestContext): AdmittedRequest {
    const principal = { kind: "service", name: service } as const;
    const request = parse(method, url, {});
    for (const { context: own, ...check } of request.checks)
      this.#require(principal, { ...check, context: { ...context, ...own } });
    return { ...request, principal, who: service, chunks: undefined, context };
  }

  /** @throws AwsError when a form is not signed right, not allowed or asks for what is not served */
  admitForm(bucket: string, key: string, fields: ReadonlyMap<string, string>): void {
    const principal = this.options.authenticator.authenticateForm(fields);
    const { acl, tagging, ...headers } = Object.fromEntries(fields);
    if (tagging !== undefined) throw notServed("the field tagging of a form");
    const asked = { ...headers, ...(acl !== undefined && { "x-amz-acl": acl }) };
    refuseUnservedHeaders(asked, this.#accountId, "PutObject");
    requireKeyLength(key);
    this.#require(principal, { action: "s3:PutObject", bucket, key, context: headerContext(headers) });
    this.#requireKeyOfWrite(principal, bucket, headers);
  }

  /** @throws AwsError AccessDenied when whoever asks may not delete this key of the bucket */
  admitDelete({ principal, bucket = "" }: AdmittedRequest, key: string, versionId: string | undefined): void {
    this.#require(principal, deleteCheck(bucket, key, versionId));
  }

  /** @throws AwsError AccessDenied when whoever asks may not use the key that an object is encrypted with */
  admitRead({ principal }: AdmittedRequest, keyArn: string | undefined): void {
    this.#requireKey(principal, keyArn, "kms:Decrypt");
  }

  /**
   * What someone is told who reads a key that is not there: "If you don't have the s3:ListBucket permission, Amazon S3
   * returns an HTTP status code 403". https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  whyMissing({ principal, context }: AdmittedRequest, { bucket, key }: S3Address): AwsError {
    const { authorizer } = this.options;
    const policy = this.#policyOf(bucket);
    const decision = authorizer.decide(principal, "s3:ListBucket", `arn:aws:s3:::${bucket}`, policy, context);
    if (decision.allowed || principal.kind === "operator") return noSuchKey(key);
    // A role's code cannot tell this answer from that to a missing s3:GetObject.
    if (principal.kind === "role") authorizer.sayDenied(decision.message);
    return new AwsError("AccessDenied", 403, decision.message);
  }

  #require(principal: Principal, { action, bucket, key, context }: S3Check): void {
    // S3 does not hide which buckets there are: who asks without a name hears it before any policy is read.
    if (principal.kind === "anonymous" && bucket !== undefined && this.#bucket(bucket) === undefined)
      throw noSuchBucket(bucket);
    const resource = bucket === undefined ? "*" : `arn:aws:s3:::${bucket}${key === undefined ? "" : `/${key}`}`;
    try {
      this.options.authorizer.require(principal, action, resource, this.#policyOf(bucket), {
        ...context,
        "s3:resourceaccount": this.#accountId,
        "s3:tlsversion": "1.3",
      });
    } catch (error) {
      throw error instanceof AwsError ? new AwsError("AccessDenied", 403, error.message) : error;
    }
  }

  #requireKeyOfWrite(principal: Principal, name: string | undefined, headers: IncomingMessage["headers"]): void {
    const bucket = this.#bucket(name);
    if (bucket === undefined) return;
    this.#requireKey(principal, encryptionOf(headers, bucket.encryption).keyArn, "kms:GenerateDataKey");
  }

  /** An object under a key of KMS takes a permission on it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
  #requireKey(principal: Principal, keyArn: string | undefined, action: string): void {
    // A service's permission stands in the policy of the key, which is in no stack.
    if (keyArn === undefined || principal.kind === "service") return;
    try {
      // The key's own policy is not here; the one it starts with leaves all to IAM.
      this.options.authorizer.require(principal, action, keyArn, undefined, {
        "kms:viaservice": `s3.${this.options.authorizer.place.region}.amazonaws.com`,
      });
    } catch (error) {
      throw error instanceof AwsError ? new AwsError("AccessDenied", 403, error.message) : error;
    }
  }

  #policyOf(bucket: string | undefined) {
    return this.#bucket(bucket)?.policy;
  }

  #bucket(bucket: string | undefined) {
    return this.options.buckets.find(({ name }) => name === bucket);
  }
}

/** The headers that conditions may ask about: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const CONDITION_HEADERS = [
  "if-match",
  "if-none-match",
  "x-amz-acl",
  "x-amz-content-sha256",
  "x-amz-copy-source",
  "x-amz-metadata-directive",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-storage-class",
];

function headerContext(headers: IncomingMessage["headers"]): RequestContext {
  return Object.fromEntries(
    CONDITION_HEADERS.flatMap((name) => {
      const value = headers[name]?.toString();
      return value === undefined ? [] : [[`s3:${name}`, value]];
    }),
  );
}

/** @throws AwsError for what is no request of S3, or of what is not here */
function parse(method: string, url: string, headers: IncomingMessage["headers"]): S3Request {
  try {
    const request = parseS3Request({ method, url, header: (name) => headers[name]?.toString() });
    requireKeyLength(request.key ?? "");
    return request;
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw new AwsError("InvalidURI", 400, "Couldn't parse the specified URI.", {}, { URI: url });
  }
}

function requireKeyLength(key: string): void {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new AwsError("KeyTooLongError", 400, "Your key is too long");
}

/** What is declared covers nothing: the body could be any. */
function otherContent(): AwsError {
  return new AwsError(
    "InvalidArgument",
    400,
    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
  );
}

/** What a policy may permit to everyone and S3 does not. */
function refuseToAnonymous({ operation, query }: S3Request): void {
  if (operation === "DeleteObjects") throw new AwsError("AccessDenied", 403, "Access Denied");
  if ([...query.keys()].some((name) => name.startsWith("response-"))) {
    throw new AwsError(
      "InvalidRequest",
      400,
      "Request specific response headers cannot be used for anonymous GET requests.",
    );
  }
}

function nameOf(principal: Principal): string {
  if (principal.kind === "role") return `role ${principal.arn.slice(principal.arn.indexOf("/") + 1)}`;
  return principal.kind;
}
