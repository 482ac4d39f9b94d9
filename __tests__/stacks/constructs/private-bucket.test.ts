import { only, synthesized } from "../../support/synthesized";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
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

  it.each(both)(
    "encrypts the %s bucket with the key of the environment, and a key of its own made of that",
    (bucket) => {
      const keyed = synthesized({ encryption: { kmsKeyArn: KEY } });
      expect(only(keyed, "aws_s3_bucket_server_side_encryption_configuration", of(bucket)).rule).toEqual([
        {
          apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: KEY },
          bucket_key_enabled: true,
          blocked_encryption_types: ["SSE-C"],
        },
      ]);
    },
  );

  it("lets the pages of an environment upload to the original bucket by PUT and POST, and to no other", () => {
    const cors = { allowOrigins: ["https://a.example"], allowHeaders: ["content-type"], maxAgeSeconds: 9 };
    expect(only(synthesized({ uploads: { cors } }), "aws_s3_bucket_cors_configuration")).toMatchObject({
      bucket: expect.stringMatching(/^\$\{aws_s3_bucket\.original_/),
      cors_rule: [
        {
          allowed_origins: ["https://a.example"],
          allowed_methods: ["PUT", "POST"],
          allowed_headers: ["content-type"],
          expose_headers: ["ETag"],
          max_age_seconds: 9,
        },
      ],
    });
    expect(terraform.resource.aws_s3_bucket_cors_configuration).toBeUndefined();
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
