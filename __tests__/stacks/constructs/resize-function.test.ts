import type { Environment } from "../../../environments/environment";
import { statementsOf } from "../../support/statements-of";
import { only, synthesized, type Terraform } from "../../support/synthesized";

const resizeOf = (terraform: Terraform) =>
  only(terraform, "aws_lambda_function", ({ function_name }) => function_name === "ImageResizeFunction-test");

describe("ResizeFunction", () => {
  const terraform = synthesized();
  const resize = resizeOf(terraform);

  it("runs the bundle on Node 24 with sharp in a layer", () => {
    expect(resize).toMatchObject({
      runtime: "nodejs24.x",
      handler: "index.handler",
      source_code_hash: "c2hhMjU2",
      layers: [expect.stringMatching(/^\$\{aws_lambda_layer_version\./)],
    });
  });

  it.each(["arm64", "x86_64"] as const)("runs on %s with a layer for it", (architecture) => {
    const built = synthesized({ architecture });
    expect(resizeOf(built).architectures).toEqual([architecture]);
    expect(only(built, "aws_lambda_layer_version").compatible_architectures).toEqual([architecture]);
  });

  it("keeps the layer in use until the next one is published", () => {
    expect(only(terraform, "aws_lambda_layer_version").lifecycle).toEqual({ create_before_destroy: true });
  });

  it("takes memory and timeout from the environment", () => {
    expect(resizeOf(synthesized({ functionMemoryMb: 2048, functionTimeoutSeconds: 61 }))).toMatchObject({
      memory_size: 2048,
      timeout: 61,
    });
  });

  it("reserves concurrency only where the environment says so", () => {
    expect(resize).not.toHaveProperty("reserved_concurrent_executions");
    expect(resizeOf(synthesized({ reservedConcurrency: 5 })).reserved_concurrent_executions).toBe(5);
  });

  it("may read originals, write renditions, log and trace, and nothing more", () => {
    expect(
      statementsOf(terraform, "ImageResizeFunction-test").map(({ Action, Resource }) => [
        Action,
        String(Resource).replace(/_[0-9A-F]{8}\b/g, ""),
      ]),
    ).toEqual([
      ["s3:GetObject", "${aws_s3_bucket.original_bucket.arn}/*"],
      ["s3:PutObject", "${aws_s3_bucket.resized_bucket.arn}/*"],
      [["logs:CreateLogStream", "logs:PutLogEvents"], "${aws_cloudwatch_log_group.resize_logs.arn}:*"],
      [["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"],
    ]);
  });

  it("may also read renditions and see which are there where a backfill is on, and says so to its code", () => {
    const built = synthesized({ backfill: { maxConcurrency: 5 } });
    const statements = statementsOf(built, "ImageResizeFunction-test").slice(2, 4);
    expect(statements.map(({ Sid, Action, Resource }) => [Sid, Action, String(Resource)])).toEqual([
      ["ReadRenditions", "s3:GetObject", expect.stringMatching(/^\$\{aws_s3_bucket\.resized_bucket_\w+\.arn}\/\*$/)],
      ["FindRenditions", "s3:ListBucket", expect.stringMatching(/^\$\{aws_s3_bucket\.resized_bucket_\w+\.arn}$/)],
    ]);
    expect(resizeOf(built).environment).toMatchObject({ variables: { READS_RENDITIONS: "true" } });
    expect(resize.environment).not.toHaveProperty("variables.READS_RENDITIONS");
  });

  it("may use the keys of KMS that originals and renditions are under, by S3 alone", () => {
    const key = (id: number) => `arn:aws:kms:eu-west-1:123456789012:key/${id}1234567-89ab-cdef-0123-456789abcdef`;
    const keyStatements = (fields: Partial<Environment>) =>
      statementsOf(synthesized(fields), "ImageResizeFunction-test")
        .filter(({ Action }) => String(Action).startsWith("kms:"))
        .map(({ Sid, Action, Resource, Condition }) => [Sid, Action, Resource, Condition]);
    const viaS3 = { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } };
    const there = { name: "old", existing: true, kmsKeyArn: key(2) } as const;

    expect(keyStatements({ encryption: { kmsKeyArn: key(1) } })).toEqual([
      ["DecryptOriginals", "kms:Decrypt", key(1), viaS3],
      ["EncryptRenditions", "kms:GenerateDataKey", key(1), viaS3],
    ]);
    expect(keyStatements({ originalBucket: there })).toEqual([["DecryptOriginals", "kms:Decrypt", key(2), viaS3]]);
    expect(keyStatements({ originalBucket: there, encryption: { kmsKeyArn: key(1) } })).toEqual([
      ["DecryptOriginals", "kms:Decrypt", key(2), viaS3],
      ["EncryptRenditions", "kms:GenerateDataKey", key(1), viaS3],
    ]);
    expect(
      keyStatements({ originalBucket: { name: "old", existing: true }, encryption: { kmsKeyArn: key(1) } }),
    ).toEqual([["EncryptRenditions", "kms:GenerateDataKey", key(1), viaS3]]);
  });

  it("may also delete renditions and be told of delete markers where deletions are followed, and says so to its code", () => {
    const built = synthesized({ deleteRenditions: true });
    const statements = statementsOf(built, "ImageResizeFunction-test").slice(2, 4);
    expect(statements.map(({ Sid, Action, Resource }) => [Sid, Action, String(Resource)])).toEqual([
      [
        "DeleteRenditions",
        "s3:DeleteObject",
        expect.stringMatching(/^\$\{aws_s3_bucket\.resized_bucket_\w+\.arn}\/\*$/),
      ],
      ["SeeDeletions", "s3:ListBucket", expect.stringMatching(/^\$\{aws_s3_bucket\.original_bucket_\w+\.arn}$/)],
    ]);
    expect(resizeOf(built).environment).toMatchObject({ variables: { DELETES_RENDITIONS: "true" } });
    expect(resize.environment).not.toHaveProperty("variables.DELETES_RENDITIONS");
  });

  it("tells its code which uploads start executions where deletions are followed, and uploads are chosen", () => {
    const cors = { allowOrigins: ["https://a.example"], allowHeaders: ["*"], maxAgeSeconds: 1 };
    const uploadsOf = (deleteRenditions: boolean, uploads: Environment["uploads"]) =>
      JSON.stringify(resizeOf(synthesized({ deleteRenditions, uploads })).environment).match(
        /"UPLOADS":("[^}]*}")/,
      )?.[1];
    expect(JSON.parse(JSON.parse(uploadsOf(true, { prefixes: ["a/"], cors }) ?? ""))).toEqual({ prefixes: ["a/"] });
    expect(uploadsOf(true, { cors })).toBeUndefined();
    expect(uploadsOf(false, { prefixes: ["a/"] })).toBeUndefined();
  });

  it("logs JSON to a log group that exists first and forgets", () => {
    const [address] = Object.keys(terraform.resource.aws_cloudwatch_log_group ?? {}).filter((name) =>
      name.startsWith("resize_"),
    );
    expect(resize.logging_config).toEqual({
      log_format: "JSON",
      log_group: `\${aws_cloudwatch_log_group.${address}.name}`,
    });
    expect(
      only(terraform, "aws_cloudwatch_log_group", ({ name }) => name === "/aws/lambda/ImageResizeFunction-test"),
    ).toMatchObject({
      retention_in_days: 14,
    });
  });

  it("is traced", () => {
    expect(resize.tracing_config).toEqual({ mode: "Active" });
  });

  it("knows its two buckets and the presets from its environment variables", () => {
    expect(resize.environment).toMatchObject({
      variables: {
        ORIGINAL_BUCKET: expect.stringMatching(/^\$\{aws_s3_bucket\.original_bucket_\w+\.bucket}$/),
        RESIZED_BUCKET: expect.stringMatching(/^\$\{aws_s3_bucket\.resized_bucket_\w+\.bucket}$/),
        RENDITIONS: expect.stringContaining('"thumbnail":{"width":256,"height":256,"fit":"inside","format":"source"}'),
        CACHE_CONTROL: "no-store",
      },
    });
  });

  it("keeps the memory of its decoding threads in two heaps, not in one for each", () => {
    expect(resize.environment).toMatchObject({ variables: { MALLOC_ARENA_MAX: "2" } });
  });
});
