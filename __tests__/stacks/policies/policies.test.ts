import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import type { TerraformStack } from "cdktf";
import { anEnvironment } from "../../support/an-environment";
import { pipelineStack, withApp } from "../../support/synthesized";

/** Adds something to a pipeline and synthesizes it as `cdktf synth` would, policies and all. */
const synthWith = (add: (stack: TerraformStack) => void) => () =>
  withApp((app) => {
    const stack = pipelineStack(app, anEnvironment());
    add(stack);
    app.synth();
  });

const allow = (statement: Record<string, unknown>) => (stack: TerraformStack) => {
  new IamRolePolicy(stack, "extra", {
    role: "some-role",
    policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] }),
  });
};

const machine = (definition: unknown) => (stack: TerraformStack) => {
  new SfnStateMachine(stack, "extra", { roleArn: "arn", definition: JSON.stringify(definition) });
};

it("the pipeline itself keeps every policy", () => {
  expect(synthWith(() => {})).not.toThrow();
});

describe("leastPrivilege", () => {
  it.each([
    [
      "every action",
      { Action: "*", Resource: "arn:aws:s3:::x/*" },
      "aws_iam_role_policy.extra: expected the actions one by one but received *",
    ],
    [
      "every action of a service",
      { Action: ["s3:*"], Resource: "arn:aws:s3:::x/*" },
      "expected the actions one by one but received s3:*",
    ],
    [
      "actions by prefix",
      { Action: ["s3:Get*"], Resource: "arn:aws:s3:::x/*" },
      "expected the actions one by one but received s3:Get*",
    ],
    [
      "an action on every resource",
      { Action: "s3:GetObject", Resource: "*" },
      "expected s3:GetObject on named resources but received *",
    ],
    [
      "an unlisted action beside a listed one",
      { Action: ["xray:PutTraceSegments", "kms:Decrypt"], Resource: ["*"] },
      "expected kms:Decrypt on named resources but received *",
    ],
    [
      "all but some actions",
      { NotAction: "iam:PassRole", Resource: "arn:aws:s3:::x/*" },
      "expected what is allowed to be listed but received NotAction",
    ],
    [
      "all but some resources",
      { Action: "s3:GetObject", NotResource: "arn:aws:s3:::x/*" },
      "expected what is allowed to be listed but received NotResource",
    ],
  ])("refuses %s", (_what, statement, message) => {
    expect(synthWith(allow(statement))).toThrow(message);
  });

  it.each([
    "arn:aws:s3:::*",
    "arn:aws:lambda:eu-west-1:123456789012:*",
    "arn:aws:s3",
    "arn:aws:execute-api:eu-west-1:1:*/*",
  ])("refuses an ARN that names nothing: %s", (Resource) => {
    expect(synthWith(allow({ Action: "s3:GetObject", Resource }))).toThrow(
      `aws_iam_role_policy.extra: expected s3:GetObject on named resources but received ${Resource}`,
    );
  });

  it("refuses a policy that stands elsewhere", () => {
    const policyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    expect(synthWith((stack) => new IamRolePolicyAttachment(stack, "extra", { role: "r", policyArn }))).toThrow(
      `aws_iam_role_policy_attachment.extra: expected a policy of this stack but received ${policyArn}`,
    );
  });

  it.each([{ inlinePolicy: [{ name: "x", policy: "{}" }] }, { managedPolicyArns: ["arn:aws:iam::aws:policy/X"] }])(
    "refuses permissions inside of a role: %j",
    (config) => {
      const assumeRolePolicy = JSON.stringify({ Statement: [] });
      expect(synthWith((stack) => new IamRole(stack, "extra", { assumeRolePolicy, ...config }))).toThrow(
        "aws_iam_role.extra: expected an aws_iam_role_policy but received",
      );
    },
  );

  it("accepts a route of any API, whose id AWS chooses, and not every route", () => {
    const callTo = (Resource: string) => synthWith(allow({ Action: "execute-api:Invoke", Resource }));
    expect(callTo("arn:aws:execute-api:eu-west-1:123456789012:*/dev/POST/process")).not.toThrow();
    expect(callTo("*")).toThrow("expected execute-api:Invoke on named resources but received *");
  });

  it("accepts * for an action that has no resource level", () => {
    expect(synthWith(allow({ Action: "xray:PutTraceSegments", Resource: "*" }))).not.toThrow();
  });
});

