import type { PolicyDocument } from "@image-pipeline/iam-policy";
import { UnsupportedError } from "../unsupported-error";
import { isPublic } from "./public-policy";
import type { Resources } from "./resources";
import type { Bucket, BucketEncryption, CorsRule } from "./stack-model";

/**
 * The buckets that public policies may open: S3 blocks all public access unless a stack says otherwise.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function readOpenBuckets(resources: Resources): ReadonlySet<string> {
  const blocks = resources.ofType("aws_s3_bucket_public_access_block").map((block) => {
    const bucket = block.string("bucket");
    const closed = [block.optionalBoolean("block_public_policy"), block.optionalBoolean("restrict_public_buckets")];
    // There are no ACLs here.
    block.withoutLocalMeaning("block_public_acls", "ignore_public_acls", "skip_destroy");
    block.end();
    return { bucket, open: !closed.includes(true) };
  });
  return new Set(blocks.filter(({ open }) => open).map(({ bucket }) => bucket));
}

/** @throws UnsupportedError for a policy S3 refuses, or does not apply, on a bucket whose public access is blocked */
export function refusePublicPolicy({ statements }: PolicyDocument): void {
  const open = statements.find(isPublic);
  if (open !== undefined)
    throw new UnsupportedError(open.address, "allows everyone, and the public access of the bucket is blocked");
}

/** The buckets that keep versions, or have kept them. https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html */
export function readVersioning(resources: Resources): ReadonlyMap<string, Bucket["versioning"]> {
  const found = resources.ofType("aws_s3_bucket_versioning").map((block) => {
    const bucket = block.string("bucket");
    const configuration = block.optionalBlock("versioning_configuration");
    const status = configuration?.optionalOneOf("status", ["Enabled", "Suspended", "Disabled"]) ?? "Disabled";
    configuration?.end();
    block.end();
    return [bucket, status === "Disabled" ? undefined : status] as const;
  });
  return new Map(found);
}

/** The CORS rules of each bucket that has any. */
export function readCorsRules(resources: Resources): ReadonlyMap<string, readonly CorsRule[]> {
  const found = resources.ofType("aws_s3_bucket_cors_configuration").map((block) => {
    const bucket = block.string("bucket");
    const rules = block.blocks("cors_rule").map((rule): CorsRule => {
      rule.withoutLocalMeaning("id");
      const read = {
        allowedOrigins: rule.strings("allowed_origins"),
        allowedMethods: rule.strings("allowed_methods"),
        allowedHeaders: rule.strings("allowed_headers"),
        exposeHeaders: rule.strings("expose_headers"),
        maxAgeSeconds: rule.optionalNumber("max_age_seconds"),
      };
      rule.end();
      return read;
    });
    block.end();
    return [bucket, rules] as const;
  });
  return new Map(found);
}

/** What every bucket has had since January 2023: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html */
export const SSE_S3: BucketEncryption = { algorithm: "AES256", bucketKey: false };

/** How the buckets encrypt that say so. @throws UnsupportedError for a key that is not named by its ARN */
export function readEncryption(resources: Resources): ReadonlyMap<string, BucketEncryption> {
  const found = resources.ofType("aws_s3_bucket_server_side_encryption_configuration").map((block) => {
    const bucket = block.string("bucket");
    const rule = block.block("rule");
    const byDefault = rule.optionalBlock("apply_server_side_encryption_by_default");
    const algorithm = byDefault?.oneOf("sse_algorithm", ["AES256", "aws:kms"]) ?? "AES256";
    const keyArn =
      algorithm === "aws:kms" ? byDefault?.stringLike("kms_master_key_id", KEY_ARN, "the ARN of a key") : undefined;
    byDefault?.end();
    const bucketKey = rule.optionalBoolean("bucket_key_enabled") ?? false;
    // Objects under a customer's own key are refused whatever is blocked.
    rule.withoutLocalMeaning("blocked_encryption_types");
    rule.end();
    block.end();
    return [bucket, { algorithm, bucketKey, ...(keyArn !== undefined && { keyArn }) }] as const;
  });
  return new Map(found);
}

const KEY_ARN = /^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/;
