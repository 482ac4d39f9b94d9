import { DescribeRuleCommand } from "@aws-sdk/client-eventbridge";
import { DescribeStateMachineCommand } from "@aws-sdk/client-sfn";
import { dev } from "../../environments/dev";
import type { Environment } from "../../environments/environment";
import { originalBucketName } from "../../environments/original-bucket";
import type { AwsRequest } from "./support/aws-request";
import { DEPLOY_ROLE, DevDeployment, PLAN_ROLE } from "./support/dev-deployment";
import { READING } from "./support/iam-questions";
import { readBucket, readQueue, readRole, readTarget, tlsOnly } from "./support/read-back";
import { onePipeline } from "./support/what-is-there";

const MACHINE = "ImageBackfillStateMachine-dev";
const BUCKET = `image-pipeline-backfill-dev-${dev.accountId}`;
const original = originalBucketName(dev);
const arn = (service: string, resource: string) => `arn:aws:${service}:${dev.region}:${dev.accountId}:${resource}`;
const RULE = arn("events", "rule/ImageDeleted-dev");
const QUEUE = arn("sqs", "ImageDeletedDeadLetters-dev");

const OFF: Environment = {
  ...dev,
  permissionsBoundary: true,
  deletionProtection: false,
  alarms: { emails: ["first@example.com"], encrypted: false, refusedPercent: 30 },
  backfill: "none",
  deleteRenditions: false,
};
const ON: Environment = { ...OFF, backfill: { maxConcurrency: 20 }, deleteRenditions: true };
const CHANGED: Environment = { ...ON, functionTimeoutSeconds: 45, backfill: { maxConcurrency: 7 } };

// Five deployments one after the other.
const DEPLOYMENTS_MS = 2_400_000;

let deployment: DevDeployment;
const updating: AwsRequest[] = [];
/** What is there, and the definition of the backfill's machine, after each update. */
const there: Record<string, readonly string[]> = {};
const definitions: string[] = [];
/** The plan from `ON` to `CHANGED`, and what it asked of AWS. */
let changes: readonly string[];
let planning: readonly AwsRequest[];
let readBack: Awaited<ReturnType<typeof read>>;
let afterwards: Awaited<ReturnType<typeof readRole>>;

beforeAll(async () => {
  deployment = await DevDeployment.start();
  // The account is prepared before the environment has either of them, and after it had them: docs/operations.md
  await deployment.become(ON);
  await deployment.deploy(["bootstrap-dev"]);
  await update(OFF);
  there.before = await deployment.pipeline();

  await update(ON);
  there.on = await deployment.pipeline();
  definitions.push(await definition());
  readBack = await read();

  await deployment.become(CHANGED);
  ({ changes, asked: planning } = await deployment.plan());
  await update(CHANGED);
  definitions.push(await definition());

  await update(OFF);
  there.off = await deployment.pipeline();
  afterwards = await readRole(deployment.aws, "ImageResizeFunction-dev");
}, DEPLOYMENTS_MS);

afterAll(() => deployment?.end());

async function update(environment: Environment): Promise<void> {
  await deployment.become(environment);
  updating.push(...(await deployment.update()));
}

async function definition(): Promise<string> {
  const stateMachineArn = arn("states", `stateMachine:${MACHINE}`);
  const command = new DescribeStateMachineCommand({ stateMachineArn });
  return (await deployment.aws.states.send(command)).definition ?? "";
}

async function read() {
  const { aws } = deployment;
  const [bucket, machineRole, rule, targets, queue, ruleRole, resize] = await Promise.all([
    readBucket(aws, BUCKET),
    readRole(aws, MACHINE),
    aws.events.send(new DescribeRuleCommand({ Name: "ImageDeleted-dev" })),
    readTarget(aws, "ImageDeleted-dev"),
    readQueue(aws, "ImageDeletedDeadLetters-dev"),
    readRole(aws, "ImageDeleted-dev"),
    readRole(aws, "ImageResizeFunction-dev"),
  ]);
  return { bucket, machineRole, rule, targets, queue, ruleRole, resize };
}

const OF_PIPELINE = onePipeline("dev", [original, dev.resizedBucketName]);
const OF_BACKFILL = [
  `bucket ${BUCKET}`,
  `log group /aws/vendedlogs/states/${MACHINE}`,
  `role ${MACHINE}`,
  `state machine ${MACHINE}`,
];
const OF_DELETIONS = ["queue ImageDeletedDeadLetters-dev", "role ImageDeleted-dev", "rule ImageDeleted-dev"];
const ofDeletions = ({ Sid = "" }) => ["DeleteRenditions", "SeeDeletions"].includes(Sid);