describe("privateBuckets", () => {
  const blocked = {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  };

  it("refuses a bucket without a public access block", () => {
    expect(synthWith((stack) => new S3Bucket(stack, "open", {}))).toThrow(
      "aws_s3_bucket.open: expected a public access block with block_public_acls = true but received undefined",
    );
  });

  it.each(["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"])(
    "refuses a public access block with %s off",
    (field) => {
      const add = (stack: TerraformStack) => {
        const bucket = new S3Bucket(stack, "open", {}).id;
        new S3BucketPublicAccessBlock(stack, "block", { bucket, ...blocked, [field]: false });
      };
      expect(synthWith(add)).toThrow(
        /aws_s3_bucket\.open: expected a public access block with \w+ = true but received false/,
      );
    },
  );

  it("refuses a bucket that may be read without TLS", () => {
    const add = (stack: TerraformStack) => {
      const bucket = new S3Bucket(stack, "plain", {}).id;
      new S3BucketPublicAccessBlock(stack, "block", { bucket, ...blocked });
    };
    expect(synthWith(add)).toThrow(
      "aws_s3_bucket.plain: expected a bucket policy that denies every request without TLS",
    );
  });

  it.each([
    { Bool: { "aws:SecureTransport": "true" } },
    { Bool: { "aws:MultiFactorAuthPresent": "false" } },
    undefined,
    { NumericLessThan: { "s3:TlsVersion": "1.2" } },
  ])("refuses a bucket whose policy denies something else than plain HTTP: %j", (Condition) => {
    const add = (stack: TerraformStack) => {
      const bucket = new S3Bucket(stack, "plain", {});
      new S3BucketPublicAccessBlock(stack, "block", { bucket: bucket.id, ...blocked });
      const statement = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: `${bucket.arn}/*`, Condition };
      new S3BucketPolicy(stack, "policy", { bucket: bucket.id, policy: JSON.stringify({ Statement: statement }) });
    };
    expect(synthWith(add)).toThrow(
      "aws_s3_bucket.plain: expected a bucket policy that denies every request without TLS",
    );
  });

  it("refuses a bucket that may be read with TLS older than 1.2", () => {
    const add = (stack: TerraformStack) => {
      const bucket = new S3Bucket(stack, "old", {});
      new S3BucketPublicAccessBlock(stack, "block", { bucket: bucket.id, ...blocked });
      const Condition = { Bool: { "aws:SecureTransport": "false" } };
      const statement = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: `${bucket.arn}/*`, Condition };
      new S3BucketPolicy(stack, "policy", { bucket: bucket.id, policy: JSON.stringify({ Statement: statement }) });
    };
    expect(synthWith(add)).toThrow(
      "aws_s3_bucket.old: expected a bucket policy that denies every request with TLS older than 1.2 but found none",
    );
  });
});

