import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTypeScript, synthesizeDevWith } from "./support/local-project";
import type { Trial } from "./support/local-trial";

const KEY = "arn:aws:kms:eu-central-1:111111111111:key/01234567-89ab-cdef-0123-456789abcdef";

/** Statements by the role or queue they belong to, with what their absence must be reported as. */
const STATEMENTS = [
  ["aws_iam_role.api_access_role", "TakenByTheService", "sts:AssumeRole", "role/ImageResizeAPI-dev"],
  ["aws_iam_role.deletion_access_role", "TakenByTheService", "sts:AssumeRole", "role/ImageDeleted-dev"],
  ["aws_iam_role.resize_access_role", "TakenByTheService", "sts:AssumeRole", "role/ImageResizeFunction-dev"],
  ["aws_iam_role.status_access_role", "TakenByTheService", "sts:AssumeRole", "role/ImageExecutionStatusFunction-dev"],
  ["aws_iam_role.upload_access_role", "TakenByTheService", "sts:AssumeRole", "role/ImageUploaded-dev"],
  ["aws_iam_role.workflow_access_role", "TakenByTheService", "sts:AssumeRole", "role/ImageProcessingStateMachine-dev"],
  [
    "aws_iam_role_policy.api_access_policy",
    "StartTheStateMachine",
    "states:StartExecution",
    "stateMachine:ImageProcessingStateMachine-dev",
  ],
  [
    "aws_iam_role_policy.api_access_policy",
    "InvokeTheStatusFunction",
    "lambda:InvokeFunction",
    "function:ImageExecutionStatusFunction-dev",
  ],
  [
    "aws_iam_role_policy.status_access_policy",
    "ReadExecutions",
    "states:DescribeExecution",
    "execution:ImageProcessingStateMachine-dev:",
  ],
  [
    "aws_iam_role_policy.status_access_policy",
    "WriteLogs",
    "logs:CreateLogStream",
    "log-group:/aws/lambda/ImageExecutionStatusFunction-dev",
  ],
  ["aws_iam_role_policy.status_access_policy", "WriteTraces", "xray:PutTraceSegments", "*"],
  [
    "aws_iam_role_policy.deletion_access_policy",
    "StartTheStateMachine",
    "states:StartExecution",
    "stateMachine:ImageProcessingStateMachine-dev",
  ],
  [
    "aws_iam_role_policy.upload_access_policy",
    "StartTheStateMachine",
    "states:StartExecution",
    "stateMachine:ImageProcessingStateMachine-dev",
  ],
  [
    "aws_iam_role_policy.workflow_access_policy",
    "InvokeTheResizeFunction",
    "lambda:InvokeFunction",
    "function:ImageResizeFunction-dev",
  ],
  [
    "aws_iam_role_policy.resize_access_policy",
    "ReadOriginals",
    "s3:GetObject",
    "arn:aws:s3:::image-pipeline-dev-original-111111111111/cat.jpg",
  ],
  [
    "aws_iam_role_policy.resize_access_policy",
    "WriteRenditions",
    "s3:PutObject",
    "arn:aws:s3:::image-pipeline-dev-resized-111111111111/thumb",
  ],
  ["aws_iam_role_policy.resize_access_policy", "DecryptOriginals", "kms:Decrypt", KEY],
  ["aws_iam_role_policy.resize_access_policy", "EncryptRenditions", "kms:GenerateDataKey", KEY],
  [
    "aws_iam_role_policy.resize_access_policy",
    "DeleteRenditions",
    "s3:DeleteObject",
    "arn:aws:s3:::image-pipeline-dev-resized-111111111111/",
  ],
  [
    "aws_iam_role_policy.resize_access_policy",
    "SeeDeletions",
    "s3:ListBucket",
    "arn:aws:s3:::image-pipeline-dev-original-111111111111",
  ],
  [
    "aws_iam_role_policy.resize_access_policy",
    "WriteLogs",
    "logs:CreateLogStream",
    "log-group:/aws/lambda/ImageResizeFunction-dev",
  ],
  ["aws_iam_role_policy.resize_access_policy", "WriteTraces", "xray:PutTraceSegments", "*"],
  ["aws_iam_role_policy.workflow_access_policy", "DeliverLogs", "logs:CreateLogDelivery", "*"],
  ["aws_iam_role_policy.workflow_access_policy", "WriteTraces", "xray:PutTraceSegments", "*"],
  [
    "aws_sqs_queue_policy.upload_dead-letters-policy",
    "ReceiveFromTheRule",
    "sqs:SendMessage",
    "ImageUploadedDeadLetters-dev",
  ],
  [
    "aws_sqs_queue_policy.deletion_dead-letters-policy",
    "ReceiveFromTheRule",
    "sqs:SendMessage",
    "ImageDeletedDeadLetters-dev",
  ],
  [
    "aws_s3_bucket_policy.resized_policy",
    "ReadByTheDistribution",
    "s3:GetObject",
    "arn:aws:s3:::image-pipeline-dev-resized-111111111111/thumb-cat.jpg",
  ],
] as const;

