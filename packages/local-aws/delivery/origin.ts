import type { IncomingHttpHeaders } from "node:http";

/** What CloudFront asks S3 for. */
export interface OriginRequest {
  readonly method: "GET" | "HEAD";
  /** Percent-encoded, with the slash in front. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** What S3 answers. */
export interface OriginAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** XML, or the bytes of an object. */
  readonly body?: string | OriginBody;
  /** Of an answer without a body, as to HEAD. */
  readonly contentLength?: number;
}

/** The bytes of an object; whoever receives them releases them. */
export interface OriginBody {
  readonly bytes: number;
  chunks(): AsyncIterable<Uint8Array>;
  release(): void;
}

/** The bucket of a distribution, asked with the name of the distribution. */
export type Origin = (request: OriginRequest) => OriginAnswer;

/** Lets go of an answer that goes no further. */
export function release({ body }: OriginAnswer): void {
  if (typeof body === "object") body.release();
}
