import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTypeScript } from "./support/local-project";

const MACHINE = "ImageBackfillStateMachine-dev";
const RENDITIONS = "arn:aws:s3:::image-pipeline-dev-resized-111111111111";
const BUCKET = "arn:aws:s3:::image-pipeline-backfill-dev-111111111111";

/** Statements by the role they belong to, with what their absence must be reported as. */
const STATEMENTS = [
  ["aws_iam_role.backfill_access_role", "TakenByTheService", "sts:AssumeRole", `role/${MACHINE}`],
  [
    "aws_iam_role_policy.backfill_access_policy",
    "InvokeTheResizeFunction",
    "lambda:InvokeFunction",
    "ImageResizeFunction-dev",
  ],
  ["aws_iam_role_policy.backfill_access_policy", "StartChildren", "states:StartExecution", `stateMachine:${MACHINE}`],
  ["aws_iam_role_policy.backfill_access_policy", "FollowChildren", "states:DescribeExecution", `execution:${MACHINE}:`],
  ["aws_iam_role_policy.backfill_access_policy", "RedriveChildren", "states:RedriveExecution", `${MACHINE}/bucket:`],
  [
    "aws_iam_role_policy.backfill_access_policy",
    "ListOriginals",
    "s3:ListBucket",
    "image-pipeline-dev-original-111111111111",
  ],
  ["aws_iam_role_policy.backfill_access_policy", "ReadLists", "s3:GetObject", `${BUCKET}/lists/one.csv`],
  ["aws_iam_role_policy.backfill_access_policy", "WriteResults", "s3:PutObject", `${BUCKET}/results/`],
  ["aws_iam_role_policy.backfill_access_policy", "DeliverLogs", "logs:CreateLogDelivery", "*"],
  ["aws_iam_role_policy.backfill_access_policy", "WriteTraces", "xray:PutTraceSegments", "*"],
  ["aws_iam_role_policy.resize_access_policy", "ReadRenditions", "s3:GetObject", `${RENDITIONS}/thumbnail-cat.jpg`],
  ["aws_iam_role_policy.resize_access_policy", "FindRenditions", "s3:ListBucket", RENDITIONS],
] as const;

/** Statements of the boundary, with what their absence must be reported as. */
const BOUNDARY_STATEMENTS = [
  ["StartChildren", "states:StartExecution"],
  ["FollowChildren", "states:DescribeExecution"],
  ["RedriveChildren", "states:RedriveExecution"],
  ["ListOriginals", "s3:ListBucket"],
  ["ReadLists", "s3:GetObject"],
  ["WriteResults", "s3:PutObject"],
  ["ReadRenditions", "s3:GetObject"],
  ["FindRenditions", "s3:ListBucket"],
  ["WriteRenditions", "s3:PutObject"],
] as const;

interface Trial {
  readonly name: string;
  readonly redriven?: string;
  readonly byList?: string;
  readonly denied: readonly string[];
}

describe("the permissions of a backfill", () => {
  const folder = mkdtempSync(join(tmpdir(), "backfill-statements-"));
  let trials: readonly Trial[] = [];
  const found = (name: RegExp | string) =>
    trials.find((trial) => (typeof name === "string" ? trial.name === name : name.test(trial.name)));

  beforeAll(async () => {
    const fields = { backfill: { maxConcurrency: 2 }, resizeOnUpload: false };
    await runTypeScript("__tests__/support/synthesize-with.ts", [folder, JSON.stringify(fields)]);
    const stack = join(folder, "stacks/image-pipeline-dev/cdk.tf.json");
    const lines = await runTypeScript("packages/local-aws/__tests__/support/backfill-trials.ts", [stack]);
    trials = lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(["nothing", "boundary"])(
    "are enough to redrive what was stopped, and for a list, with %s changed",
    (name) => {
      expect(found(name)).toEqual({ name, redriven: "SUCCEEDED", byList: "SUCCEEDED", denied: [] });
    },
  );

  it.each(STATEMENTS)(
    "are all needed: without %s %s the run says who may not %s on %s",
    (address, sid, action, resource) => {
      const { denied: [denied = ""] = [] } = found(new RegExp(`^${address}_\\w+ ${sid}$`)) ?? {};
      expect(denied).toContain(`is not authorized to perform: ${action} on resource: `);
      expect(denied).toContain(resource);
    },
  );

  it.each(BOUNDARY_STATEMENTS)("are nothing without %s of the boundary", (sid, action) => {
    expect(found(`boundary ${sid}`)?.denied[0]).toContain(
      `because no permissions boundary allows the ${action} action`,
    );
  });

  it("are all tried here", () => {
    expect(trials).toHaveLength(STATEMENTS.length + 1 + BOUNDARY_STATEMENTS.length + 1);
  });
});
