import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Json, JsonObject } from "../json";
import type { Log } from "../log";
import type { CustomErrorResponse, Distribution } from "../stack/stack-model";
import { cloudFrontError } from "./cloudfront-error";
import { policyHeaders } from "./headers-policy";
import { type Origin, type OriginAnswer, release } from "./origin";

/** What of a request CloudFront passes on, or looks at itself: no query, no cookie, and of the headers these. */
const PASSED_ON = ["if-modified-since", "if-none-match", "range"];

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

const OTHER_METHOD =
  "This distribution is not configured to allow the HTTP request method that was used for this request. The distribution supports only cachable requests.";
const OTHER_HOST = "Bad request. We can't connect to the server for this app or website at this time.";

/** Where it answers; 0 picks a free port, and so does "usual" where another program has the usual one. */
export type DeliveryPort = number | "usual";

/** A distribution on the HTTP server of somebody else: what CloudFront does of which a browser sees something, and no cache. */
export class Delivery {
  constructor(
    private readonly distribution: Distribution,
    private readonly origin: Origin,
    private readonly log: Log,
  ) {}

  handle(request: IncomingMessage, response: ServerResponse): void {
    const { method = "GET", url = "/" } = request;
    // What nobody read would be taken for the next request.
    request.resume();
    const answer = this.#answer(request);
    const added = policyHeaders(this.distribution.headers, request.headers);
    const cache = answer.status < 400 ? "Miss from cloudfront" : "Error from cloudfront";
    const headers = { ...answer.headers, ...added, "x-cache": cache };
    void send(method, response, { ...answer, headers }).finally(() =>
      this.log("delivery", `${method} ${response.statusCode} ${url}`),
    );
  }

  #answer({ method = "GET", url = "/", headers }: IncomingMessage): OriginAnswer {
    // AWS does not say whether a custom error response takes the place of what CloudFront refuses itself: here it does not.
    if (!this.#isServed(headers.host)) return cloudFrontError(403, OTHER_HOST);
    if ((method !== "GET" && method !== "HEAD") || !this.distribution.methods.includes(method))
      return cloudFrontError(403, OTHER_METHOD);
    const [path = ""] = url.split("?");
    if (!path.startsWith("/")) return cloudFrontError(400, "Bad request.");
    const answer = this.#read(method, path, headers);
    const page = this.distribution.errors.find(({ errorCode }) => errorCode === answer.status)?.page;
    return page === undefined ? answer : this.#customError(method, answer, page);
  }

  /** As a name of its own or of CloudFront: any other is another customer's. */
  #isServed(host = ""): boolean {
    return [...LOOPBACK, ...this.distribution.hosts].includes(host.replace(/:\d+$/, "").toLowerCase());
  }

  #read(method: "GET" | "HEAD", path: string, asked: IncomingHttpHeaders): OriginAnswer {
    const headers = Object.fromEntries(PASSED_ON.map((name) => [name, asked[name]]));
    // S3 reads a plus sign in a path as a space.
    const request = { method, path: path.replaceAll("+", "%20"), headers };
    const condition = asked["if-range"]?.toString();
    if (headers.range !== undefined && condition !== undefined) {
      const { etag, "last-modified": modified } =
        this.origin({ ...request, method: "HEAD", headers: {} }).headers ?? {};
      // The rest of another object is of no use to whoever has the beginning of this one.
      if (condition !== etag && condition !== modified) delete headers.range;
    }
    return this.origin(request);
  }

  /** The page in the place of an error; without the page, the error of the page. */
  #customError(
    method: "GET" | "HEAD",
    error: OriginAnswer,
    { status, path }: Required<CustomErrorResponse>["page"],
  ): OriginAnswer {
    release(error);
    const page = this.origin({ method, path, headers: {} });
    return page.status === 200 ? { ...page, status } : page;
  }
}

async function send(method: string, response: ServerResponse, answer: OriginAnswer): Promise<void> {
  const { status, headers, body, contentLength } = answer;
  const length = typeof body === "string" ? Buffer.byteLength(body) : (body?.bytes ?? contentLength);
  try {
    response.writeHead(status, { ...headers, ...(length !== undefined && { "content-length": length }) });
    if (method === "HEAD" || body === undefined) response.end();
    else if (typeof body === "string") response.end(body);
    else await pipeline(body.chunks(), response);
  } catch {
    // Whoever asked went away, or the object has a header that HTTP does not take.
    response.destroy();
  } finally {
    release(answer);
  }
}

/** The outputs of a stack, with the address of this machine in the place of the distribution's. */
export function atLocalAddress(outputs: JsonObject, { hosts }: Distribution, localUrl: string): JsonObject {
  const local = (value: Json): Json => {
    if (hosts.some((name) => value === name)) return new URL(localUrl).hostname;
    const host = hosts.find((name) => value === `https://${name}` || String(value).startsWith(`https://${name}/`));
    return host === undefined ? value : `${localUrl}${String(value).slice(`https://${host}`.length)}`;
  };
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, local(value ?? null)]));
}
