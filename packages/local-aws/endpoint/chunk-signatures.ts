import { timingSafeEqual } from "node:crypto";
import { AwsError } from "../aws-error";
import { sha256 } from "./signature";
import { hmac, signingKey } from "./signing-key";

/** What the signatures of chunks go on from: the signature of the request and what it was made with. */
export interface ChunkSeed {
  readonly secretAccessKey: string;
  readonly scope: string;
  readonly date: string;
  readonly signature: string;
}

/**
 * Compares the signatures of a payload's chunks, each of which covers the one before it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export class ChunkSignatures {
  #previous: string;

  constructor(private readonly seed: ChunkSeed) {
    this.#previous = seed.signature;
  }

  chunk(payload: Buffer, signature: string): void {
    this.#compare("AWS4-HMAC-SHA256-PAYLOAD", [sha256(""), sha256(payload)], signature);
  }

  trailers(lines: string, signature: string): void {
    this.#compare("AWS4-HMAC-SHA256-TRAILER", [sha256(lines)], signature);
  }

  #compare(algorithm: string, hashes: readonly string[], signature: string): void {
    const { secretAccessKey, scope, date } = this.seed;
    const text = [algorithm, date, scope, this.#previous, ...hashes].join("\n");
    const expected = Buffer.from(hmac(signingKey(secretAccessKey, scope), text).toString("hex"));
    const actual = Buffer.from(signature);
    if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) {
      throw new AwsError(
        "SignatureDoesNotMatch",
        403,
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      );
    }
    this.#previous = signature;
  }
}
