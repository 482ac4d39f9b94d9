/**
 * Makes the files in fixtures/plans with the real Terraform and the real AWS provider against Moto:
 *
 *   npx tsx __tests__/scripts/make-plan-fixtures.ts
 *
 * Needs `terraform` and `moto_server`. Where the registry is out of reach, OFFLINE_AWS_PROVIDER_VERSION names the provider
 * that TF_CLI_CONFIG_FILE offers. `<case>.plan.json.gz` is `terraform show -json` without the parts that the review does not
 * read (planned values, prior state) and `<case>.cdk.tf.json.gz` is the synthesized stack that it was made from.
 */
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { anEnvironment } from "../support/an-environment";
import { pipelineStack, type Terraform, terraformOf, withApp } from "../support/synthesized";

const FIXTURES = join(__dirname, "fixtures/plans");
const STACK = "image-pipeline-dev";
const OFFLINE_PROVIDER = process.env.OFFLINE_AWS_PROVIDER_VERSION;

type Attributes = Record<string, unknown>;
type Edit = (stack: Terraform & Attributes) => void;

const environment = anEnvironment({
  name: "dev",
  originalBucketName: "image-pipeline-dev-original",
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

const byName: Record<string, Edit> = {
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

const MISSING_IN_MOTO: Readonly<Record<string, string>> = {
  ValidateStateMachineDefinition: '{"result":"OK","diagnostics":[]}',
  ListStateMachineVersions: '{"stateMachineVersions":[]}',
};

/** Answers the two actions that Moto lacks and passes everything else on. */
async function startAws(): Promise<{ url: string; close: () => void }> {
  const motoPort = await freePort();
  const moto = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(motoPort)], {
    stdio: "ignore",
    env: { ...process.env, MOTO_ACCOUNT_ID: environment.accountId },
  });
  const motoUrl = `http://127.0.0.1:${motoPort}`;
  while (!(await fetch(motoUrl).catch(() => undefined))) await new Promise((resolve) => setTimeout(resolve, 200));

  const proxy = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const target = String(request.headers["x-amz-target"]);
    const own = MISSING_IN_MOTO[target.split(".")[1] ?? ""];
    if (own !== undefined) {
      response.end(own);
      return;
    }
    const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
      ["connection", "transfer-encoding", "expect", "content-length"].includes(name) || value === undefined
        ? []
        : [[name, String(value)]],
    );
    const hasBody = !["GET", "HEAD"].includes(request.method ?? "");
    const answer = await fetch(`${motoUrl}${request.url}`, {
      method: request.method ?? "GET",
      headers,
      ...(hasBody && { body: Buffer.concat(chunks) }),
    });
    const framing = ["content-encoding", "transfer-encoding", "connection"];
    const answered = [...answer.headers].filter(([name]) => !framing.includes(name));
    response.writeHead(answer.status, Object.fromEntries(answered)).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      proxy.close();
      proxy.closeAllConnections();
      moto.kill();
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createTcpServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Runs a program to its end while the proxy above goes on answering. */
function run(folder: string, endpoint: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("terraform", args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: "x",
        AWS_SECRET_ACCESS_KEY: "x",
        TF_VAR_signing_key: "hunter2-is-no-secret",
        CHECKPOINT_DISABLE: "1",
      },
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.on("close", (code) => {
      const text = Buffer.concat(output).toString();
      if (code === 0) resolve(text);
      else reject(new Error(`terraform ${args.join(" ")} ended with ${code}\n${text}`));
    });
  });
}

async function main(): Promise<void> {
  for (const program of ["terraform", "moto_server"]) {
    if (spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0) throw new Error(`needs ${program}`);
  }
  const folder = mkdtempSync(join(tmpdir(), "plan-fixtures-"));
  const aws = await startAws();
  try {
    mkdirSync(join(folder, "assets"));
    copyFileSync(join(__dirname, "../fixtures/empty.zip"), join(folder, "assets/artifact.zip"));
    mkdirSync(FIXTURES, { recursive: true });
    const terraform = (...args: readonly string[]) => run(folder, aws.url, args);
    const write = (stack: object) => writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack, null, 2));
    const savePlan = async (name: string, stack: object, ...args: readonly string[]) => {
      write(stack);
      await terraform("plan", "-out=plan.tfplan", "-input=false", "-no-color", ...args);
      const {
        planned_values: _planned,
        prior_state: _prior,
        ...plan
      } = JSON.parse(await terraform("show", "-json", "plan.tfplan"));
      writeFileSync(join(FIXTURES, `${name}.plan.json.gz`), gzipSync(JSON.stringify(plan), { level: 9 }));
      writeFileSync(join(FIXTURES, `${name}.cdk.tf.json.gz`), gzipSync(JSON.stringify(stack), { level: 9 }));
      console.info(name, plan.resource_changes?.length);
    };

    write(deployedStack());
    if (OFFLINE_PROVIDER !== undefined) {
      const required_providers = { aws: { source: "aws", version: OFFLINE_PROVIDER } };
      const resource = {
        aws_lambda_function: rename("aws_lambda_function", { runtime: "nodejs22.x" }),
        aws_lambda_layer_version: rename("aws_lambda_layer_version", { compatible_runtimes: ["nodejs22.x"] }),
      };
      writeFileSync(
        join(folder, "offline_override.tf.json"),
        JSON.stringify({ terraform: { required_providers }, resource }),
      );
    }
    await terraform("init", "-input=false");
    await savePlan("first-deploy", deployedStack());
    await terraform("apply", "-input=false", "-no-color", "plan.tfplan");
    for (const [name, edit] of Object.entries(byName)) {
      const stack = deployedStack();
      edit(stack);
      await savePlan(name, stack);
    }
    await savePlan("destroyed", deployedStack(), "-destroy");
  } finally {
    aws.close();
    rmSync(folder, { recursive: true });
  }
}

const rename = (type: string, attributes: Attributes) =>
  Object.fromEntries(Object.keys(deployedStack().resource[type] ?? {}).map((name) => [name, attributes]));

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
