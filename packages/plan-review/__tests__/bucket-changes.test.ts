import { synthesized } from "../../../__tests__/support/synthesized";
import type { Environment } from "../../../environments/environment";
import { losses } from "../losses";
import { stackComparison } from "../synth-review/stack-comparison";
import { watchedChanges } from "../watched-settings";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const CORS = { allowOrigins: ["https://a.example"], allowHeaders: ["*"], maxAgeSeconds: 1 };

const compared = (before: Partial<Environment>, after: Partial<Environment>) =>
  stackComparison(synthesized(before), synthesized(after));

const watched = (before: Partial<Environment>, after: Partial<Environment>) =>
  watchedChanges(compared(before, after)).flatMap(({ group, resource, settings }) =>
    settings.map(({ path }) => `${group}: ${resource.address.replace(/_[0-9A-F]{8}$/, "")} ${path}`),
  );

describe("the review of a change of a bucket", () => {
  it("shows another encryption", () => {
    const changes = watched({}, { encryption: { kmsKeyArn: KEY } });
    expect(changes.filter((change) => change.includes("aws_s3_bucket_")).sort()).toEqual(
      ["original", "resized"].flatMap((bucket) =>
        [
          "apply_server_side_encryption_by_default.kms_master_key_id",
          "apply_server_side_encryption_by_default.sse_algorithm",
          "bucket_key_enabled",
        ].map(
          (field) =>
            `Encryption: aws_s3_bucket_server_side_encryption_configuration.${bucket}_encryption rule[0].${field}`,
        ),
      ),
    );
  });

  it("shows which pages may upload, when they may and when they are others", () => {
    const added = watched({}, { uploads: { cors: CORS } });
    expect(added).toContainEqual(
      "Public access: aws_s3_bucket_cors_configuration.original_cors cors_rule[0].allowed_origins[0]",
    );
    const changed = watched({ uploads: { cors: CORS } }, { uploads: { cors: { ...CORS, allowOrigins: ["*"] } } });
    expect(changed).toEqual([
      "Public access: aws_s3_bucket_cors_configuration.original_cors cors_rule[0].allowed_origins[0]",
    ]);
  });

  it("says what is lost when the stack lets go of its bucket for one that is there already", () => {
    const plan = compared({}, { originalBucket: { name: "test-original", existing: true } });
    expect(losses(plan)).toContainEqual({
      resource: expect.objectContaining({ address: expect.stringMatching(/^aws_s3_bucket\.original_bucket_/) }),
      lost: "every object in it, with all versions",
    });
  });

  it("shows that the bucket that is there is another one", () => {
    const there = (name: string) => ({ originalBucket: { name, existing: true } as const });
    const { resources } = compared(there("one"), there("two"));
    expect(resources.filter(({ action }) => action !== "no-op").map(({ address }) => address)).toEqual(["data"]);
  });
});
