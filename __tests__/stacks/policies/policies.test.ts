import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
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

  it.each([["*"], [{ AWS: "*" }], [{ AWS: ["123456789012", "*"] }]])(
    "refuses a bucket policy for everyone: %j",
    (Principal) => {
      const add = (stack: TerraformStack) => {
        new S3BucketPolicy(stack, "everyone", {
          bucket: "some-bucket",
          policy: JSON.stringify({
            Statement: { Effect: "Allow", Principal, Action: "s3:GetObject", Resource: "arn:aws:s3:::x/*" },
          }),
        });
      };
      expect(synthWith(add)).toThrow(
        "aws_s3_bucket_policy.everyone: expected named principals but received an Allow for everyone",
      );
    },
  );
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
