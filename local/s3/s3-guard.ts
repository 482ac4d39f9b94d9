import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Authenticator } from "../aws-endpoint/authenticator";
import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import type { Principal } from "../iam/evaluate";
import type { Bucket } from "../stack-model/stack-model";
import { parseS3Request, type S3Check, type S3Request } from "./s3-request";

const OWN_HEADER = "x-local-runner";

/** Headers that ask S3 for something fauxqs would pass over in silence. */
const UNSERVED_HEADERS =
  /^(if-(none-)?match|x-amz-copy-source-if-.*|x-amz-server-side-encryption-customer-.*|x-amz-tagging|x-amz-acl|x-amz-grant-.*|x-amz-object-lock-.*|x-amz-website-redirect-location|x-amz-write-offset-bytes)$/;

/** A request that may go on. */
export interface AdmittedRequest extends S3Request {
  readonly principal: Principal;
  /** For the log. */
  readonly who: string;
}

/** What the guard looks things up in. */
export interface S3GuardOptions {
  readonly buckets: readonly Bucket[];
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
}

/** Decides who may do what in S3. All refusals are AwsErrors in S3's own codes. */
export class S3Guard {
  /** Marks the runner's own requests, which nobody has to permit. */
  readonly ownHeaders = { [OWN_HEADER]: randomUUID() };

  constructor(private readonly options: S3GuardOptions) {}

  /** Whether the runner itself asks. */
  isOwn(request: IncomingMessage): boolean {
    return request.headers[OWN_HEADER] === this.ownHeaders[OWN_HEADER];
  }

  /** @throws AwsError in the words of S3 when the request is not signed right, not allowed or not served */
  admit(raw: IncomingMessage): AdmittedRequest {
    const own: AdmittedRequest = { operation: "own", checks: [], principal: { kind: "anonymous" }, who: "the runner" };
    if (this.isOwn(raw)) return own;
    const request = parse(raw);
    const principal = this.options.authenticator.authenticate({
      method: raw.method ?? "GET",
      url: raw.url ?? "/",
      headers: raw.headers,
    });
    for (const check of request.checks) this.#require(principal, check);
    return { ...request, principal, who: nameOf(principal) };
  }

  /** Checks every key a DeleteObjects body names. */
  admitDeletes({ principal, bucket = "" }: AdmittedRequest, body: string): void {
    for (const [, key = ""] of body.matchAll(/<Key>([\s\S]*?)<\/Key>/g))
      this.#require(principal, { action: "s3:DeleteObject", bucket, key: unescapeXml(key) });
  }

  /**
   * "If you don't have the s3:ListBucket permission, Amazon S3 returns an HTTP status code 403": the denial, or undefined
   * when the caller may know that an object is missing.
   * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  whyMissingIsHidden({ principal, bucket, key }: AdmittedRequest): string | undefined {
    if (bucket === undefined || key === undefined || principal.kind === "operator") return undefined;
    const decision = this.options.authorizer.decide(
      principal,
      "s3:ListBucket",
      `arn:aws:s3:::${bucket}`,
      this.#policyOf(bucket),
    );
    return decision.allowed ? undefined : decision.message;
  }

  #require(principal: Principal, { action, bucket, key, context }: S3Check): void {
    const resource = bucket === undefined ? "*" : `arn:aws:s3:::${bucket}${key === undefined ? "" : `/${key}`}`;
    try {
      this.options.authorizer.require(principal, action, resource, this.#policyOf(bucket), {
        ...context,
        "s3:resourceaccount": this.options.authorizer.place.accountId,
        "s3:tlsversion": "1.3",
      });
    } catch (error) {
      throw error instanceof AwsError ? new AwsError("AccessDenied", 403, error.message) : error;
    }
  }

  #policyOf(bucket: string | undefined) {
    return this.options.buckets.find(({ name }) => name === bucket)?.policy;
  }
}

function parse(raw: IncomingMessage): S3Request {
  const { method = "GET", url = "/", headers } = raw;
  let request: S3Request | undefined;
  try {
    request = parseS3Request({ method, url, header: (name) => headers[name]?.toString() });
  } catch {
    throw new AwsError("InvalidURI", 400, `Couldn't parse the specified URI: ${url}`);
  }
  const unserved =
    method === "GET" || method === "HEAD"
      ? undefined
      : Object.keys(headers).find((name) => UNSERVED_HEADERS.test(name));
  if (unserved !== undefined) {
    throw new AwsError(
      "NotImplemented",
      501,
      `A header you provided implies functionality that the local runner does not serve: ${unserved}`,
    );
  }
  if (request === undefined) {
    throw new AwsError(
      "NotImplemented",
      501,
      `The local runner does not serve ${method} ${url}: of S3 it serves objects, multipart uploads and lists`,
    );
  }
  return request;
}

function nameOf(principal: Principal): string {
  if (principal.kind === "role") return `role ${principal.arn.slice(principal.arn.indexOf("/") + 1)}`;
  return principal.kind;
}

function unescapeXml(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}
