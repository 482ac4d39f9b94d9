import { AwsError } from "../aws-error";

/** A payload out of its frames, with the headers that came behind it. */
export interface ChunkedPayload {
  readonly payload: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}

/**
 * Takes a payload out of the frames that `x-amz-content-sha256: STREAMING-...` announces: a length in hexadecimal digits, a
 * signature perhaps, and so many bytes; the last frame is empty, and trailing headers may follow. Signatures are not compared.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 * @throws AwsError IncompleteBody
 */
export function decodeChunks(body: Buffer): ChunkedPayload {
  const frames: Buffer[] = [];
  for (let offset = 0; ; ) {
    const lineEnd = body.indexOf("\r\n", offset);
    const [, digits] = /^([0-9a-f]{1,8})(;.*)?$/i.exec(body.toString("latin1", offset, Math.max(lineEnd, 0))) ?? [];
    if (lineEnd < 0 || digits === undefined) throw incomplete();
    const [start, bytes] = [lineEnd + 2, Number.parseInt(digits, 16)];
    if (bytes === 0) return { payload: Buffer.concat(frames), trailers: readTrailers(body.toString("latin1", start)) };
    const end = start + bytes;
    if (body.toString("latin1", end, end + 2) !== "\r\n") throw incomplete();
    frames.push(body.subarray(start, end));
    offset = end + 2;
  }
}

function readTrailers(text: string): Readonly<Record<string, string>> {
  const lines = text.split("\r\n").filter((line) => line.includes(":"));
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function incomplete(): AwsError {
  return new AwsError("IncompleteBody", 400, "The request body terminated unexpectedly");
}
