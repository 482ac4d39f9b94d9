import { DescribeStateMachineCommand } from "@aws-sdk/client-sfn";
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
import { readBucket, readRole, tlsOnly } from "./support/read-back";
import { takeRole } from "./support/take-role";
import { onePipeline, whatIsThere } from "./support/what-is-there";

const MACHINE = "ImageBackfillStateMachine-dev";
const BUCKET = `image-pipeline-backfill-dev-${dev.accountId}`;
const ALARMS = { emails: ["first@example.com"], encrypted: false, refusedPercent: 30 };

const OFF: Environment = {
  ...dev,
  permissionsBoundary: true,
  deletionProtection: false,
  alarms: ALARMS,
  backfill: "none",
};
const ON: Environment = { ...OFF, backfill: { maxConcurrency: 20 } };
const CHANGED: Environment = { ...ON, functionTimeoutSeconds: 45, backfill: { maxConcurrency: 7 } };

// Five deployments one after the other.
const DEPLOYMENTS_MS = 2_400_000;

let account: AwsAccount;
let aws: AwsClients;
let project: Checkout;
const updating: AwsRequest[] = [];
const planning: AwsRequest[] = [];
/** What is there, and the definition of the machine, after each update. */
const there: Record<string, readonly string[]> = {};
const definitions: string[] = [];
let changed: readonly string[];
let boundary: string | undefined;
let role: Awaited<ReturnType<typeof readRole>>;
let bucket: Awaited<ReturnType<typeof readBucket>>;

beforeAll(async () => {
  account = await startAccount(dev.accountId);
  aws = clientsOf(account, dev.region);
  project = await Checkout.ofProject();
  // As docs/operations.md says: the account is prepared for a backfill before the environment has one, and after it had one.
  await change(ON);
  await succeed(project.deploy(account, ["bootstrap-dev"]));
  await change(OFF);
  await update();
  there.before = await pipelineThere();

  await change(ON);
  await update();
  there.on = await pipelineThere();
  definitions.push(await definition());
  bucket = await readBucket(aws, BUCKET);
  role = await readRole(aws, MACHINE);
  boundary = Object.values<{ name: string; permissions_boundary?: string }>(
    project.synthesized("image-pipeline-dev").resource.aws_iam_role,
  ).find(({ name }) => name === MACHINE)?.permissions_boundary;

  await change(CHANGED);
  changed = await plan();
  await update();
  definitions.push(await definition());

  await change(OFF);
  await update();
  there.off = await pipelineThere();
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
  const before = account.requests.length;
  const variables = await takeRole(account, "ImagePipelineDeploy-dev");
  await succeed(project.deploy(account, ["image-pipeline-dev"], [], variables));
  updating.push(...account.requests.slice(before));
}

async function plan(): Promise<readonly string[]> {
  const variables = await takeRole(account, "ImagePipelinePlan");
  const before = account.requests.length;
  const changes = changesIn(await project.diff(account, "image-pipeline-dev", variables));
  planning.push(...account.requests.slice(before));
  return changes;
}

async function succeed(deploying: ReturnType<Checkout["deploy"]>): Promise<void> {
  const { status, output } = await deploying;
  if (status !== 0) throw new Error(`expected cdktf deploy to succeed but it ended with ${status}:\n${output}`);
}

/** Without what the bootstrap stack has made. */
const pipelineThere = async () =>
  (await whatIsThere(aws)).filter((name) => !/^policy |ImagePipeline(Plan|Deploy)|tfstate|-state-/.test(name));

async function definition(): Promise<string> {
  const stateMachineArn = `arn:aws:states:${dev.region}:${dev.accountId}:stateMachine:${MACHINE}`;
  const { definition: text = "" } = await aws.states.send(new DescribeStateMachineCommand({ stateMachineArn }));
  return text;
}

const OF_PIPELINE = onePipeline("dev", [originalBucketName(dev), dev.resizedBucketName]);
const OF_BACKFILL = [
  `bucket ${BUCKET}`,
  `log group /aws/vendedlogs/states/${MACHINE}`,
  `role ${MACHINE}`,
  `state machine ${MACHINE}`,
];

describe("a backfill, deployed by the role that deploys", () => {
  it("comes beside a pipeline that is there, and goes again whole", () => {
    expect(there.before).toEqual(OF_PIPELINE);
    expect(there.on).toEqual([...OF_PIPELINE, ...OF_BACKFILL].sort());
    expect(there.off).toEqual(OF_PIPELINE);
  });

  it("takes another number of children in place, and leaves nothing else to change", () => {
    expect(changed.filter((change) => change.includes("backfill"))).toEqual([
      expect.stringMatching(/^update aws_sfn_state_machine\.backfill_machine_\w+: definition$/),
    ]);
    expect(definitions.map((text) => JSON.parse(text).States.BackfillBucket.MaxConcurrency)).toEqual([20, 7]);
  });

  it("has a bucket like the others, whose objects expire", () => {
    expect(bucket).toMatchObject({
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
    expect(bucket.lifecycle).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Status: "Enabled", Expiration: expect.objectContaining({ Days: 194 }) }),
      ]),
    );
  });

  it("has a role inside the boundary that may start its own children and write its own results", () => {
    expect(boundary).toMatch(/:policy\/ImagePipelineBoundary-dev$/);
    const allowed = role.statements.flatMap(({ Action, Resource }) =>
      [Action].flat().map((action) => `${action} ${Resource}`),
    );
    expect(allowed).toContain(
      `states:StartExecution arn:aws:states:${dev.region}:${dev.accountId}:stateMachine:${MACHINE}`,
    );
    expect(allowed).toContain(`s3:PutObject arn:aws:s3:::${BUCKET}/results/*`);
    expect(allowed).toContain(`s3:ListBucket arn:aws:s3:::${originalBucketName(dev)}`);
  });

  it("is within what the deploy role may do, all of it", async () => {
    const questions = iamQuestions(updating, account.accountId);
    expect(questions.some(({ action, resource }) => action === "s3:DeleteBucket" && resource.endsWith(BUCKET))).toBe(
      true,
    );
    expect(await deniedTo("ImagePipelineDeploy-dev", updating, { aws, accountId: account.accountId })).toEqual([]);
  });

  it("is planned with the plan role, which asks for nothing but reading", async () => {
    const questions = iamQuestions(planning, account.accountId);
    expect(questions.some(({ resource }) => resource.endsWith(MACHINE))).toBe(true);
    expect(questions.filter(({ action }) => !READING.test(action))).toEqual([]);
    expect(await deniedTo("ImagePipelinePlan", planning, { aws, accountId: account.accountId })).toEqual([]);
  });
});
