import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** An object as the fake keeps it. */
export interface FakeObject {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers a request instead of the fake: for faults. Returns false to let the fake answer. */
type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Objects are read, written and deleted over HTTP, path style, in memory; enough S3 for one function. */
export class FakeS3 {
  readonly objects = new Map<string, FakeObject>();
  /** Names, as `bucket/key`, of which a delete marker is the current version. */
  readonly markers = new Set<string>();
  /** Every request so far, such as `HEAD bucket/key`. */
  readonly requests: string[] = [];
  fault: Fault = () => false;
  private readonly server = createServer((request, response) => this.answer(request, response));

  /** Listens on a free port of this machine; gives the endpoint's URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const address = this.server.address();
    if (typeof address !== "object" || address === null) throw new Error("Expected the fake S3 to listen on a port");
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  put(bucket: string, key: string, bytes: Buffer, headers: FakeObject["headers"] = {}): void {
    this.objects.set(`${bucket}/${key}`, { bytes, headers });
  }

  /** What was written. @throws Error when it was not */
  get(bucket: string, key: string): FakeObject {
    const object = this.objects.get(`${bucket}/${key}`);
    if (!object) throw new Error(`Expected ${bucket}/${key} among ${[...this.objects.keys()].join(", ")}`);
    return object;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const name = decodeURIComponent(new URL(request.url ?? "/", "http://s3").pathname.slice(1));
    this.requests.push(`${request.method} ${name}`);
    if (this.fault(request, response)) return;
    if (request.method === "PUT") {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.objects.set(name, { bytes: Buffer.concat(chunks), headers: headersOf(request) });
        response.end();
      });
      return;
    }
    if (request.method === "DELETE") {
      this.objects.delete(name);
      response.writeHead(204).end();
      return;
    }
    if (this.markers.has(name)) response.setHeader("x-amz-delete-marker", "true");
    const object = this.markers.has(name) ? undefined : this.objects.get(name);
    if (!object) {
      refuse(response, 404, "NoSuchKey");
      return;
    }
    const metadata = Object.entries(object.headers).filter(([header]) => header.startsWith("x-amz-meta-"));
    response
      .writeHead(200, {
        ...Object.fromEntries(metadata),
        "content-length": object.bytes.length,
        etag: etagOf(object.bytes),
      })
      .end(object.bytes);
  }
}

/** The ETag that S3 gives to what was uploaded whole, in quotes. */
export const etagOf = (bytes: Buffer): string => `"${createHash("md5").update(bytes).digest("hex")}"`;

/** Answers with an error in S3's own XML. */
export function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>fake</Message></Error>`);
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
}