describe("a backfill and deletions, switched on by the role that deploys", () => {
  it("come beside a pipeline that is there, and go again whole", () => {
    expect(there.before).toEqual(OF_PIPELINE);
    expect(there.on).toEqual([...OF_PIPELINE, ...OF_BACKFILL, ...OF_DELETIONS].sort());
    expect(there.off).toEqual(OF_PIPELINE);
  });

  it("are within what the deploy role may do, all of it", async () => {
    const asked = deployment.questions(updating).map(({ action, resource }) => `${action} ${resource}`);
    for (const question of [
      `s3:DeleteBucket arn:aws:s3:::${BUCKET}`,
      `events:PutRule ${RULE}`,
      `events:DeleteRule ${RULE}`,
      `sqs:DeleteQueue ${QUEUE}`,
    ])
      expect(asked).toContain(question);
    expect(await deployment.denied(DEPLOY_ROLE, updating)).toEqual([]);
  });

  it("are planned with the plan role, which asks for nothing but reading", async () => {
    const questions = deployment.questions(planning);
    expect(questions.some(({ resource }) => resource.endsWith(MACHINE))).toBe(true);
    expect(questions.some(({ resource }) => resource === RULE)).toBe(true);
    expect(questions.filter(({ action }) => !READING.test(action))).toEqual([]);
    expect(await deployment.denied(PLAN_ROLE, planning)).toEqual([]);
  });

  it("have roles inside the boundary", () => {
    for (const { boundary } of [readBack.machineRole, readBack.ruleRole])
      expect(boundary).toMatch(/:policy\/ImagePipelineBoundary-dev$/);
  });
});

describe("a backfill", () => {
  it("takes another number of children in place, and leaves nothing else to change", () => {
    expect(changes.filter((change) => change.includes("backfill"))).toEqual([
      expect.stringMatching(/^update aws_sfn_state_machine\.backfill_machine_\w+: definition$/),
    ]);
    expect(definitions.map((text) => JSON.parse(text).States.BackfillBucket.MaxConcurrency)).toEqual([20, 7]);
  });

  it("has a bucket like the others, whose objects expire", () => {
    expect(readBack.bucket).toMatchObject({
      publicAccess: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      statements: tlsOnly(BUCKET),
      encryption: ["AES256"],
      ownership: ["BucketOwnerEnforced"],
      versioning: "Enabled",
    });
    expect(readBack.bucket.lifecycle).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Status: "Enabled", Expiration: expect.objectContaining({ Days: 194 }) }),
      ]),
    );
  });

  it("has a role that may start its own children and write its own results", () => {
    const allowed = readBack.machineRole.statements.flatMap(({ Action, Resource }) =>
      [Action].flat().map((action) => `${action} ${Resource}`),
    );
    expect(allowed).toContain(`states:StartExecution ${arn("states", `stateMachine:${MACHINE}`)}`);
    expect(allowed).toContain(`s3:PutObject arn:aws:s3:::${BUCKET}/results/*`);
    expect(allowed).toContain(`s3:ListBucket arn:aws:s3:::${original}`);
  });
});

describe("deletions", () => {
  it("have a rule for delete markers alone, whose target starts the state machine and keeps what it could not start", () => {
    expect(JSON.parse(readBack.rule.EventPattern ?? "")).toMatchObject({
      "detail-type": ["Object Deleted"],
      detail: { bucket: { name: [original] }, "deletion-type": ["Delete Marker Created"] },
    });
    expect(readBack.targets).toMatchObject([
      {
        Arn: arn("states", "stateMachine:ImageProcessingStateMachine-dev"),
        RoleArn: `arn:aws:iam::${dev.accountId}:role/ImageDeleted-dev`,
        InputTransformer: {
          InputTemplate: `{"bucket": <bucket>, "fileName": <key>, "resizedBucket": "${dev.resizedBucketName}", "deleted": true}`,
        },
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: QUEUE },
      },
    ]);
    expect(readBack.queue.statements).toMatchObject([
      { Action: "sqs:SendMessage", Resource: QUEUE, Condition: { ArnEquals: { "aws:SourceArn": RULE } } },
    ]);
  });

  it("give the function two statements, and take them back, and leave nothing else to change", () => {
    expect(readBack.resize.statements.filter(ofDeletions)).toEqual([
      {
        Sid: "DeleteRenditions",
        Effect: "Allow",
        Action: "s3:DeleteObject",
        Resource: `arn:aws:s3:::${dev.resizedBucketName}/*`,
      },
      { Sid: "SeeDeletions", Effect: "Allow", Action: "s3:ListBucket", Resource: `arn:aws:s3:::${original}` },
    ]);
    expect(afterwards.statements.filter(ofDeletions)).toEqual([]);
    expect(changes.filter((change) => /deletion|resize_access/.test(change))).toEqual([]);
  });
});
