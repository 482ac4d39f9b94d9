import * as v from "valibot";
import { bucketName } from "./bucket-name";
import { isObject, meaning, record, type Schema } from "./expectations";
import { kmsKeyArn } from "./kms-key";

// S3's policies and KMS's would have to let another account's function in, and its events stay in that account.
const existing = record({
  name: meaning("a bucket of this account and region", bucketName),
  existing: meaning(
    "it is there already: the stack reads its objects, and neither makes nor changes nor destroys anything of it",
    v.literal(true, "true, or the name alone for a bucket that the stack is to make"),
  ),
  kmsKeyArn: v.exactOptional(
    meaning("the key that its objects are encrypted with; by default S3's own, which takes no permission", kmsKeyArn),
  ),
});

const EXPECTED = "the name of an S3 bucket to make, or { name, existing: true } for one that is there already";

const either: Schema<v.InferOutput<typeof bucketName> | v.InferOutput<typeof existing>> = v.lazy((value) => {
  if (isObject(value)) return existing;
  return typeof value === "string" ? bucketName : v.never(EXPECTED);
});

/** Checks an `OriginalBucket`. */
export const originalBucket = Object.assign(either, { wrapped: existing });

/** The bucket that pictures are read from: one of this name, which the stack makes, or one that is there already. */
export type OriginalBucket = v.InferOutput<typeof originalBucket>;

/** The name of the bucket that an environment's pictures are read from. */
export function originalBucketName({ originalBucket }: { readonly originalBucket: OriginalBucket }): string {
  return isObject(originalBucket) ? originalBucket.name : originalBucket;
}
