import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { Environment } from "../../environments/environment";
import { anAccount } from "../support/a-bootstrap";
import { anEnvironment } from "../support/an-environment";
import { type IamQuestion, isAllowed } from "../support/is-allowed";
import { bootstrapStack, only, synthesized, type Terraform, terraformOf, withApp } from "../support/synthesized";

const second = anEnvironment({
  name: "second",
  originalBucket: "second-original",
  resizedBucketName: "second-resized",
});

const bootstrap = (...environments: readonly Environment[]): Terraform =>
  withApp((app) => terraformOf(bootstrapStack(app, environments)));

const statementsOf = (policy: unknown): readonly PolicyStatement[] => JSON.parse(String(policy)).Statement;

/** All statements of the role of a name: its own, and those of the policies attached to it. */
function roleStatements({ resource }: Terraform, roleName: string): readonly PolicyStatement[] {
  const [address] = Object.entries(resource.aws_iam_role ?? {}).find(([, { name }]) => name === roleName) ?? [];
  const own = Object.values(resource.aws_iam_role_policy ?? {}).filter(
    ({ role }) => role === `\${aws_iam_role.${address}.id}`,
  );
  const attached = Object.values(resource.aws_iam_role_policy_attachment ?? {})
    .filter(({ role }) => role === `\${aws_iam_role.${address}.name}`)
    .map(({ policy_arn }) => resource.aws_iam_policy?.[String(policy_arn).split(".")[1] ?? ""]);
  return [...own, ...attached].flatMap((policy) => statementsOf(policy?.policy));
}

const question = (action: string, resource: string, context: IamQuestion["context"] = {}) => ({
  action,
  resource,
  context,
});

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const VIA_S3 = { "kms:ViaService": "s3.eu-west-1.amazonaws.com" };
const THERE = { name: "there", existing: true } as const;

const notFoundPageOf = ({ resizedBucketName }: Environment) => `arn:aws:s3:::${resizedBucketName}/404.txt`;

const ROLE_ARN = "arn:aws:iam::123456789012:role/ImageResizeFunction-test";
const BOUNDARY_ARN = "arn:aws:iam::123456789012:policy/ImagePipelineBoundary-test";

