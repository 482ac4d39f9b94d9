import type { Environment } from "../../environments/environment";
import { anEnvironment } from "../support/an-environment";
import { pipelineStack, terraformOf, withApp } from "../support/synthesized";

/** Every value of the Terraform JSON of an environment by its path; ids are without their hash. */
function valuesOf(environment: Environment): ReadonlyMap<string, unknown> {
  const terraform = withApp((app) => terraformOf(pipelineStack(app, environment)));
  const values = leaves(terraform, []).filter(([path]) => !path.startsWith("//"));
  return new Map(values.map(([path, value]) => [path.replace(/^resource /, "").replace(/_[0-9A-F]{8}\b/, ""), value]));
}

function leaves(value: unknown, path: readonly string[]): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[path.join(" "), value]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, [...path, key]));
}

const base = anEnvironment();
const inBase = valuesOf(base);

/** The paths of the values that an environment other than `base` only in these fields has otherwise. */
function decidedBy(fields: Partial<Environment>): string[] {
  const changed = valuesOf({ ...base, ...fields });
  return [...new Set([...inBase.keys(), ...changed.keys()])]
    .filter((path) => inBase.get(path) !== changed.get(path))
    .sort();
}

const ROLES = ["api", "resize", "status", "upload", "workflow"].map((part) => `aws_iam_role ${part}_access_role`);

// The ARNs of executions are not known from a resource.
const EXECUTIONS = "aws_iam_role_policy status_access_policy policy";

const ALARMS = { emails: ["one@example.com"], encrypted: false, refusedPercent: 9 };

const BACKFILL = { maxConcurrency: 5 };
const KEY = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";

