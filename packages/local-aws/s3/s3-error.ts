import { AwsError } from "../aws-error";
import { element, escapeXml } from "./xml";

/** An S3 error body. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function s3ErrorXml({ code, message, headers, details }: AwsError, resource: string, ids: RequestIds): string {
  const region = headers["x-amz-bucket-region"];
  const more = Object.entries({ ...(region !== undefined && { Region: region }), ...details });
  const said = more.map(([name, value]) => element(name, escapeXml(value))).join("");
  const place = `${said}<Resource>${escapeXml(resource)}</Resource><RequestId>${ids.requestId}</RequestId><HostId>${ids.hostId}</HostId>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message>${place}</Error>`;
}

/** What names a request, in headers and in errors. */
export interface RequestIds {
  /** Sixteen hexadecimal digits. */
  readonly requestId: string;
  readonly hostId: string;
}

/** @param bucket the name that nothing has */
export function noSuchBucket(bucket: string): AwsError {
  return new AwsError("NoSuchBucket", 404, "The specified bucket does not exist", {}, { BucketName: bucket });
}

/** @param key the key that no object has */
export function noSuchKey(key: string): AwsError {
  return new AwsError("NoSuchKey", 404, "The specified key does not exist.", {}, { Key: key });
}

/** @param versionId that of no version of the key */
export function noSuchVersion(key: string, versionId: string): AwsError {
  const message = "The specified version does not exist.";
  return new AwsError("NoSuchVersion", 404, message, {}, { Key: key, VersionId: versionId });
}

/** @param name of the header or parameter that has the value */
export function invalidArgument(message: string, name: string, value: string): AwsError {
  return new AwsError("InvalidArgument", 400, message, {}, { ArgumentName: name, ArgumentValue: value });
}

/** S3's refusal of a body that it cannot read. */
export function malformedXml(): AwsError {
  return new AwsError(
    "MalformedXML",
    400,
    "The XML you provided was not well-formed or did not validate against our published schema.",
  );
}

/** The runner's refusal of what it would otherwise pass over in silence. */
export function notServed(what: string): AwsError {
  return new AwsError("NotImplemented", 501, `The local runner does not serve ${what}`);
}

/** Any error as one of S3. */
export function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof URIError) return new AwsError("InvalidURI", 400, "Couldn't parse the specified URI.");
  return new AwsError("InternalError", 500, String(error));
}
