import { UnsupportedError } from "../unsupported-error";
import type { Resources } from "./resources";
import type { Bucket, StackObject } from "./stack-model";

/** The objects that are in a bucket from the start. */
export function readObjects(resources: Resources, buckets: readonly Bucket[]): readonly StackObject[] {
  return resources.ofType("aws_s3_object").map((block): StackObject => {
    const bucketName = block.string("bucket");
    if (!buckets.some(({ name }) => name === bucketName))
      throw new UnsupportedError(block.address, `expected a bucket of the stack but received "${bucketName}"`);
    const cacheControl = block.optionalString("cache_control");
    const object = {
      address: block.address,
      bucketName,
      key: block.string("key"),
      content: block.string("content"),
      headers: {
        "content-type": block.optionalString("content_type") ?? "binary/octet-stream",
        ...(cacheControl !== undefined && { "cache-control": cacheControl }),
      },
    };
    // Which of the provider's default tags it has.
    block.withoutLocalMeaning("override_provider");
    block.end();
    return object;
  });
}
