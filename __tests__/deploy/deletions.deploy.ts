import { DescribeRuleCommand } from "@aws-sdk/client-eventbridge";
import { dev } from "../../environments/dev";
import type { Environment } from "../../environments/environment";
import { originalBucketName } from "../../environments/original-bucket";
import { type AwsAccount, startAccount } from "./support/aws-account";
import { type AwsClients, clientsOf } from "./support/aws-clients";
import type { AwsRequest } from "./support/aws-request";
import { Checkout } from "./support/checkout";
import { deniedTo } from "./support/denied-to";
import { iamQuestions, READING } from "./support/iam-questions";
import { changesIn } from "./support/plan";
import { readQueue, readRole, readTarget } from "./support/read-back";
import { takeRole } from "./support/take-role";
import { onePipeline, whatIsThere } from "./support/what-is-there";

const ALARMS = { emails: ["first@example.com"], encrypted: false, refusedPercent: 30 };
const OFF: Environment = { ...dev, permissionsBoundary: true, deletionProtection: false, alarms: ALARMS };
const ON: Environment = { ...OFF, deleteRenditions: true };

const original = originalBucketName(dev);
const arn = (service: string, resource: string) => `arn:aws:${service}:${dev.region}:${dev.accountId}:${resource}`;
const RULE = arn("events", "rule/ImageDeleted-dev");
const QUEUE = arn("sqs", "ImageDeletedDeadLetters-dev");

// Four deployments one after the other.
const DEPLOYMENTS_MS = 2_400_000;

let account: AwsAccount;
let aws: AwsClients;
let project: Checkout;
const updating: AwsRequest[] = [];
let planning: readonly AwsRequest[];
/** What is there after each update. */
const there: Record<string, readonly string[]> = {};
let planned: readonly string[];
let readBack: Awaited<ReturnType<typeof read>>;
let afterwards: Awaited<ReturnType<typeof readRole>>;

beforeAll(async () => {
  account = await startAccount(dev.accountId);
  aws = clientsOf(account, dev.region);
  project = await Checkout.ofProject();
  // The account is prepared before the environment follows deletions, and after it did.
  await change(ON);
  await succeed(project.deploy(account, ["bootstrap-dev"]));
  await change(OFF);
  await update();
  there.before = await pipelineThere();

  await change(ON);
  await update();
  const variables = await takeRole(account, "ImagePipelinePlan");
  const before = account.requests.length;
  const settled = changesIn(await project.diff(account, "image-pipeline-dev", variables));
  planned = settled.filter((change) => /deletion|resize_access/.test(change));
  planning = account.requests.slice(before);
  there.on = await pipelineThere();
  readBack = await read();

  await change(OFF);
  await update();
  there.off = await pipelineThere();
  afterwards = await readRole(aws, "ImageResizeFunction-dev");
}, DEPLOYMENTS_MS);

afterAll(async () => {
  await account?.stop();
  project?.remove();
});

async function change(environment: Environment): Promise<void> {
  project.setEnvironment(environment);
  await project.synth();
}

async function update(): Promise<void> {
  const variables = await takeRole(account, "ImagePipelineDeploy-dev");
  const before = account.requests.length;
  await succeed(project.deploy(account, ["image-pipeline-dev"], [], variables));
  updating.push(...account.requests.slice(before));
}

async function succeed(deploying: ReturnType<Checkout["deploy"]>): Promise<void> {
  const { status, output } = await deploying;
  if (status !== 0) throw new Error(`expected cdktf deploy to succeed but it ended with ${status}:\n${output}`);
}

/** Without what the bootstrap stack has made. */
const pipelineThere = async () =>
  (await whatIsThere(aws)).filter((name) => !/^policy |ImagePipeline(Plan|Deploy)|tfstate|-state-/.test(name));

async function read() {
  const [rule, targets, queue, role, resize] = await Promise.all([
    aws.events.send(new DescribeRuleCommand({ Name: "ImageDeleted-dev" })),
    readTarget(aws, "ImageDeleted-dev"),
    readQueue(aws, "ImageDeletedDeadLetters-dev"),
    readRole(aws, "ImageDeleted-dev"),
    readRole(aws, "ImageResizeFunction-dev"),
  ]);
  return { rule, targets, queue, role, resize };
}

const OF_PIPELINE = onePipeline("dev", [original, dev.resizedBucketName]);
const OF_DELETIONS = ["queue ImageDeletedDeadLetters-dev", "role ImageDeleted-dev", "rule ImageDeleted-dev"];
const ofDeletions = ({ Sid = "" }) => ["DeleteRenditions", "SeeDeletions"].includes(Sid);

describe("deletions, deployed by the role that deploys", () => {
  it("are followed in a pipeline that is there, and no more, and leave nothing behind", () => {
    expect(there.before).toEqual(OF_PIPELINE);
    expect(there.on).toEqual([...OF_PIPELINE, ...OF_DELETIONS].sort());
    expect(there.off).toEqual(OF_PIPELINE);
    expect(planned).toEqual([]);
  });

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

  it("have a role inside the boundary, and give the function two statements, and take them back", () => {
    expect(readBack.role.boundary).toMatch(/:policy\/ImagePipelineBoundary-dev$/);
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
  });

  it("are within what the deploy role may do, all of it", async () => {
    const asked = iamQuestions(updating, account.accountId).map(({ action, resource }) => `${action} ${resource}`);
    for (const question of [`events:PutRule ${RULE}`, `events:DeleteRule ${RULE}`, `sqs:DeleteQueue ${QUEUE}`])
      expect(asked).toContain(question);
    expect(await deniedTo("ImagePipelineDeploy-dev", updating, { aws, accountId: account.accountId })).toEqual([]);
  });

  it("are planned with the plan role, which asks for nothing but reading", async () => {
    const questions = iamQuestions(planning, account.accountId);
    expect(questions.some(({ resource }) => resource === RULE)).toBe(true);
    expect(questions.filter(({ action }) => !READING.test(action))).toEqual([]);
    expect(await deniedTo("ImagePipelinePlan", planning, { aws, accountId: account.accountId })).toEqual([]);
  });
});
