import { AwsError } from "../aws-error";

/** What fastify says of a body, in the words of S3. */
const BODY_ERRORS: Readonly<Record<string, AwsError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new AwsError(
    "EntityTooLarge",
    400,
    "Your proposed upload exceeds the maximum allowed size",
  ),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: new AwsError(
    "IncompleteBody",
    400,
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
  ),
};

/** Any error as one of S3. */
export function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof URIError) return new AwsError("InvalidURI", 400, "Couldn't parse the specified URI.");
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return BODY_ERRORS[code] ?? new AwsError("InternalError", 500, String(error));
}