/** Statements of the boundary, with what their absence must be reported as. */
const BOUNDARY_STATEMENTS = [
  ["ReadOriginals", "s3:GetObject"],
  ["WriteRenditions", "s3:PutObject"],
  ["DeleteRenditions", "s3:DeleteObject"],
  ["SeeDeletions", "s3:ListBucket"],
  ["DecryptOriginals", "kms:Decrypt"],
  ["EncryptRenditions", "kms:GenerateDataKey"],
  ["WriteLogs", "logs:CreateLogStream"],
  ["InvokeTheFunctions", "lambda:InvokeFunction"],
  ["StartTheStateMachine", "states:StartExecution"],
  ["ReadExecutions", "states:DescribeExecution"],
  ["DeliverLogs", "logs:CreateLogDelivery"],
  ["WriteTraces", "xray:PutTraceSegments"],
] as const;

/** The upload and the POST ended well, the GET said so, a browser sees the rendition, and a deletion leaves none. */
const works = (trial: Trial | undefined): boolean =>
  trial?.http === 200 &&
  trial.api === "SUCCEEDED" &&
  trial.upload === "SUCCEEDED" &&
  trial.asked === 200 &&
  trial.delivered === 200 &&
  trial.deletion === "SUCCEEDED" &&
  trial.left === 0;

describe("the stack's own permissions", () => {
  const folder = mkdtempSync(join(tmpdir(), "statements-"));
  let trials: readonly Trial[] = [];
  const trialOf = (address: string, sid: string) =>
    trials.find(({ name }) => name.startsWith(`${address}_`) && name.endsWith(` ${sid}`));

  beforeAll(async () => {
    const stack = await synthesizeDevWith(
      { delivery: {}, deleteRenditions: true, encryption: { kmsKeyArn: KEY } },
      folder,
    );
    const lines = await runTypeScript("packages/local-aws/__tests__/support/statement-trials.ts", [stack]);
    trials = lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it("are enough for an upload, a request and a deletion", () => {
    expect(trials.find(({ name }) => name === "nothing")).toEqual({
      name: "nothing",
      http: 200,
      api: "SUCCEEDED",
      upload: "SUCCEEDED",
      asked: 200,
      delivered: 200,
      deletion: "SUCCEEDED",
      left: 0,
      denied: [],
    });
  });

  it.each(STATEMENTS)(
    "are all needed: without %s %s the run says who may not %s on %s",
    (address, sid, action, resource) => {
      const denied = trialOf(address, sid)?.denied[0] ?? "";

      expect(denied).toMatch(/aws_iam_role\.|aws_sqs_queue_policy\.|aws_s3_bucket_policy\./);
      expect(denied).toContain(`is not authorized to perform: ${action} on resource: `);
      expect(denied).toContain(resource);
      expect(denied).toContain(`allows the ${action} action`);
    },
  );

  it.each(STATEMENTS)("are all needed: without %s %s the pipeline does not work", (address, sid) => {
    expect(works(trialOf(address, sid))).toBe(false);
  });

  it("are enough inside the boundary of the account", () => {
    expect(works(trials.find(({ name }) => name === "boundary"))).toBe(true);
  });

  it.each(BOUNDARY_STATEMENTS)("are nothing without %s of the boundary", (sid, action) => {
    const found = trials.find(({ name }) => name === `boundary ${sid}`);

    expect(found?.denied[0]).toContain(
      `because no permissions boundary allows the ${action} action (aws_iam_policy.it)`,
    );
    expect(works(found)).toBe(false);
  });

  it("are all tried here", () => {
    expect(trials).toHaveLength(STATEMENTS.length + 1 + BOUNDARY_STATEMENTS.length + 1);
  });
});
