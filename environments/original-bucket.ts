import type { InferOutput } from "valibot";
import { bucketName } from "./bucket-name";

/** Checks an `OriginalBucket`. */
export const originalBucket = bucketName;

/** The bucket that pictures are read from: one of this name, which the stack makes. */
export type OriginalBucket = InferOutput<typeof originalBucket>;

/** The name of the bucket that an environment's pictures are read from. */
export function originalBucketName({ originalBucket }: { readonly originalBucket: OriginalBucket }): string {
  return originalBucket;
}
