import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json, JsonObject } from "../json";
import { readStack } from "../stack/load-stack";

const ENDPOINTS = { apiUrl: "http://127.0.0.1:3000", awsUrl: "http://127.0.0.1:4566" };
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

const aStack = (resource: JsonObject, more: JsonObject = {}): JsonObject => ({
  "//": { metadata: { stackName: "a-stack" } },
  provider: { aws: [{ region: "eu-central-1", allowed_account_ids: ["111111111111"] }] },
  resource,
  ...more,
});
const read = (resource: JsonObject, more: JsonObject = {}) => readStack(aStack(resource, more), "/stack", ENDPOINTS);
const aBucketPolicy = (bucket: string, statement: JsonObject) => ({
  bucket,
  policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
});
const PUBLIC = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" };
const OPEN = { bucket: "b", block_public_policy: false, restrict_public_buckets: false };
const aBucket = (statement: JsonObject, more: JsonObject = {}) => ({
  aws_s3_bucket: { b: { bucket: "b" } },
  aws_s3_bucket_policy: { p: aBucketPolicy("b", statement) },
  ...more,
});
const aFunction = (more: Record<string, Json> = {}) => ({
  aws_iam_role: { r: { name: "role", assume_role_policy: TRUST } },
  aws_lambda_function: {
    f: {
      function_name: "fn",
      role: "${aws_iam_role.r.arn}",
      runtime: "nodejs24.x",
      handler: "index.handler",
      filename: "assets/fn.zip",
      ...more,
    },
  },
});

const ASKS_FOR_LAYER = { layers: ["${aws_lambda_layer_version.l.arn}"] };
const aLayer = (more: Record<string, Json> = {}) => ({
  aws_lambda_layer_version: { l: { layer_name: "layer", filename: "assets/layer.zip", ...more } },
});

const AN_API = { aws_apigatewayv2_api: { a: { name: "api", protocol_type: "HTTP" } } };
const aCors = (cors_configuration: JsonObject) => ({
  aws_apigatewayv2_api: { a: { name: "api", protocol_type: "HTTP", cors_configuration } },
});

