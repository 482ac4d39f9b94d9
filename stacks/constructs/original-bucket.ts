import type { DataAwsS3Bucket } from "@cdktf/provider-aws/lib/data-aws-s3-bucket";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";

/** The bucket of the originals: made by the stack, or only looked up, for it was there before. */
export type OriginalBucket = S3Bucket | DataAwsS3Bucket;