describe("a service that a bucket lets in", () => {
  const letIn = (Condition?: unknown) =>
    synthWith((stack) => {
      const Principal = { Service: "cloudfront.amazonaws.com" };
      const statement = { Effect: "Allow", Principal, Action: "s3:GetObject", Resource: "arn:aws:s3:::x/*", Condition };
      new S3BucketPolicy(stack, "lent", { bucket: "x", policy: JSON.stringify({ Statement: statement }) });
    });
  const DISTRIBUTION = "arn:aws:cloudfront::123456789012:distribution/E123";

  it.each([
    ["for whoever it asks", undefined],
    ["under a condition of something else", { Bool: { "aws:SecureTransport": "true" } }],
    ["for every distribution there is", { StringLike: { "AWS:SourceArn": "arn:aws:cloudfront::*" } }],
    ["for whoever does not say", { StringEqualsIfExists: { "aws:SourceArn": DISTRIBUTION } }],
    ["for all that match, by equality of ARNs", { ArnEquals: { "aws:SourceArn": "arn:aws:cloudfront::*:*" } }],
  ])("is refused %s", (_whom, condition) => {
    expect(letIn(condition)).toThrow(
      "aws_s3_bucket_policy.lent: expected aws:SourceArn where a service is let in but received any source",
    );
  });

  it.each([
    { StringEquals: { "AWS:SourceArn": DISTRIBUTION } },
    { ArnEquals: { "aws:SourceArn": DISTRIBUTION } },
    { StringEquals: { "aws:SourceAccount": "123456789012" } },
  ])("is let in for one source: %j", (condition) => {
    expect(letIn(condition)).not.toThrow();
  });

  it("is the distribution of an environment that delivers its pictures", () => {
    const synth = () =>
      withApp((app) => {
        pipelineStack(app, anEnvironment({ delivery: { cors: { allowOrigins: ["*"] } } }));
        app.synth();
      });
    expect(synth).not.toThrow();
  });
});

describe("namedPrincipals", () => {
  it.each([["*"], [{ AWS: "*" }], [{ AWS: ["123456789012", "*"] }]])(
    "refuses a bucket policy for everyone: %j",
    (Principal) => {
      const add = (stack: TerraformStack) => {
        const statement = { Effect: "Allow", Principal, Action: "s3:GetObject", Resource: "arn:aws:s3:::x/*" };
        new S3BucketPolicy(stack, "open", { bucket: "x", policy: JSON.stringify({ Statement: statement }) });
      };
      expect(synthWith(add)).toThrow(
        "aws_s3_bucket_policy.open: expected named principals but received an Allow for everyone",
      );
    },
  );

  it("refuses a role that everyone may take", () => {
    const trust = { Statement: { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" } };
    expect(synthWith((stack) => new IamRole(stack, "open", { assumeRolePolicy: JSON.stringify(trust) }))).toThrow(
      "aws_iam_role.open: expected named principals but received an Allow for everyone",
    );
  });

  it("refuses a function that everyone may invoke", () => {
    const add = (stack: TerraformStack) => {
      new LambdaPermission(stack, "open", { functionName: "f", action: "lambda:InvokeFunction", principal: "*" });
    };
    expect(synthWith(add)).toThrow(
      "aws_lambda_permission.open: expected a named principal but received one for everyone",
    );
  });
});

describe("logRetention", () => {
  it.each([[{}], [{ retentionInDays: 0 }]])("refuses a log group that keeps forever: %j", (config) => {
    expect(synthWith((stack) => new CloudwatchLogGroup(stack, "forever", { name: "x", ...config }))).toThrow(
      "aws_cloudwatch_log_group.forever: expected retention_in_days",
    );
  });
});

describe("taskTimeouts", () => {
  const task = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true };

  it("refuses a machine without a timeout", () => {
    expect(synthWith(machine({ StartAt: "Done", States: { Done: { Type: "Succeed" } } }))).toThrow(
      "aws_sfn_state_machine.extra: expected TimeoutSeconds on the machine but found none",
    );
  });

  it("refuses a Task without a timeout", () => {
    expect(synthWith(machine({ TimeoutSeconds: 9, StartAt: "Slow", States: { Slow: task } }))).toThrow(
      "aws_sfn_state_machine.extra: expected TimeoutSeconds on the Task Slow but found none",
    );
  });

  it("finds a Task inside a Map", () => {
    const each = { Type: "Map", ItemProcessor: { StartAt: "Inner", States: { Inner: task } }, End: true };
    expect(synthWith(machine({ TimeoutSeconds: 9, StartAt: "Each", States: { Each: each } }))).toThrow(
      "expected TimeoutSeconds on the Task Inner but found none",
    );
  });
});
