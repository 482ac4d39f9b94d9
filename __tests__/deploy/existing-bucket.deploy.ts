import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetBucketNotificationConfigurationCommand,
  GetObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { dev } from "../../environments/dev";
import type { Environment } from "../../environments/environment";
import { turnEventBridgeOn } from "../../operations/preflight/check-existing-bucket";
import type { AwsRequest } from "./support/aws-request";
import { DEPLOY_ROLE, DevDeployment, PLAN_ROLE } from "./support/dev-deployment";
import { succeed } from "./support/run";
import { whatIsThere } from "./support/what-is-there";

const BUCKET = "photos-of-ten-years";
const KEY = `arn:aws:kms:${dev.region}:${dev.accountId}:key/01234567-89ab-cdef-0123-456789abcdef`;
const QUEUE = { Id: "other", QueueArn: `arn:aws:sqs:${dev.region}:${dev.accountId}:other` };
const ENVIRONMENT: Environment = {
  ...dev,
  permissionsBoundary: true,
  originalBucket: { name: BUCKET, existing: true, kmsKeyArn: KEY },
  encryption: { kmsKeyArn: KEY },
  uploads: { prefixes: ["photos/", "avatars/"] },
};

let deployment: DevDeployment;
/** How a deployment ended while the bucket was not there, and what there was then. */
let without: { readonly status: number | null; readonly output: string; readonly there: readonly string[] };
/** What Terraform asked with the deploy role, and with the plan role when all was there. */
let deploying: readonly AwsRequest[];
let planning: readonly AwsRequest[];
let changes: readonly string[];

beforeAll(async () => {
  deployment = await DevDeployment.start();
  const { account, aws, project } = deployment;
  await deployment.become(ENVIRONMENT);
  await deployment.deploy(["bootstrap-dev"]);
  const before = await whatIsThere(aws);
  const ended = await project.tryToDeploy(account, ["image-pipeline-dev"]);
  const there = (await whatIsThere(aws)).filter((name) => !before.includes(name));
  without = { ...ended, there };

  await aws.s3.send(
    new CreateBucketCommand({
      Bucket: BUCKET,
      CreateBucketConfiguration: { LocationConstraint: "eu-central-1" },
    }),
  );
  await aws.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "photos/cat.jpg", Body: "cat" }));
  await aws.s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: BUCKET,
      NotificationConfiguration: { QueueConfigurations: [{ ...QUEUE, Events: ["s3:ObjectRemoved:*"] }] },
    }),
  );
  deploying = await deployment.update();
  ({ changes, asked: planning } = await deployment.plan());
});

afterAll(() => deployment?.end());

const ofTheBucket = (requests: readonly AwsRequest[]) => requests.filter(({ url }) => url.startsWith(`/${BUCKET}`));

describe("a pipeline on a bucket that is there already", () => {
  it("is not made while the bucket is not there", () => {
    expect(without.status).not.toBe(0);
    // The CLI does not print all of what Terraform says.
    expect(without.output).toContain("data.aws_s3_bucket.original (original): Reading...");
    expect(without.output).toContain("but then encountered a problem");
    expect(without.there).toEqual([]);
  });

  it("changes nothing of the bucket, and reads of it only that it is there", () => {
    const asked = ofTheBucket(deploying).map(({ method, url }) => `${method} ${url}`);
    expect([...new Set(asked)].sort()).toEqual([`GET /${BUCKET}?website=`, `HEAD /${BUCKET}`]);
  });

  it("is deployed and planned by roles that may do no more to it than that", async () => {
    // The provider also asks for a website, and takes a denial for none.
    const website = /s3:GetBucketWebsite.*photos-of-ten-years/;
    for (const [role, requests] of [
      [DEPLOY_ROLE, deploying],
      [PLAN_ROLE, planning],
    ] as const) {
      const denied = await deployment.denied(role, requests);
      expect(denied.filter((question) => !website.test(JSON.stringify(question)))).toEqual([]);
    }
  });

  it("plans to change nothing when nothing changed", () => {
    expect(changes).toEqual([]);
  });

  it("gets events by the two commands of the preflight, and others keep theirs", async () => {
    const { account, aws } = deployment;
    const start = account.requests.length;
    const folder = mkdtempSync(join(tmpdir(), "preflight-"));
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: account.endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_DEFAULT_REGION: dev.region,
    };
    for (const command of turnEventBridgeOn(BUCKET)) await succeed("bash", ["-c", command], { cwd: folder, env });
    rmSync(folder, { recursive: true });

    const put = account.requests.slice(start).find(({ method }) => method === "PUT");
    expect(put?.body).toContain("<EventBridgeConfiguration");
    // Moto does not give EventBridge back.
    expect(await aws.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: BUCKET }))).toMatchObject({
      QueueConfigurations: [QUEUE],
    });
  });

  it("is destroyed without touching the bucket or what is in it", async () => {
    const { account, aws, project } = deployment;
    const start = account.requests.length;
    const { status, output } = await project.destroy(account, "image-pipeline-dev");
    expect({ status, output }).toMatchObject({ status: 0 });
    expect(ofTheBucket(account.requests.slice(start)).filter(({ method }) => !/GET|HEAD/.test(method))).toEqual([]);
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: "photos/cat.jpg" }));
    expect(await Body?.transformToString()).toBe("cat");
  });
});
