import { AwsError } from "../aws-error";
import { malformedXml } from "./s3-error";

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
const MAX_PARTS = 10_000;

/** @throws AwsError InvalidArgument unless it is one of 1 to 10,000 */
export function checkPartNumber(partNumber: string | null): void {
  if (/^\d{1,5}$/.test(partNumber ?? "") && Number(partNumber) >= 1 && Number(partNumber) <= MAX_PARTS) return;
  throw new AwsError("InvalidArgument", 400, "Part number must be an integer between 1 and 10000, inclusive");
}

/** @throws AwsError MalformedXML for a list of parts that names none, too many, or one without its number or ETag */
export function checkListOfParts(body: string): void {
  const parts = [...body.matchAll(/<Part>([\s\S]*?)<\/Part>/g)];
  const complete = parts.every(
    ([part]) => /<PartNumber>\d{1,5}<\/PartNumber>/.test(part) && /<ETag>[^<]+<\/ETag>/.test(part),
  );
  if (parts.length === 0 || parts.length > MAX_PARTS || !complete) throw malformedXml();
}

/** @throws AwsError InvalidArgument for a range that is not within the source of a part */
export function checkCopyRange(range: string | undefined, sourceBytes: number): undefined {
  if (range === undefined) return;
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (first !== undefined && Number(first) <= Number(last) && Number(last) < sourceBytes) return;
  throw new AwsError("InvalidArgument", 400, `Range specified is not valid for source object of size: ${sourceBytes}`);
}

/** S3 does not tell an upload of another object from one that never was. */
export function noSuchUpload(): AwsError {
  return new AwsError(
    "NoSuchUpload",
    404,
    "The specified multipart upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
  );
}
