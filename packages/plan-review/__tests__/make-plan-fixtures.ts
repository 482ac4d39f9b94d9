/**
 * Makes the files in fixtures/plans with the real Terraform and the real AWS provider against Moto:
 *
 *   npx tsx packages/plan-review/__tests__/make-plan-fixtures.ts
 *
 * Needs `terraform` and `moto_server`. Where the registry is out of reach, OFFLINE_AWS_PROVIDER_VERSION names the provider
 * that TF_CLI_CONFIG_FILE offers. `<case>.plan.json.gz` is `terraform show -json` without the parts that the review does not
 * read (planned values, prior state) and `<case>.cdk.tf.json.gz` is the synthesized stack that it was made from.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { startAccount } from "../../../__tests__/deploy/support/aws-account";
import { writeOfflineOverride } from "../../../__tests__/deploy/support/offline-provider";
import { succeed } from "../../../__tests__/deploy/support/run";
import { anEnvironment } from "../../../__tests__/support/an-environment";
import { pipelineStack, type Terraform, terraformOf, withApp } from "../../../__tests__/support/synthesized";

const FIXTURES = join(__dirname, "fixtures/plans");
const STACK = "image-pipeline-dev";

type Attributes = Record<string, unknown>;
type Edit = (stack: Terraform & Attributes) => void;

const environment = anEnvironment({
  name: "dev",
  originalBucket: "image-pipeline-dev-original",
  resizedBucketName: "image-pipeline-dev-resized",
  deletionProtection: false,
  cors: { allowOrigins: ["https://example.com"], allowHeaders: ["content-type"], maxAgeSeconds: 300 },
});

function deployedStack(): Terraform & Attributes {
  const stack = withApp((app) => terraformOf(pipelineStack(app, environment, STACK)));
  const edited: Terraform & Attributes = {
    ...stack,
    terraform: { required_providers: stack.terraform.required_providers },
  };
  // Two attributes that Moto does not give back would show as a change in every plan.
  the(edited, "aws_lambda_function", "resize_function").lifecycle = { ignore_changes: ["logging_config"] };
  the(edited, "aws_s3_bucket_notification", "upload_notification").lifecycle = { ignore_changes: ["eventbridge"] };
  for (const file of [
    the(edited, "aws_lambda_function", "resize_function"),
    the(edited, "aws_lambda_layer_version", "resize_sharp"),
  ]) {
    file.filename = "assets/artifact.zip";
  }
  return edited;
}

/** The one resource of a type whose name starts as given; CDKTF puts a hash behind it. */
function the(stack: Terraform, type: string, start: string): Attributes {
  const found = Object.entries(stack.resource[type] ?? {}).filter(([name]) => name.startsWith(`${start}_`));
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Error(`expected one ${type}.${start} but found ${found.length}`);
  return first[1];
}

function editPolicy(
  stack: Terraform,
  type: string,
  start: string,
  edit: (statements: Attributes[]) => Attributes[],
): void {
  const resource = the(stack, type, start);
  const policy = JSON.parse(String(resource.policy));
  resource.policy = JSON.stringify({ ...policy, Statement: edit(policy.Statement) });
}

