import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { AwsError } from "../aws-error";
import { ChunkDecoder, type ChunkVerifier } from "./aws-chunked";
import { checksumHeader, type RunningChecksum, requireChecksumValue, startChecksum } from "./checksums";
import { notServed } from "./s3-error";
import type { Body } from "./store/body";
import type { BodyStorage } from "./store/body-storage";
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from "./store/version";

/** The largest object that one request brings: https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
const MAX_BODY_BYTES = 5 * 1024 ** 3;

/** A payload that is what everything said of it says. */
export interface Payload {
  /** Its receiver has to release it. */
  readonly body: Body;
  /** In hexadecimal digits. */
  readonly md5: string;
  /** The checksum that came with it, and was right. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
}

/** What the reading of a payload needs. */
export interface PayloadOptions {
  readonly storage: BodyStorage;
  /** Of the chunks of a signed payload. */
  readonly verifier: ChunkVerifier | undefined;
  /** Computed where nothing came with the payload: an upload says which checksum its parts have. */
  readonly computes?: ChecksumAlgorithm | undefined;
  /** What completes an upload says in these headers what the whole object is, and not its own body. */
  readonly ignoresChecksums?: boolean;
  readonly maxBytes?: number;
}

/**
 * Reads the payload of a request into the store, out of its frames, piece by piece, and compares it with its digests.
 * @throws AwsError IncompleteBody, MalformedTrailerError, InvalidDigest, BadDigest, XAmzContentSHA256Mismatch, EntityTooLarge
 */
export async function readPayload(request: IncomingMessage, options: PayloadOptions): Promise<Payload> {
  const { headers } = request;
  requireLength(headers);
  const { storage, maxBytes = MAX_BODY_BYTES } = options;
  const framed = headers["x-amz-content-sha256"]?.toString().startsWith("STREAMING-") === true;
  const length = Number((framed && headers["x-amz-decoded-content-length"]) || headers["content-length"] || 0);
  if (length > maxBytes) throw tooLarge();
  const md5 = declaredMd5(headers);
  const declared = declaredChecksum(headers, options);
  const decoder = framed ? new ChunkDecoder(options.verifier) : undefined;
  const signed = /^[0-9a-f]{64}$/.exec(headers["x-amz-content-sha256"]?.toString() ?? "")?.[0];
  const digests = new Digests(signed !== undefined, declared?.algorithm);
  const writer = storage.writer();
  try {
    for await (const piece of request) {
      for (const part of decoder?.take(piece) ?? [piece]) {
        digests.update(part);
        const stored = writer.write(part);
        if (stored !== undefined) await stored;
      }
      if (writer.bytes > maxBytes) throw tooLarge();
    }
    const trailers = decoder?.end() ?? {};
    requireTrailers(headers, trailers);
    if (framed && Number(headers["x-amz-decoded-content-length"]) !== writer.bytes) throw otherLength();
    const value = digests.checksum?.digest();
    const expected = declared?.value ?? (declared && trailers[checksumHeader(declared.algorithm)]);
    const found = digests.md5.digest();
    compare(signed, digests.sha256?.digest("hex"), "XAmzContentSHA256Mismatch", SHA256_MISMATCH);
    compare(md5, found.toString("base64"), "BadDigest", MD5_MISMATCH);
    if (declared !== undefined) compareChecksum(declared.algorithm, expected, value);
    return {
      body: await writer.end(),
      md5: found.toString("hex"),
      checksum: declared && value !== undefined ? { algorithm: declared.algorithm, value } : undefined,
    };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Gives a payload to what stores it; what is refused after all is released. */
export function takePayload<Result>(payload: Payload, take: (payload: Payload) => Result): Result {
  try {
    return take(payload);
  } catch (error) {
    payload.body.release();
    throw error;
  }
}

const SHA256_MISMATCH = "The provided 'x-amz-content-sha256' header does not match what was computed.";
const MD5_MISMATCH = "The Content-MD5 you specified did not match what we received.";

class Digests {
  readonly md5 = createHash("md5");
  readonly sha256;
  readonly checksum: RunningChecksum | undefined;

  constructor(signed: boolean, algorithm: ChecksumAlgorithm | undefined) {
    this.sha256 = signed ? createHash("sha256") : undefined;
    this.checksum = algorithm && startChecksum(algorithm);
  }

  update(piece: Buffer): void {
    this.md5.update(piece);
    this.sha256?.update(piece);
    this.checksum?.update(piece);
  }
}

/** A payload without a length is not taken by S3 either. @throws AwsError MissingContentLength, NotImplemented */
function requireLength(headers: IncomingHttpHeaders): void {
  if (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined)
    throw new AwsError("MissingContentLength", 411, "You must provide the Content-Length HTTP header.");
  if (headers["transfer-encoding"] !== undefined && headers["x-amz-decoded-content-length"] === undefined)
    throw notServed("Transfer-Encoding without x-amz-decoded-content-length, and neither does S3");
}

function declaredMd5(headers: IncomingHttpHeaders): string | undefined {
  const md5 = headers["content-md5"]?.toString();
  if (md5 === undefined || /^[A-Za-z0-9+/]{22}==$/.test(md5)) return md5;
  throw new AwsError("InvalidDigest", 400, "The Content-MD5 you specified is not valid.");
}

export interface DeclaredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Undefined where it comes behind the payload, or is only computed. */
  readonly value: string | undefined;
}

/** Which checksum headers, or the fields of a form, say a payload has. @throws AwsError InvalidRequest */
export function declaredChecksum(
  headers: IncomingHttpHeaders,
  { ignoresChecksums, computes }: Pick<PayloadOptions, "ignoresChecksums" | "computes">,
): DeclaredChecksum | undefined {
  if (ignoresChecksums) return undefined;
  const trailer = headers["x-amz-trailer"]?.toString().toLowerCase() ?? "";
  const found = CHECKSUM_ALGORITHMS.filter((algorithm) => {
    return headers[checksumHeader(algorithm)] !== undefined || trailer.includes(checksumHeader(algorithm));
  });
  const [algorithm, second] = found;
  if (second !== undefined)
    throw new AwsError(
      "InvalidRequest",
      400,
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  if (algorithm === undefined) {
    // What is announced has to come: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    if (headers["x-amz-sdk-checksum-algorithm"] !== undefined)
      throw new AwsError(
        "InvalidRequest",
        400,
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
      );
    return computes && { algorithm: computes, value: undefined };
  }
  const value = headers[checksumHeader(algorithm)]?.toString();
  if (value !== undefined) requireChecksumValue(value, algorithm);
  return { algorithm, value };
}

/** Nothing but checksums may come behind a payload: IAM was asked about the headers before it. */
function requireTrailers(headers: IncomingHttpHeaders, trailers: Readonly<Record<string, string>>): void {
  const announced = headers["x-amz-trailer"]?.toString().toLowerCase().split(",") ?? [];
  for (const name of announced.map((trailer) => trailer.trim())) {
    if (trailers[name] !== undefined && name.startsWith("x-amz-checksum-")) continue;
    throw new AwsError(
      "MalformedTrailerError",
      400,
      "The request contained trailing data that was not well-formed or did not conform to our published schema.",
    );
  }
}

/** @throws AwsError BadDigest */
export function compareChecksum(
  algorithm: ChecksumAlgorithm,
  declared: string | undefined,
  computed: string | undefined,
): void {
  compare(declared, computed, "BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
}

function compare(declared: string | undefined, computed: string | undefined, code: string, message: string): void {
  if (declared !== undefined && declared !== computed) throw new AwsError(code, 400, message);
}

function otherLength(): AwsError {
  return new AwsError(
    "IncompleteBody",
    400,
    "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header",
  );
}

function tooLarge(): AwsError {
  return new AwsError("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size");
}
