/** A service of AWS refuses a call; the same error in each of the protocols services speak. */
export class AwsError extends Error {
  override readonly name = "AwsError";

  constructor(
    /** AWS's name for it, such as `TooManyRequestsException`. */
    readonly code: string,
    /** HTTP status. */
    readonly statusCode: number,
    message: string,
    /** What HTTP says besides. */
    readonly headers: Readonly<Record<string, string>> = {},
    /** What the XML of S3 says besides, by the names of its elements. */
    readonly details: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
