import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error";
import { decodeChunks } from "./aws-chunked";
import { checkChecksums, checkPayload } from "./payload-digest";
import { notServed } from "./s3-error";

/**
 * The payload of a request, out of its frames and compared with everything said of it. Leaves the headers as they would be
 * had it come without frames: those of the object alone.
 * @throws AwsError IncompleteBody, MalformedTrailerError, and what the comparisons throw
 */
export function readPayload(body: Buffer, headers: IncomingHttpHeaders, operation: string): Buffer {
  const payload = headers["x-amz-content-sha256"]?.toString().startsWith("STREAMING-") ? unframe(body, headers) : body;
  checkPayload(payload, headers);
  // What completes an upload says in these headers what the whole object is.
  if (operation !== "CompleteMultipartUpload") checkChecksums(payload, headers);
  return payload;
}

/** @throws AwsError for a payload without a length, which S3 does not take */
export function requireLength(headers: IncomingHttpHeaders): void {
  if (headers["transfer-encoding"] !== undefined && headers["x-amz-decoded-content-length"] === undefined)
    throw notServed("Transfer-Encoding without x-amz-decoded-content-length, and neither does S3");
}

function unframe(body: Buffer, headers: IncomingHttpHeaders): Buffer {
  const { payload, trailers } = decodeChunks(body);
  if (Number(headers["x-amz-decoded-content-length"]) !== payload.length) {
    throw new AwsError(
      "IncompleteBody",
      400,
      "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header",
    );
  }
  const announced = headers["x-amz-trailer"]?.toString().toLowerCase().split(",") ?? [];
  for (const name of announced.map((trailer) => trailer.trim())) {
    const value = trailers[name];
    // Nothing else may come behind a payload: IAM was asked about the headers before it.
    if (value === undefined || !name.startsWith("x-amz-checksum-")) {
      throw new AwsError(
        "MalformedTrailerError",
        400,
        "The request contained trailing data that was not well-formed or did not conform to our published schema.",
      );
    }
    headers[name] = value;
  }
  const encodings = headers["content-encoding"]?.split(",").filter((encoding) => encoding.trim() !== "aws-chunked");
  if (encodings === undefined || encodings.length === 0) delete headers["content-encoding"];
  else headers["content-encoding"] = encodings.join(",").trim();
  return payload;
}
