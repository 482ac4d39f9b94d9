import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "../listen";
import { type S3Options, S3Server } from "../s3/s3-server";
import type { BucketStore } from "../s3/store/bucket-store";

/** What a stand-in is made of. */
export interface ScratchS3Options extends Pick<S3Options, "buckets" | "authenticator" | "authorizer"> {
  /** Where reading goes. */
  readonly s3: S3Server;
}

/** One request that was answered. */
export interface ScratchCall {
  readonly method: string;
  /** As performance.now() gives them. */
  readonly began: number;
  readonly ended: number;
}

/**
 * Stands in for S3: reads what is there, and keeps what is written to itself, so that no bucket has it, no event tells of
 * it and nothing starts. Signatures and policies are asked for as S3 does.
 */
export class ScratchS3 {
  readonly #server = createServer((request, response) => this.#serve(request, response));
  readonly #s3: S3Server;
  readonly #written: S3Server;
  #calls: ScratchCall[] = [];

  constructor({ s3, ...options }: ScratchS3Options) {
    this.#s3 = s3;
    this.#written = new S3Server({ ...options, log: () => {}, onObjectChanged: () => {} });
  }

  /** Its address. */
  start(): Promise<string> {
    return listen(this.#server, 0, "the stand-in for S3");
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#written.stop();
  }

  /** What was written to a bucket of that name. */
  written(bucket: string): BucketStore | undefined {
    return this.#written.contents(bucket);
  }

  /** The requests since the last time. */
  takeCalls(): readonly ScratchCall[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const { method = "GET" } = request;
    const began = performance.now();
    response.once("finish", () => this.#calls.push({ method, began, ended: performance.now() }));
    (READS.has(method) ? this.#s3 : this.#written).handle(request, response);
  }
}

const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);
