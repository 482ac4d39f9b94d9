import * as v from "valibot";

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (general purpose buckets)
const RULES: readonly { readonly expected: string; readonly holds: (name: string) => boolean }[] = [
  {
    expected: "only lower-case letters, digits, hyphens and periods (S3 allows no underscore, capital or space)",
    holds: (name) => /^[a-z0-9.-]*$/.test(name),
  },
  { expected: "3 to 63 characters", holds: (name) => name.length >= 3 && name.length <= 63 },
  { expected: "a letter or digit first and last", holds: (name) => /^[a-z0-9](.*[a-z0-9])?$/i.test(name) },
  { expected: "no two periods side by side", holds: (name) => !name.includes("..") },
  { expected: "no IP address", holds: (name) => !/^\d{1,3}(\.\d{1,3}){3}$/.test(name) },
  ...["xn--", "sthree-", "amzn-s3-demo-"].map((prefix) => ({
    expected: `no "${prefix}" in front, S3 keeps it for itself`,
    holds: (name: string) => !name.startsWith(prefix),
  })),
  ...["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an"].map((suffix) => ({
    expected: `no "${suffix}" at the end, S3 keeps it for itself`,
    holds: (name: string) => !name.endsWith(suffix),
  })),
];

/** S3's own rules for a bucket name; each broken one is a fault of its own. */
export const bucketName = v.pipe(
  v.string("the name of an S3 bucket"),
  ...RULES.map(({ expected, holds }) => v.check<string, string>(holds, `a bucket name with ${expected}`)),
);
