import { type Fault, isObject, pattern } from "./expectations";

// https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN
const KEY_ARN =
  /^arn:aws:kms:([a-z0-9-]+):\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** A key by its ARN: an alias can be given another key, and no policy can name it. */
export const kmsKeyArn = pattern(KEY_ARN, "the ARN of a KMS key, not of an alias");

/** S3 takes keys of a bucket's own region only. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
export function keyRegionFaults(environment: unknown, path: string): Fault[] {
  if (!isObject(environment)) return [];
  return ["originalBucket", "encryption"].flatMap((field) => {
    const value = environment[field];
    const arn = isObject(value) ? value.kmsKeyArn : undefined;
    const region = typeof arn === "string" ? KEY_ARN.exec(arn)?.[1] : undefined;
    if (region === undefined || region === environment.region) return [];
    return [{ path: `${path}.${field}.kmsKeyArn`, expected: `a key of ${environment.region}`, received: arn }];
  });
}
