import { only, synthesized } from "../../support/synthesized";

const both = [["original"], ["resized"]];
const of = (bucket: string) => (attributes: Record<string, unknown>) =>
  String(attributes.bucket).startsWith(`\${aws_s3_bucket.${bucket}_`);

describe("PrivateBucket", () => {
  const terraform = synthesized({ noncurrentVersionDays: 9 });

  it.each(both)("blocks every way to make the %s bucket public", (bucket) => {
    expect(only(terraform, "aws_s3_bucket_public_access_block", of(bucket))).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it.each(both)("leaves the %s bucket's objects to its owner, without ACLs", (bucket) => {
    expect(only(terraform, "aws_s3_bucket_ownership_controls", of(bucket)).rule).toEqual({
      object_ownership: "BucketOwnerEnforced",
    });
  });

  it.each(both)("encrypts the %s bucket, and takes no key that S3 does not keep", (bucket) => {
    expect(only(terraform, "aws_s3_bucket_server_side_encryption_configuration", of(bucket)).rule).toEqual([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: "AES256" },
        blocked_encryption_types: ["SSE-C"],
      },
    ]);
  });

  it.each(both)("keeps versions in the %s bucket", (bucket) => {
    expect(only(terraform, "aws_s3_bucket_versioning", of(bucket)).versioning_configuration).toEqual({
      status: "Enabled",
    });
  });

  it.each(both)("refuses plain HTTP and TLS older than 1.2 to the %s bucket and its objects", (bucket) => {
    const policy = JSON.parse(String(only(terraform, "aws_s3_bucket_policy", of(bucket)).policy));
    const everything = {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [expect.stringMatching(/\.arn}$/), expect.stringMatching(/\.arn}\/\*$/)],
    };
    expect(policy.Statement).toEqual([
      { Sid: "TlsOnly", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { Sid: "Tls12OrNewer", ...everything, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
    ]);
  });

  it.each(both)("forgets incomplete uploads and old versions of the %s bucket", (bucket) => {
    expect(only(terraform, "aws_s3_bucket_lifecycle_configuration", of(bucket)).rule).toMatchObject([
      { status: "Enabled", abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] },
      { status: "Enabled", noncurrent_version_expiration: [{ noncurrent_days: 9 }] },
    ]);
  });

  it.each([
    [true, { force_destroy: false, lifecycle: { prevent_destroy: true } }],
    [false, { force_destroy: true, lifecycle: { prevent_destroy: false } }],
  ])("with deletion protection %s can be destroyed accordingly", (deletionProtection, expected) => {
    for (const bucket of Object.values(synthesized({ deletionProtection }).resource.aws_s3_bucket ?? {})) {
      expect(bucket).toMatchObject(expected);
    }
  });
});
