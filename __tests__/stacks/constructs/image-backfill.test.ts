import { statementsOf } from "../../support/statements-of";
import { only, synthesized } from "../../support/synthesized";

const NAME = "ImageBackfillStateMachine-test";
const BUCKET = "arn:aws:s3:::image-pipeline-backfill-test-123456789012";
const STATES = "arn:aws:states:eu-west-1:123456789012";

describe("ImageBackfill", () => {
  const terraform = synthesized({ backfill: { maxConcurrency: 5 } });
  const machine = only(terraform, "aws_sfn_state_machine", ({ name }) => name === NAME);

  it("is not there where there is no backfill", () => {
    const names = Object.values(synthesized().resource.aws_sfn_state_machine ?? {}).map(({ name }) => name);
    expect(names).toEqual(["ImageProcessingStateMachine-test"]);
  });

  it("is a Standard machine, traced, whose log has what failed: the children's histories go there too", () => {
    expect(machine).toMatchObject({
      type: "STANDARD",
      logging_configuration: {
        level: "ERROR",
        log_destination: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.backfill_\w+\.arn}:\*$/),
      },
      tracing_configuration: { enabled: true },
    });
  });

  it("may do what its Maps need, each on what is its own", () => {
    const statements = statementsOf(terraform, NAME).map(({ Sid, Action, Resource }) => [Sid, Action, Resource]);
    expect(statements.slice(0, -2)).toEqual([
      [
        "InvokeTheResizeFunction",
        "lambda:InvokeFunction",
        expect.stringMatching(/^\$\{aws_lambda_function\.resize_\w+\.arn}$/),
      ],
      ["StartChildren", "states:StartExecution", `${STATES}:stateMachine:${NAME}`],
      ["FollowChildren", ["states:DescribeExecution", "states:StopExecution"], `${STATES}:execution:${NAME}:*`],
      [
        "RedriveChildren",
        "states:RedriveExecution",
        ["bucket", "csv", "jsonl"].map((label) => `${STATES}:execution:${NAME}/${label}:*`),
      ],
      ["ListOriginals", "s3:ListBucket", "arn:aws:s3:::test-original"],
      ["ReadLists", "s3:GetObject", `${BUCKET}/lists/*`],
      [
        "WriteResults",
        ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
        `${BUCKET}/results/*`,
      ],
    ]);
  });

  it("may use the key of KMS under which lists and results are, where there is one", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/0123abcd-0123-4567-89ab-0123456789ab";
    const encrypted = synthesized({ backfill: { maxConcurrency: 5 }, encryption: { kmsKeyArn } });
    expect(statementsOf(encrypted, NAME)).toContainEqual(
      expect.objectContaining({ Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: kmsKeyArn }),
    );
  });

  it("is taken by Step Functions on behalf of this account only", () => {
    expect(statementsOf(terraform, NAME, "trust")).toMatchObject([
      {
        Principal: { Service: "states.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });

  it("keeps lists and results in a bucket of its own for longer than a run and its redrive take, which goes with the backfill, whatever else is protected", () => {
    const bucket = Object.entries(terraform.resource.aws_s3_bucket ?? {}).find(([id]) => id.startsWith("backfill_"));
    expect(bucket?.[1]).toMatchObject({
      bucket: "image-pipeline-backfill-test-123456789012",
      force_destroy: true,
      lifecycle: { prevent_destroy: false },
    });
    const lifecycle = only(
      terraform,
      "aws_s3_bucket_lifecycle_configuration",
      (attributes) => attributes.bucket === `\${aws_s3_bucket.${bucket?.[0]}.id}`,
    );
    const { TimeoutSeconds: longest }: { readonly TimeoutSeconds: number } = JSON.parse(String(machine.definition));
    const longestDays = longest / 86_400;
    expect(longestDays).toBe(90);
    expect(lifecycle.rule).toContainEqual(
      expect.objectContaining({
        id: "expire-objects",
        status: "Enabled",
        expiration: [{ days: longestDays + 14 + longestDays }],
      }),
    );
    expect(lifecycle.rule).toContainEqual(
      expect.objectContaining({
        id: "abort-incomplete-uploads",
        abort_incomplete_multipart_upload: [{ days_after_initiation: longestDays + 1 }],
      }),
    );
  });

  it("starts nothing with what it writes", () => {
    const notified = Object.values(terraform.resource.aws_s3_bucket_notification ?? {}).map(({ bucket }) => bucket);
    expect(notified).toEqual([expect.stringMatching(/^\$\{aws_s3_bucket\.original_/)]);
  });

  it("is told of by outputs", () => {
    expect(terraform.output).toMatchObject({
      backfill_state_machine_arn: { value: expect.stringContaining("aws_sfn_state_machine.backfill_machine") },
      backfill_bucket_name: { value: expect.stringContaining("aws_s3_bucket.backfill_lists-and-results") },
    });
  });
});