describe("readStack", () => {
  it("resolves references to arguments and to what AWS computes", () => {
    const stack = read({
      aws_s3_bucket: { b: { bucket: "pictures" } },
      aws_s3_bucket_policy: {
        p: {
          bucket: "${aws_s3_bucket.b.id}",
          policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "${aws_s3_bucket.b.arn}/*" }],
          }),
        },
      },
    });

    expect(stack.buckets[0]?.policy?.statements[0]?.resources?.values).toEqual(["arn:aws:s3:::pictures/*"]);
  });

  it("finds the zips beside the stack", () => {
    expect(read(aFunction()).functions[0]?.zipPath).toBe("/stack/assets/fn.zip");
  });

  it("gives a function the timeout and memory that Lambda gives one that names neither", () => {
    expect(read(aFunction()).functions[0]).toMatchObject({ timeoutSeconds: 3, memoryMb: 128 });
  });

  it.each<[string, JsonObject]>([
    [
      "its own architecture",
      {
        ...aFunction({ ...ASKS_FOR_LAYER, architectures: ["arm64"] }),
        ...aLayer({ compatible_architectures: ["arm64"] }),
      },
    ],
    [
      "both architectures",
      { ...aFunction(ASKS_FOR_LAYER), ...aLayer({ compatible_architectures: ["arm64", "x86_64"] }) },
    ],
    ["no architecture", { ...aFunction(ASKS_FOR_LAYER), ...aLayer() }],
  ])("gives a function the layer that names %s", (_what, resource) => {
    expect(read(resource).functions[0]?.layers).toMatchObject([{ zipPath: "/stack/assets/layer.zip" }]);
  });

  it("takes a reservation of -1 for none, as Terraform writes it", () => {
    expect(read(aFunction({ reserved_concurrent_executions: -1 })).functions[0]).not.toHaveProperty(
      "reservedConcurrency",
    );
  });

  it.each<[string, JsonObject]>([
    ["public in a bucket that is open", aBucket(PUBLIC, { aws_s3_bucket_public_access_block: { o: OPEN } })],
    [
      "for everyone of one account",
      aBucket({ ...PUBLIC, Condition: { StringEquals: { "aws:PrincipalAccount": "1" } } }),
    ],
    ["that denies everyone", aBucket({ ...PUBLIC, Effect: "Deny" })],
  ])("takes a bucket policy %s", (_what, resource) => {
    expect(read(resource).buckets[0]?.policy?.statements).toHaveLength(1);
  });

  it("resolves outputs, the address of this machine among them", () => {
    const { outputs } = read(AN_API, {
      output: { api_url: { value: "${aws_apigatewayv2_api.a.api_endpoint}" }, plain: { value: "text" } },
    });

    expect(outputs).toEqual({ api_url: "http://127.0.0.1:3000", plain: "text" });
  });

  it("keeps the escape of a literal ${", () => {
    expect(read({}, { output: { text: { value: "$${name}" } } }).outputs).toEqual({ text: "${name}" });
  });

  it("takes a bucket that is only looked up to be there, with versions and events", () => {
    const { buckets, outputs } = read(
      {},
      {
        data: { aws_s3_bucket: { d: { bucket: "old" } } },
        output: { arn: { value: "${data.aws_s3_bucket.d.arn}" }, name: { value: "${data.aws_s3_bucket.d.bucket}" } },
      },
    );

    expect(buckets).toMatchObject([
      { address: "data.aws_s3_bucket.d", name: "old", versioning: "Enabled", sendsEvents: true },
    ]);
    expect(outputs).toEqual({ arn: "arn:aws:s3:::old", name: "old" });
  });

  it("refuses to look up a bucket that the stack makes", () => {
    const twins = () =>
      read({ aws_s3_bucket: { b: { bucket: "b" } } }, { data: { aws_s3_bucket: { d: { bucket: "b" } } } });
    expect(twins).toThrow("data.aws_s3_bucket.d: would be arn:aws:s3:::b, as aws_s3_bucket.b is");
  });

  it("reads how a bucket encrypts", () => {
    const kms = { sse_algorithm: "aws:kms", kms_master_key_id: "arn:aws:kms:eu-central-1:111111111111:key/k" };
    const { buckets } = read({
      aws_s3_bucket: { a: { bucket: "a" }, b: { bucket: "b" } },
      aws_s3_bucket_server_side_encryption_configuration: {
        e: { bucket: "b", rule: [{ apply_server_side_encryption_by_default: kms, bucket_key_enabled: true }] },
      },
    });

    expect(buckets.map(({ encryption }) => encryption)).toEqual([
      { algorithm: "AES256", bucketKey: false },
      { algorithm: "aws:kms", keyArn: kms.kms_master_key_id, bucketKey: true },
    ]);
  });

  it("switches a disabled rule off", () => {
    const rule = { name: "r", state: "DISABLED", event_pattern: '{"source":["aws.s3"]}' };

    expect(read({ aws_cloudwatch_event_rule: { r: rule } }).rules).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    [
      "an unknown resource type",
      { aws_kinesis_stream: { s: { name: "s" } } },
      "aws_kinesis_stream.s: the local runner does not know this resource type",
    ],
    [
      "an unknown argument",
      { aws_s3_bucket: { b: { bucket: "b", acl: "public-read" } } },
      'aws_s3_bucket.b: the local runner does not understand the argument "acl"',
    ],
    [
      "a Terraform function",
      { aws_s3_bucket: { b: { bucket: '${jsonencode("b")}' } } },
      'aws_s3_bucket.b.bucket: expected a plain reference ${type.name.attribute} but received ${jsonencode("b")}',
    ],
    [
      "a reference to nothing",
      { aws_s3_bucket: { b: { bucket: "${aws_s3_bucket.other.id}" } } },
      "aws_s3_bucket.b.bucket: refers to aws_s3_bucket.other, which is not in the stack",
    ],
    [
      "an attribute nobody knows",
      { aws_s3_bucket: { b: { bucket: "b" }, c: { bucket: "${aws_s3_bucket.b.hosted_zone_id}" } } },
      'aws_s3_bucket.c.bucket: refers to aws_s3_bucket.b.hosted_zone_id, and the local runner does not know the attribute "hosted_zone_id"',
    ],
    [
      "references that go round",
      { aws_s3_bucket: { b: { bucket: "${aws_s3_bucket.c.bucket}" }, c: { bucket: "${aws_s3_bucket.b.bucket}" } } },
      "refers to itself through other resources",
    ],
    [
      "a template directive",
      { aws_s3_bucket: { b: { bucket: "%{ if true }b%{ endif }" } } },
      "aws_s3_bucket.b.bucket: the template directive %{ is not understood",
    ],
    [
      "a policy that is an expression",
      {
        aws_iam_role: { r: { name: "r", assume_role_policy: "jsonencode({})" } },
      },
      "aws_iam_role.r: expected assume_role_policy to be the text of a JSON object but received jsonencode({})",
    ],
    [
      "a wrong type",
      aFunction({ timeout: "ten" }),
      'aws_lambda_function.f: expected a number for timeout but received "ten"',
    ],
    [
      "a missing argument",
      { aws_s3_bucket: { b: {} } },
      "aws_s3_bucket.b: expected a string for bucket but received nothing",
    ],
    [
      "a role from elsewhere",
      aFunction({ role: "arn:aws:iam::111111111111:role/other" }),
      "aws_lambda_function.f: expected a role of the stack but received arn:aws:iam::111111111111:role/other",
    ],
    [
      "a layer from elsewhere",
      aFunction({ layers: ["arn:aws:lambda:eu-central-1:1:layer:x:1"] }),
      "aws_lambda_function.f: expected a layer of the stack but received arn:aws:lambda:eu-central-1:1:layer:x:1",
    ],
    [
      "an architecture Lambda does not have",
      aFunction({ architectures: ["riscv"] }),
      'aws_lambda_function.f: expected architectures ["arm64"] or ["x86_64"] but received ["riscv"]',
    ],
    [
      "a layer for another architecture",
      {
        ...aFunction({ ...ASKS_FOR_LAYER, architectures: ["x86_64"] }),
        ...aLayer({ compatible_architectures: ["arm64"] }),
      },
      "aws_lambda_function.f: runs on x86_64, and aws_lambda_layer_version.l is for arm64",
    ],
    [
      "a layer for arm64 of a function that names no architecture",
      { ...aFunction(ASKS_FOR_LAYER), ...aLayer({ compatible_architectures: ["arm64"] }) },
      "aws_lambda_function.f: runs on x86_64, and aws_lambda_layer_version.l is for arm64",
    ],
    [
      "a container image",
      aFunction({ package_type: "Image" }),
      "aws_lambda_function.f: expected package_type Zip but received Image",
    ],
    [
      "a notification to something else",
      { aws_s3_bucket_notification: { n: { bucket: "b" } } },
      "aws_s3_bucket_notification.n: expected eventbridge = true",
    ],
    [
      "a policy of a bucket that is not there",
      { aws_s3_bucket_policy: { p: aBucketPolicy("b", PUBLIC) } },
      'aws_s3_bucket_policy.p: belongs to "b", which is not in the stack',
    ],
    [
      "a second policy of a bucket",
      aBucket(PUBLIC, {
        aws_s3_bucket_policy: { p: aBucketPolicy("b", PUBLIC), q: aBucketPolicy("b", PUBLIC) },
      }),
      "aws_s3_bucket_policy.q: aws_s3_bucket_policy.p is a policy of the same resource: one replaces the other",
    ],
    [
      "a bucket policy about another bucket",
      aBucket({ ...PUBLIC, Resource: "arn:aws:s3:::bb/*" }),
      'aws_s3_bucket_policy.p statement 0: expected arn:aws:s3:::b, or what is below it, but received "arn:aws:s3:::bb/*"',
    ],
    [
      "a bucket policy about another service",
      aBucket({ ...PUBLIC, Action: ["s3:GetObject", "sqs:SendMessage"] }),
      'aws_s3_bucket_policy.p statement 0: expected actions of s3 but received "sqs:SendMessage"',
    ],
    [
      "a public policy, which AWS blocks unless told otherwise",
      aBucket(PUBLIC),
      "aws_s3_bucket_policy.p statement 0: allows everyone, and the public access of the bucket is blocked",
    ],
    [
      "a public policy that S3 would take and not apply",
      aBucket(PUBLIC, { aws_s3_bucket_public_access_block: { o: { ...OPEN, restrict_public_buckets: true } } }),
      "allows everyone, and the public access of the bucket is blocked",
    ],
    [
      "a policy that is public but for TLS",
      aBucket({ ...PUBLIC, Principal: { AWS: "*" }, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      "allows everyone, and the public access of the bucket is blocked",
    ],
    [
      "a policy that is public to whoever is himself",
      aBucket({ ...PUBLIC, Condition: { StringEquals: { "aws:PrincipalArn": "$${aws:PrincipalArn}" } } }),
      "allows everyone, and the public access of the bucket is blocked",
    ],
    [
      "a policy that is public from every address",
      aBucket({ ...PUBLIC, Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } }),
      "allows everyone, and the public access of the bucket is blocked",
    ],
    [
      "a policy that is public from half of all addresses",
      aBucket({ ...PUBLIC, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/7" } } }),
      "allows everyone, and the public access of the bucket is blocked",
    ],
    [
      "a policy that is public from half of all addresses of IPv6",
      aBucket({ ...PUBLIC, Condition: { IpAddress: { "aws:SourceIp": "2000::/31" } } }),
      "allows everyone, and the public access of the bucket is blocked",
    ],
    [
      "encryption with the key that KMS keeps for S3, which is not named",
      {
        aws_s3_bucket_server_side_encryption_configuration: {
          e: { bucket: "b", rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms" } }] },
        },
      },
      "aws_s3_bucket_server_side_encryption_configuration.e.rule.apply_server_side_encryption_by_default: expected a string for kms_master_key_id but received nothing",
    ],
    [
      "encryption with an alias, which no policy can name",
      {
        aws_s3_bucket_server_side_encryption_configuration: {
          e: {
            bucket: "b",
            rule: [
              {
                apply_server_side_encryption_by_default: {
                  sse_algorithm: "aws:kms",
                  kms_master_key_id: "arn:aws:kms:eu-central-1:111111111111:alias/a",
                },
              },
            ],
          },
        },
      },
      'expected the ARN of a key for kms_master_key_id but received "arn:aws:kms:',
    ],
    [
      "a queue with a key of KMS",
      { aws_sqs_queue: { q: { name: "q", kms_master_key_id: "alias/aws/sqs" } } },
      'aws_sqs_queue.q: the local runner does not understand the argument "kms_master_key_id"',
    ],
    [
      "a stage that serves a deployment made elsewhere",
      { ...AN_API, aws_apigatewayv2_stage: { s: { api_id: "${aws_apigatewayv2_api.a.id}", name: "dev" } } },
      "aws_apigatewayv2_stage.s: expected auto_deploy = true",
    ],
    [
      "credentials for every origin",
      aCors({ allow_origins: ["*"], allow_credentials: true }),
      'aws_apigatewayv2_api.a.cors_configuration: allow_credentials is not supported when allow_origins has "*"',
    ],
    ...["https://*.example.com", "localhost:3000", "https://www.example.com/"].map(
      (origin): [string, JsonObject, string] => [
        `the origin ${origin}`,
        aCors({ allow_origins: [origin] }),
        `expected an origin such as "https://www.example.com", "https://*", "http://*" or "*" but received "${origin}"`,
      ],
    ),
    [
      "preflights that are kept for more than a day",
      aCors({ max_age: 86_401 }),
      "aws_apigatewayv2_api.a.cors_configuration: expected a whole number from -1 to 86400 for max_age but received 86401",
    ],
    [
      "another integration",
      {
        ...AN_API,
        aws_apigatewayv2_integration: {
          i: { api_id: "${aws_apigatewayv2_api.a.id}", integration_type: "HTTP_PROXY" },
        },
      },
      "aws_apigatewayv2_integration.i: expected AWS_PROXY of a function or AWS_PROXY StepFunctions-StartExecution but received HTTP_PROXY",
    ],
    [
      "a policy of a role that is not there",
      {
        aws_iam_role_policy: {
          p: { name: "p", role: "nobody", policy: '{"Version":"2012-10-17","Statement":[]}' },
        },
      },
      'aws_iam_role_policy.p: belongs to the role "nobody", which is not in the stack',
    ],
  ])("refuses %s with its address", (_what, resource, message) => {
    expect(() => read(resource)).toThrow(message);
  });

  it("refuses a role whose boundary no stack beside it makes", () => {
    const stacks = mkdtempSync(join(tmpdir(), "stacks-"));
    const boundary = "arn:aws:iam::111111111111:policy/Boundary";
    const role = { name: "r", assume_role_policy: TRUST, permissions_boundary: boundary };
    mkdirSync(join(stacks, "a-stack"));
    const bounded = () => readStack(aStack({ aws_iam_role: { r: role } }), join(stacks, "a-stack"), ENDPOINTS);

    expect(bounded).toThrow(
      `aws_iam_role.r: expected the permissions boundary ${boundary} to be made by one of the stacks in ${stacks}, but none of them makes it`,
    );
    rmSync(stacks, { recursive: true });
  });

  it.each<[string, JsonObject, string]>([
    ["a variable", { variable: {} }, "variable: the local runner does not understand this kind of block"],
    [
      "a data source of another type",
      { data: { aws_caller_identity: { c: {} } } },
      "data.aws_caller_identity.c: the local runner does not know this resource type",
    ],
    [
      "an argument of a data source",
      { data: { aws_s3_bucket: { d: { bucket: "b", provider: "aws.other" } } } },
      'data.aws_s3_bucket.d: the local runner does not understand the argument "provider"',
    ],
    [
      "another provider",
      { provider: { google: [{}] } },
      "provider.google: the local runner knows only the AWS provider",
    ],
    [
      "a provider without an account",
      { provider: { aws: [{ region: "eu-central-1" }] } },
      "provider.aws: expected allowed_account_ids",
    ],
  ])("refuses %s", (_what, more, message) => {
    expect(() => read({}, more)).toThrow(message);
  });
});
