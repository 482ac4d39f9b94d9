import type { PolicyStatement } from "@image-pipeline/iam-policy";

/**
 * Lets the function look at the renditions that are there, for a backfill. Whether there is one at all S3 says only to who
 * may list the bucket, and answers 403 to others: without the second statement a missing object could not be told from a
 * missing permission, and who took the one for the other would make everything again and again.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export function readRenditions(resizedBucketArn: string): readonly PolicyStatement[] {
  return [
    { Sid: "ReadRenditions", Effect: "Allow", Action: "s3:GetObject", Resource: `${resizedBucketArn}/*` },
    { Sid: "FindRenditions", Effect: "Allow", Action: "s3:ListBucket", Resource: resizedBucketArn },
  ];
}