describe("BootstrapStack", () => {
  it("keeps the project's policies, as cdktf synth checks them", () => {
    const synth = () =>
      withApp((app) => {
        bootstrapStack(app, [anEnvironment(), second]);
        app.synth();
      });
    expect(synth).not.toThrow();
  });

  it("may only be deployed to its own account", () => {
    expect(bootstrap().provider.aws).toMatchObject([{ allowed_account_ids: ["123456789012"] }]);
  });

  it("protects the state from being destroyed and keeps its older versions", () => {
    const terraform = bootstrap();
    expect(only(terraform, "aws_s3_bucket")).toMatchObject({
      bucket: "test-state",
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(only(terraform, "aws_s3_bucket_versioning")).toMatchObject({
      versioning_configuration: { status: "Enabled" },
    });
  });

  it("keeps its own state where the account says", () => {
    const state = { bucket: "test-state", key: "bootstrap", region: "eu-west-1" } as const;
    const terraform = withApp((app) => terraformOf(bootstrapStack(app, [], anAccount({ state }))));
    expect(terraform.terraform.backend).toMatchObject({ s3: state });
  });

  it("gives each environment a deploy role, taken in its GitHub environment, by one workflow of one branch only", () => {
    const subjects = Object.fromEntries(
      Object.values(bootstrap(anEnvironment(), second).resource.aws_iam_role ?? {}).map((role) => [
        role.name,
        JSON.parse(String(role.assume_role_policy)).Statement[0].Condition.StringEquals,
      ]),
    );
    const audience = { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" };
    const subject = "token.actions.githubusercontent.com:sub";
    const workflow = {
      "token.actions.githubusercontent.com:ref": "refs/heads/main",
      "token.actions.githubusercontent.com:job_workflow_ref":
        "owner/name/.github/workflows/deploy-environment.yml@refs/heads/main",
    };
    expect(subjects).toEqual({
      ImagePipelinePlan: {
        ...audience,
        [subject]: ["repo:owner@1/name@2:pull_request", "repo:owner@1/name@2:ref:refs/heads/main"],
      },
      "ImagePipelineDeploy-test": { ...audience, [subject]: ["repo:owner@1/name@2:environment:test"], ...workflow },
      "ImagePipelineDeploy-second": { ...audience, [subject]: ["repo:owner@1/name@2:environment:second"], ...workflow },
    });
  });

  it("makes the key of an environment's alarms, for CloudWatch of this account, where they ask for one", () => {
    const alarms = { emails: ["one@example.com"], encrypted: true, refusedPercent: 9 };
    const terraform = bootstrap(anEnvironment({ alarms }));
    expect(only(terraform, "aws_kms_alias")).toMatchObject({ name: "alias/ImagePipelineAlarms-test" });
    const statements = statementsOf(only(terraform, "aws_kms_key").policy);
    expect(statements).toContainEqual(
      expect.objectContaining({
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      }),
    );
    const without = bootstrap(anEnvironment({ alarms: { ...alarms, encrypted: false } }));
    expect(without.resource.aws_kms_key).toBeUndefined();
  });

  it("attaches one policy of each environment to the plan role, whatever is on there, for IAM attaches 10", () => {
    const full = { delivery: {}, deleteRenditions: true, backfill: { maxConcurrency: 5 } };
    const terraform = bootstrap(anEnvironment(full), { ...second, ...full });
    const attachments = Object.values(terraform.resource.aws_iam_role_policy_attachment ?? {});
    const attached = attachments.map(({ role }) => String(role).split(".")[1] ?? "");

    expect(attached.filter((role) => role.startsWith("plan_"))).toHaveLength(2);
    expect(roleStatements(terraform, "ImagePipelinePlan").filter(({ Sid }) => Sid === "ReadNotFoundPage")).toEqual([
      expect.objectContaining({ Resource: [anEnvironment(), second].map(notFoundPageOf) }),
    ]);
  });

  it("says where the state is and which roles to take", () => {
    expect(Object.keys(bootstrap(anEnvironment(), second).output).sort()).toEqual([
      "deploy_role_arn_second",
      "deploy_role_arn_test",
      "plan_role_arn",
      "state_bucket_name",
    ]);
  });

  it.each([
    ["aws_iam_role_policy", 10_240],
    ["aws_iam_policy", 6_144],
  ])("keeps every %s within the %d characters of IAM", (type, quota) => {
    // Long names, a state and four environments, so that there is room left for real ones.
    const environments = ["a", "b", "c", "d"].map((letter) =>
      anEnvironment({
        name: letter.repeat(16),
        originalBucket: `original-${letter.repeat(54)}`,
        resizedBucketName: `resized-${letter.repeat(55)}`,
        encryption: { kmsKeyArn: KEY.replace("eu-west-1", "ap-northeast-1") },
        deletionProtection: false,
        delivery: {},
        state: { bucket: "s".repeat(63), key: `${letter.repeat(40)}.tfstate`, region: "ap-northeast-1" },
        region: "ap-northeast-1",
        backfill: { maxConcurrency: 5 },
        deleteRenditions: true,
      }),
    );
    for (const { policy } of Object.values(bootstrap(...environments).resource[type] ?? {})) {
      expect(String(policy).length).toBeLessThan(quota);
    }
  });
});

describe("what follows deletions", () => {
  const RULE = "arn:aws:events:eu-west-1:123456789012:rule/ImageDeleted-test";
  const roles = (fields: Partial<Environment>) => {
    const built = bootstrap(anEnvironment(fields));
    return [roleStatements(built, "ImagePipelineDeploy-test"), roleStatements(built, "ImagePipelinePlan")] as const;
  };

  it.each([
    ["events:PutRule", RULE],
    ["sqs:CreateQueue", "arn:aws:sqs:eu-west-1:123456789012:ImageDeletedDeadLetters-test"],
    ["iam:DeleteRole", "arn:aws:iam::123456789012:role/ImageDeleted-test"],
  ])("may be deployed where an environment has it, and nowhere else: %s", (action, resource) => {
    expect(isAllowed(roles({ deleteRenditions: true })[0], question(action, resource))).toBe(true);
    expect(isAllowed(roles({})[0], question(action, resource))).toBe(false);
  });

  it("may be planned where an environment has it, and nowhere else", () => {
    expect(isAllowed(roles({ deleteRenditions: true })[1], question("events:DescribeRule", RULE))).toBe(true);
    expect(isAllowed(roles({})[1], question("events:DescribeRule", RULE))).toBe(false);
  });
});

describe("the policy of an environment's callers", () => {
  const policy = only(bootstrap(anEnvironment()), "aws_iam_policy", ({ name }) => name === "ImagePipelineInvoke-test");
  const call = (path: string) =>
    question("execute-api:Invoke", `arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/${path}`);

  it.each([
    ["test/POST/process", true],
    ["$default/POST/resized", true],
    ["test/PUT/executions/one", true],
    ["test/GET/executions/one", true],
    ["second/POST/process", false],
    ["test/POST/other", false],
    ["test/DELETE/process", false],
  ])("may they call %s? %s", (path, expected) => {
    expect(isAllowed(statementsOf(policy.policy), call(path))).toBe(expected);
  });

  it("is the deploy role's as well, for its smoke test", () => {
    const role = roleStatements(bootstrap(anEnvironment()), "ImagePipelineDeploy-test");

    expect(isAllowed(role, call("test/POST/process"))).toBe(true);
  });
});

describe("the boundary of an environment's roles", () => {
  it.each<Partial<Environment>>([
    {},
    { backfill: { maxConcurrency: 5 } },
    { deleteRenditions: true },
    { encryption: { kmsKeyArn: KEY } },
    { originalBucket: { ...THERE, kmsKeyArn: KEY } },
  ])(
    "allows everything that a role needs in an environment with %j: extend it, and deploy it, before the pipeline asks for more",
    (fields) => {
      const boundary = statementsOf(
        only(bootstrap(anEnvironment(fields)), "aws_iam_policy", ({ name }) => name === "ImagePipelineBoundary-test")
          .policy,
      );
      const terraform = synthesized(fields);
      const arns: Readonly<Record<string, string>> = {
        aws_s3_bucket: "arn:aws:s3:::",
        aws_lambda_function: "arn:aws:lambda:eu-west-1:123456789012:function:",
        aws_sfn_state_machine: "arn:aws:states:eu-west-1:123456789012:stateMachine:",
        aws_cloudwatch_log_group: "arn:aws:logs:eu-west-1:123456789012:log-group:",
      };
      const resolved = (text: string) =>
        text.replace(/\$\{(data\.)?(\w+)\.([\w-]+)\.arn\}/g, (_, isData, type: string, name: string) => {
          const found = (isData ? terraform.data : terraform.resource)?.[type]?.[name];
          const { bucket, function_name, name: own } = found ?? {};
          return `${arns[type]}${bucket ?? function_name ?? own}`;
        });
      const needed = Object.values(terraform.resource.aws_iam_role_policy ?? {})
        .flatMap(({ policy }) => statementsOf(resolved(String(policy))))
        .flatMap(({ Action, Resource }) => [Action].flat().map((action) => question(action, String(Resource), VIA_S3)));
      expect(needed.length).toBeGreaterThan(15);
      expect(needed.filter((each) => !isAllowed(boundary, each))).toEqual([]);
    },
  );

  it("is on every role of the pipeline when the environment asks for it", () => {
    const boundaries = (permissionsBoundary: boolean) =>
      Object.values(synthesized({ permissionsBoundary }).resource.aws_iam_role ?? {}).map(
        ({ permissions_boundary }) => permissions_boundary,
      );
    expect(boundaries(true)).toEqual(Array(5).fill(BOUNDARY_ARN));
    expect(boundaries(false)).toEqual(Array(5).fill(undefined));
  });
});

describe("the deploy role", () => {
  const statements = roleStatements(
    bootstrap(anEnvironment({ deletionProtection: false })),
    "ImagePipelineDeploy-test",
  );
  const may = (...asked: Parameters<typeof question>) => isAllowed(statements, question(...asked));

  it.each(["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"])(
    "may %s with the boundary and not with another one or none",
    (action) => {
      expect(may(action, ROLE_ARN, { "iam:PermissionsBoundary": BOUNDARY_ARN })).toBe(true);
      expect(may(action, ROLE_ARN, { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" })).toBe(
        false,
      );
      expect(may(action, ROLE_ARN)).toBe(false);
    },
  );

  it.each([
    ["take a boundary off", "iam:DeleteRolePermissionsBoundary", ROLE_ARN],
    ["attach a managed policy", "iam:AttachRolePolicy", ROLE_ARN],
    ["change the boundary", "iam:CreatePolicyVersion", BOUNDARY_ARN],
    ["make a role of another name", "iam:CreateRole", "arn:aws:iam::123456789012:role/Admin"],
    ["change itself", "iam:PutRolePolicy", "arn:aws:iam::123456789012:role/ImagePipelineDeploy-test"],
    ["change the plan role", "iam:UpdateAssumeRolePolicy", "arn:aws:iam::123456789012:role/ImagePipelinePlan"],
    ["make a user", "iam:CreateUser", "arn:aws:iam::123456789012:user/me"],
    ["read a user's picture", "s3:GetObject", "arn:aws:s3:::test-original/cat.jpg"],
    ["delete the state", "s3:DeleteObject", "arn:aws:s3:::test-state/test.tfstate"],
    ["change another function", "lambda:UpdateFunctionCode", "arn:aws:lambda:eu-west-1:123456789012:function:Other"],
  ])("may not %s", (_what, action, resource) => {
    expect(may(action, resource, { "iam:PermissionsBoundary": BOUNDARY_ARN })).toBe(false);
  });

  it("hands the pipeline's roles to the services that take them and to no other", () => {
    expect(may("iam:PassRole", ROLE_ARN, { "iam:PassedToService": "lambda.amazonaws.com" })).toBe(true);
    expect(may("iam:PassRole", ROLE_ARN, { "iam:PassedToService": "ec2.amazonaws.com" })).toBe(false);
  });

  it("may use pictures of the smoke test and follow executions", () => {
    expect(may("s3:PutObject", "arn:aws:s3:::test-original/smoke-test/1/a.jpeg")).toBe(true);
    expect(may("s3:GetObject", "arn:aws:s3:::test-resized/smoke-test/1/thumb-a.jpeg")).toBe(true);
    const execution = "arn:aws:states:eu-west-1:123456789012:execution:ImageProcessingStateMachine-test:1";
    expect(may("states:DescribeExecution", execution)).toBe(true);
  });

  it("may use the key of the buckets for pictures of the smoke test, by S3 alone", () => {
    const role = roleStatements(
      bootstrap(anEnvironment({ encryption: { kmsKeyArn: KEY } })),
      "ImagePipelineDeploy-test",
    );
    for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
      expect(isAllowed(role, question(action, KEY, VIA_S3))).toBe(true);
      expect(isAllowed(role, question(action, KEY))).toBe(false);
      expect(may(action, KEY, VIA_S3)).toBe(false);
    }
  });

  it("may do nothing to a bucket that is there already but find it, not even for the smoke test", () => {
    const environment = anEnvironment({
      originalBucket: { ...THERE, kmsKeyArn: KEY },
      deletionProtection: false,
    });
    const role = roleStatements(bootstrap(environment), "ImagePipelineDeploy-test");
    const asked = statements.flatMap(({ Action }) => [Action].flat()).filter((action) => /^(s3|kms):/.test(action));
    const allowed = [...new Set([...asked, "kms:Decrypt", "kms:GenerateDataKey"])].filter((action) =>
      ["arn:aws:s3:::there", "arn:aws:s3:::there/smoke-test/1/a.jpeg", KEY].some((resource) =>
        isAllowed(role, question(action, resource, VIA_S3)),
      ),
    );
    expect(asked.length).toBeGreaterThan(30);
    expect(allowed).toEqual(["s3:ListBucket"]);
    expect(isAllowed(role, question("s3:PutObject", "arn:aws:s3:::test-resized/smoke-test/1/a.jpeg"))).toBe(true);
  });

  it.each([
    [false, true],
    [true, false],
  ])("with deletion protection %s: may it delete a bucket and its pictures? %s", (deletionProtection, expected) => {
    const role = roleStatements(bootstrap(anEnvironment({ deletionProtection })), "ImagePipelineDeploy-test");
    expect([
      isAllowed(role, question("s3:DeleteBucket", "arn:aws:s3:::test-original")),
      isAllowed(role, question("s3:DeleteObject", "arn:aws:s3:::test-original/cat.jpg")),
      isAllowed(role, question("s3:DeleteObjectVersion", "arn:aws:s3:::test-resized/thumb-cat.jpg")),
    ]).toEqual([expected, expected, expected]);
  });

  it("may make a backfill's machine and bucket only where there is one, and take the bucket away whatever is protected", () => {
    const asked = [
      question(
        "states:CreateStateMachine",
        "arn:aws:states:eu-west-1:123456789012:stateMachine:ImageBackfillStateMachine-test",
      ),
      question("iam:PassRole", "arn:aws:iam::123456789012:role/ImageBackfillStateMachine-test", {
        "iam:PassedToService": "states.amazonaws.com",
      }),
      question("s3:CreateBucket", "arn:aws:s3:::image-pipeline-backfill-test-123456789012"),
      question("s3:DeleteBucket", "arn:aws:s3:::image-pipeline-backfill-test-123456789012"),
      question(
        "s3:DeleteObjectVersion",
        "arn:aws:s3:::image-pipeline-backfill-test-123456789012/results/1/manifest.json",
      ),
      question(
        "logs:CreateLogGroup",
        "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/states/ImageBackfillStateMachine-test",
      ),
    ];
    const answers = (fields: Partial<Environment>) => {
      const role = roleStatements(bootstrap(anEnvironment(fields)), "ImagePipelineDeploy-test");
      return asked.map((each) => isAllowed(role, each));
    };
    expect(answers({ deletionProtection: true })).toEqual(asked.map(() => false));
    expect(answers({ deletionProtection: true, backfill: { maxConcurrency: 5 } })).toEqual(asked.map(() => true));
  });

  it("locks and writes the state of its own environment and no other one", () => {
    const inBucket = (environment: Environment): Environment => ({
      ...environment,
      state: { bucket: "states", key: `${environment.name}.tfstate`, region: "eu-west-1" },
    });
    const role = roleStatements(bootstrap(inBucket(anEnvironment()), inBucket(second)), "ImagePipelineDeploy-test");
    const mayRole = (action: string, key: string) => isAllowed(role, question(action, `arn:aws:s3:::states/${key}`));
    expect(mayRole("s3:PutObject", "test.tfstate")).toBe(true);
    expect(mayRole("s3:PutObject", "test.tfstate.tflock")).toBe(true);
    expect(mayRole("s3:DeleteObject", "test.tfstate.tflock")).toBe(true);
    expect(mayRole("s3:DeleteObject", "test.tfstate")).toBe(false);
    expect(mayRole("s3:GetObject", "second.tfstate")).toBe(false);
    expect(mayRole("s3:PutObject", "second.tfstate")).toBe(false);
  });
});

describe("the delivery of an environment", () => {
  const rolesOf = (delivery: Environment["delivery"]) => {
    const terraform = bootstrap(anEnvironment({ delivery, deletionProtection: true }));
    return {
      deploy: roleStatements(terraform, "ImagePipelineDeploy-test"),
      plan: roleStatements(terraform, "ImagePipelinePlan"),
    };
  };
  const { deploy, plan } = rolesOf({});
  const cloudfront = (resource: string) => `arn:aws:cloudfront::123456789012:${resource}`;
  const page = "arn:aws:s3:::test-resized/404.txt";

  it("gives nobody any permission where there is none", () => {
    const { deploy: without, plan: planWithout } = rolesOf("none");
    const of = (statements: readonly PolicyStatement[]) => statements.flatMap(({ Action }) => [Action].flat());
    expect([...of(without), ...of(planWithout)].filter((action) => action.startsWith("cloudfront:"))).toEqual([]);
    expect(isAllowed(without, question("s3:PutObject", page))).toBe(false);
  });

  it.each([
    ["cloudfront:CreateDistribution", cloudfront("distribution/E1")],
    ["cloudfront:DeleteDistribution", cloudfront("distribution/E1")],
    ["cloudfront:UpdateOriginAccessControl", cloudfront("origin-access-control/E2")],
    ["cloudfront:UpdateResponseHeadersPolicy", cloudfront("response-headers-policy/1-2")],
    ["s3:PutObject", page],
    ["s3:DeleteObjectVersion", page],
  ])("lets the deploy role %s, and the plan role not", (action, resource) => {
    expect(isAllowed(deploy, question(action, resource))).toBe(true);
    expect(isAllowed(plan, question(action, resource))).toBe(false);
  });

  it.each([
    ["cloudfront:GetDistribution", cloudfront("distribution/E1")],
    ["cloudfront:ListTagsForResource", cloudfront("distribution/E1")],
    ["cloudfront:GetOriginAccessControl", cloudfront("origin-access-control/E2")],
    ["cloudfront:GetResponseHeadersPolicy", cloudfront("response-headers-policy/1-2")],
    ["s3:GetObject", page],
  ])("lets both %s", (action, resource) => {
    expect(isAllowed(deploy, question(action, resource))).toBe(true);
    expect(isAllowed(plan, question(action, resource))).toBe(true);
  });

  it.each([
    ["another account's distribution", "cloudfront:UpdateDistribution", "arn:aws:cloudfront::9:distribution/E1"],
    ["a function at the edge", "cloudfront:CreateFunction", cloudfront("function/f")],
    ["keys for signed addresses", "cloudfront:CreatePublicKey", cloudfront("public-key/k")],
    ["a picture beside the page", "s3:PutObject", "arn:aws:s3:::test-resized/thumb-cat.jpg"],
    ["a picture of that name in a folder", "s3:PutObject", "arn:aws:s3:::test-resized/a/404.txt"],
  ])("does not let the deploy role touch %s", (_what, action, resource) => {
    expect(isAllowed(deploy, question(action, resource))).toBe(false);
  });

  it.each<[string, Environment["originalBucket"], Environment["encryption"], boolean]>([
    ["where the key is the environment's", "test-original", { kmsKeyArn: KEY }, true],
    ["where the originals are another's", THERE, { kmsKeyArn: KEY }, true],
    ["not where only the originals are under it", { ...THERE, kmsKeyArn: KEY }, "sse-s3", false],
  ])("lets it write the page under a key %s", (_, originalBucket, encryption, expected) => {
    const keyed = bootstrap(anEnvironment({ originalBucket, encryption, delivery: {} }));
    const roles = ["ImagePipelineDeploy-test", "ImagePipelinePlan"].map((name) => roleStatements(keyed, name));
    const may = (context?: Readonly<Record<string, string>>) =>
      roles.map((role) => isAllowed(role, question("kms:GenerateDataKey", KEY, context)));
    expect(may(VIA_S3)).toEqual([expected, false]);
    expect(may()).toEqual([false, false]);
  });

  it("lets it look for versions of the page and of nothing else", () => {
    const versions = (prefix: string) =>
      isAllowed(deploy, question("s3:ListBucketVersions", "arn:aws:s3:::test-resized", { "s3:prefix": prefix }));
    expect(versions("404.txt")).toBe(true);
    expect(versions("")).toBe(false);
  });
});

describe("the plan role", () => {
  const state = { bucket: "states", key: "test.tfstate", region: "eu-west-1" } as const;
  const statements = roleStatements(bootstrap(anEnvironment({ state }), second), "ImagePipelinePlan");

  it("may do nothing but read", () => {
    const actions = statements.flatMap(({ Action }) => [Action].flat());
    expect(actions.length).toBeGreaterThan(40);
    expect(actions.filter((action) => !/:(Describe|Get|GET$|List|Validate)/.test(action))).toEqual([]);
  });

  it("reads the state and no picture", () => {
    expect(isAllowed(statements, question("s3:GetObject", "arn:aws:s3:::states/test.tfstate"))).toBe(true);
    expect(isAllowed(statements, question("s3:GetObject", "arn:aws:s3:::test-original/cat.jpg"))).toBe(false);
    expect(isAllowed(statements, question("s3:GetObject", "arn:aws:s3:::test-resized/cat.jpg"))).toBe(false);
  });

  it("reads every environment of the account", () => {
    for (const bucket of ["test-original", "second-resized"]) {
      expect(isAllowed(statements, question("s3:GetBucketPolicy", `arn:aws:s3:::${bucket}`))).toBe(true);
    }
  });
});
