import type { PolicyStatement } from "@image-pipeline/iam-policy";

/**
 * Lets the function delete renditions, and be told that a source was deleted: S3 says so to who may list the bucket, and
 * answers 403 to others, as to a key that was never there.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
 */
export function deleteRenditions(buckets: {
  readonly originalBucket: string;
  readonly resizedBucket: string;
}): readonly PolicyStatement[] {
  return [
    { Sid: "DeleteRenditions", Effect: "Allow", Action: "s3:DeleteObject", Resource: `${buckets.resizedBucket}/*` },
    { Sid: "SeeDeletions", Effect: "Allow", Action: "s3:ListBucket", Resource: buckets.originalBucket },
  ];
}