/** What each field decides. Two environments differ in the values of the fields they differ in, and in nothing else. */
const DECISIONS: { readonly [Field in keyof Environment]: readonly [Environment[Field], readonly string[]] } = {
  name: [
    "other",
    [
      "aws_apigatewayv2_api api name",
      "aws_apigatewayv2_stage api_named-stage name",
      "aws_cloudwatch_event_rule upload_rule name",
      ...["api", "resize", "status", "workflow"].map((part) => `aws_cloudwatch_log_group ${part}_logs name`),
      ...ROLES.map((role) => `${role} name`),
      EXECUTIONS,
      "aws_lambda_function resize_function function_name",
      "aws_lambda_function status_function function_name",
      "aws_lambda_layer_version resize_sharp layer_name",
      "aws_sfn_state_machine workflow_machine name",
      "aws_sqs_queue upload_dead-letters name",
    ],
  ],
  accountId: [
    "999999999999",
    [
      "aws_iam_role upload_access_role assume_role_policy",
      "aws_iam_role workflow_access_role assume_role_policy",
      EXECUTIONS,
      "provider aws 0 allowed_account_ids 0",
    ],
  ],
  region: ["us-east-1", [EXECUTIONS, "output region value", "provider aws 0 region"]],
  state: [
    { bucket: "state-bucket", key: "k", region: "eu-west-1" },
    [
      ...["bucket", "encrypt", "key", "region", "use_lockfile"].map((field) => `terraform backend s3 ${field}`),
      "terraform backend s3 allowed_account_ids 0",
      "terraform backend local path",
    ],
  ],
  permissionsBoundary: [true, ROLES.map((role) => `${role} permissions_boundary`)],
  originalBucket: ["other-original", ["aws_s3_bucket original_bucket bucket"]],
  resizedBucketName: ["other-resized", ["aws_s3_bucket resized_bucket bucket"]],
  encryption: [
    { kmsKeyArn: KEY },
    [
      ...["original_encryption", "resized_encryption"].flatMap((id) =>
        [
          "apply_server_side_encryption_by_default kms_master_key_id",
          "apply_server_side_encryption_by_default sse_algorithm",
          "bucket_key_enabled",
        ].map((field) => `aws_s3_bucket_server_side_encryption_configuration ${id} rule 0 ${field}`),
      ),
      "aws_iam_role_policy resize_access_policy policy",
    ],
  ],
  architecture: [
    "x86_64",
    [
      "aws_lambda_function resize_function architectures 0",
      "aws_lambda_function status_function architectures 0",
      "aws_lambda_layer_version resize_sharp compatible_architectures 0",
    ],
  ],
  functionMemoryMb: [1024, ["aws_lambda_function resize_function memory_size"]],
  functionTimeoutSeconds: [
    60,
    ["aws_lambda_function resize_function timeout", "aws_sfn_state_machine workflow_machine definition"],
  ],
  reservedConcurrency: [5, ["aws_lambda_function resize_function reserved_concurrent_executions"]],
  logRetentionDays: [
    30,
    ["api", "resize", "status", "workflow"].map((part) => `aws_cloudwatch_log_group ${part}_logs retention_in_days`),
  ],
  deletionProtection: [
    false,
    ["original_bucket", "resized_bucket"].flatMap((id) => [
      `aws_s3_bucket ${id} force_destroy`,
      `aws_s3_bucket ${id} lifecycle prevent_destroy`,
    ]),
  ],
  noncurrentVersionDays: [
    3,
    ["original_lifecycle", "resized_lifecycle"].map(
      (id) => `aws_s3_bucket_lifecycle_configuration ${id} rule 1 noncurrent_version_expiration 0 noncurrent_days`,
    ),
  ],
  resizeOnUpload: [false, [...inBase.keys()].filter((path) => / upload_/.test(path))],
  uploads: [
    { suffixes: [".jpg"], cors: { allowOrigins: ["*"], allowHeaders: ["*"], maxAgeSeconds: 1 } },
    [
      "aws_cloudwatch_event_rule upload_rule event_pattern",
      "aws_s3_bucket_cors_configuration original_cors bucket",
      ...["allowed_headers 0", "allowed_methods 0", "allowed_methods 1", "allowed_origins 0", "expose_headers 0"]
        .concat("max_age_seconds")
        .map((field) => `aws_s3_bucket_cors_configuration original_cors cors_rule 0 ${field}`),
    ],
  ],
  deleteRenditions: [
    true,
    [
      "aws_iam_role_policy resize_access_policy policy",
      "aws_lambda_function resize_function environment variables DELETES_RENDITIONS",
      ...[...valuesOf({ ...base, deleteRenditions: true }).keys()].filter((path) => / deletion_/.test(path)),
    ],
  ],
  apiThrottle: [
    { rateLimit: 1, burstLimit: 2 },
    ["api_default-stage", "api_named-stage"].flatMap((id) => [
      `aws_apigatewayv2_stage ${id} default_route_settings throttling_burst_limit`,
      `aws_apigatewayv2_stage ${id} default_route_settings throttling_rate_limit`,
    ]),
  ],
  apiAuth: [
    { issuer: "https://issuer.example", audience: ["pictures"], scopes: ["resize"] },
    [
      ...["api_id", "authorizer_type", "identity_sources 0", "jwt_configuration audience 0", "jwt_configuration issuer"]
        .concat("lifecycle create_before_destroy", "name")
        .map((field) => `aws_apigatewayv2_authorizer api_tokens ${field}`),
      ...["get-execution", "post-process", "post-resized", "put-execution"].flatMap((route) =>
        ["authorization_scopes 0", "authorization_type", "authorizer_id"].map(
          (field) => `aws_apigatewayv2_route api_${route} ${field}`,
        ),
      ),
      "output api_auth value",
    ],
  ],
  cors: [
    { allowOrigins: ["*"], allowHeaders: ["*"], maxAgeSeconds: 1 },
    ["allow_headers 0", "allow_methods 0", "allow_methods 1", "allow_methods 2", "allow_origins 0", "max_age"].map(
      (field) => `aws_apigatewayv2_api api cors_configuration ${field}`,
    ),
  ],
  cacheControl: ["public", ["aws_lambda_function resize_function environment variables CACHE_CONTROL"]],
  renditions: [
    { ...base.renditions, card: { width: 9, height: 9, fit: "cover", format: "webp" } },
    ["aws_lambda_function resize_function environment variables RENDITIONS"],
  ],
  backfill: [
    BACKFILL,
    [
      "aws_iam_role_policy resize_access_policy policy",
      "aws_lambda_function resize_function environment variables READS_RENDITIONS",
      ...[...valuesOf({ ...base, backfill: BACKFILL }).keys()].filter((path) => / backfill_/.test(path)),
    ],
  ],
  delivery: [
    {},
    [
      ...[...valuesOf({ ...base, delivery: {} }).keys()].filter((path) => /^aws_\w+ delivery_/.test(path)),
      "aws_s3_bucket_policy resized_policy policy",
      "output delivery_url value",
    ],
  ],
  alarms: [
    ALARMS,
    [...valuesOf({ ...base, alarms: ALARMS }).keys()].filter((path) => /^aws_(cloudwatch|sns)_\w+ alarms_/.test(path)),
  ],
  tags: [{ project: "other" }, ["provider aws 0 default_tags 0 tags project"]],
};

describe("two environments", () => {
  it.each(Object.entries(DECISIONS))(
    "differ by %s where it is written here and nowhere else",
    (field, [value, paths]) => {
      expect(decidedBy({ [field]: value })).toEqual([...paths].sort());
    },
  );
});