/** Each changed stack, as an edit of the deployed one. */
const changedStacks: Readonly<Record<string, Edit>> = {
  "no-change": () => {},
  "changed-policy": (stack) => {
    editPolicy(stack, "aws_iam_role_policy", "resize_access_policy", ([read = {}, write = {}, _logs, traces = {}]) => [
      { ...read, Action: ["s3:GetObject", "s3:GetObjectVersion"] },
      { ...write, Resource: String(write.Resource).replace("/*", "/small/*") },
      { Sid: "DeleteAnything", Effect: "Allow", Action: "s3:Delete*", Resource: "*" },
      traces,
    ]);
    editPolicy(stack, "aws_s3_bucket_policy", "original_policy", () => [
      {
        Sid: "Partner",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::210987654321:root" },
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::image-pipeline-dev-original/*",
      },
    ]);
  },
  "opened-up": (stack) => {
    the(stack, "aws_s3_bucket_public_access_block", "original_public-access").block_public_policy = false;
    the(stack, "aws_s3_bucket_versioning", "original_versioning").versioning_configuration = { status: "Suspended" };
    the(stack, "aws_s3_bucket_server_side_encryption_configuration", "resized_encryption").rule = [
      { apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms" } },
    ];
    the(stack, "aws_sqs_queue", "upload_dead-letters").sqs_managed_sse_enabled = false;
    the(stack, "aws_cloudwatch_log_group", "api_logs").retention_in_days = 1;
    the(stack, "aws_apigatewayv2_stage", "api_default-stage").default_route_settings = {
      throttling_rate_limit: 5000,
      throttling_burst_limit: 9000,
    };
  },
  "replaced-bucket": (stack) => {
    the(stack, "aws_s3_bucket", "original_bucket").bucket = "image-pipeline-dev-originals";
    the(stack, "aws_lambda_layer_version", "resize_sharp").source_code_hash = "YW5vdGhlciBzaGFycA==";
  },
  "destroyed-trigger": (stack) => {
    for (const [type, resources] of Object.entries(stack.resource)) {
      const kept = Object.entries(resources).filter(([name]) => !name.startsWith("upload_"));
      if (kept.length > 0) stack.resource[type] = Object.fromEntries(kept);
      else delete stack.resource[type];
    }
  },
  secret: (stack) => {
    stack.variable = { signing_key: { type: "string", sensitive: true } };
    stack.output.signing_key = { value: `\${var.signing_key}`, ...{ sensitive: true } };
    the(stack, "aws_lambda_function", "resize_function").environment = {
      variables: { SIGNING_KEY: `\${var.signing_key}` },
    };
    the(stack, "aws_cloudwatch_event_rule", "upload_rule").description = `signed with \${var.signing_key}`;
    editPolicy(stack, "aws_iam_role_policy", "api_access_policy", ([start = {}]) => [
      { ...start, Condition: { StringEquals: { "aws:PrincipalTag/key": `\${var.signing_key}` } } },
    ]);
  },
  "very-large": (stack) => {
    const numbers = Array.from({ length: 400 }, (_, index) => String(index).padStart(3, "0"));
    stack.resource.aws_iam_policy = Object.fromEntries(
      numbers.map((n) => {
        const Statement = ["Read", "Write", "Delete"].map((Sid) => ({
          Sid,
          Effect: "Allow",
          Action: `s3:${Sid}Object`,
          Resource: `arn:aws:s3:::tenant-${n}/*`,
        }));
        return [`tenant_${n}`, { name: `tenant-${n}`, policy: JSON.stringify({ Version: "2012-10-17", Statement }) }];
      }),
    );
    stack.resource.aws_ssm_parameter = Object.fromEntries(
      numbers.map((n) => [`tenant_${n}`, { name: `/tenants/${n}`, type: "String", value: `tenant ${n} `.repeat(40) }]),
    );
  },
};

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "plan-fixtures-"));
  const account = await startAccount(environment.accountId);
  try {
    mkdirSync(join(folder, "assets"));
    copyFileSync(join(__dirname, "../../../__tests__/fixtures/empty.zip"), join(folder, "assets/artifact.zip"));
    mkdirSync(FIXTURES, { recursive: true });
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: account.endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      TF_VAR_signing_key: "hunter2-is-no-secret",
      CHECKPOINT_DISABLE: "1",
    };
    const terraform = (...args: readonly string[]) => succeed("terraform", args, { cwd: folder, env });
    const write = (stack: object) => writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack, null, 2));
    const savePlan = async (name: string, stack: object, ...args: readonly string[]) => {
      write(stack);
      await terraform("plan", "-out=plan.tfplan", "-input=false", "-no-color", ...args);
      const shown = JSON.parse(await terraform("show", "-json", "plan.tfplan"));
      const { planned_values: _planned, prior_state: _prior, ...plan } = shown;
      writeFileSync(join(FIXTURES, `${name}.plan.json.gz`), gzipSync(JSON.stringify(plan), { level: 9 }));
      writeFileSync(join(FIXTURES, `${name}.cdk.tf.json.gz`), gzipSync(JSON.stringify(stack), { level: 9 }));
      console.info(name, plan.resource_changes?.length);
    };

    write(deployedStack());
    writeOfflineOverride(folder);
    await terraform("init", "-input=false", "-no-color");
    await savePlan("first-deploy", deployedStack());
    await terraform("apply", "-input=false", "-no-color", "plan.tfplan");
    for (const [name, edit] of Object.entries(changedStacks)) {
      const stack = deployedStack();
      edit(stack);
      await savePlan(name, stack);
    }
    await savePlan("destroyed", deployedStack(), "-destroy");
  } finally {
    await account.stop();
    rmSync(folder, { recursive: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
