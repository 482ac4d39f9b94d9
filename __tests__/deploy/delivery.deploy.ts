import { dev } from "../../environments/dev";
import type { Environment } from "../../environments/environment";
import type { AwsRequest } from "./support/aws-request";
import { DEPLOY_ROLE, DevDeployment, PLAN_ROLE } from "./support/dev-deployment";
import { READING } from "./support/iam-questions";
import { readBucket, tlsOnly } from "./support/read-back";

const BUCKET = dev.resizedBucketName;
const WITHOUT: Environment = { ...dev, delivery: "none" };
const WITH: Environment = { ...dev, delivery: {} };
const WITH_CORS: Environment = { ...dev, delivery: { cors: { allowOrigins: ["https://shop.example"] } } };

let deployment: DevDeployment;
/** What Terraform asked of AWS with the deploy role: changed, off, on. */
let changed: readonly AwsRequest[];
let takenAway: readonly AwsRequest[];
let made: readonly AwsRequest[];
/** What it asked with the plan role, and its plans: nothing, off, on. */
let planning: readonly AwsRequest[] = [];
const plans: (readonly string[])[] = [];
/** The statements of the bucket's policy after each deployment. */
const statements: unknown[] = [];

beforeAll(async () => {
  deployment = await DevDeployment.start();
  await deployment.become(WITH);
  await deployment.deploy(["bootstrap-dev", "image-pipeline-dev"]);
  await plan();
  await deployment.become(WITH_CORS);
  changed = await update();
  await deployment.become(WITHOUT);
  await plan();
  takenAway = await update();
  await deployment.become(WITH);
  await plan();
  made = await update();
}, 1_800_000);

afterAll(() => deployment?.end());

async function plan(): Promise<void> {
  const { changes, asked } = await deployment.plan();
  planning = [...planning, ...asked];
  plans.push(changes.map((change) => change.replaceAll(/_[0-9A-F]{8}\b/g, "")));
}

async function update(): Promise<readonly AwsRequest[]> {
  const asked = await deployment.update();
  statements.push((await readBucket(deployment.aws, BUCKET)).statements);
  return asked;
}

const bodyOf = (requests: readonly AwsRequest[], method: string, path: RegExp): string =>
  requests.find((request) => request.method === method && path.test(request.url))?.body ?? "";

describe("the delivery of an environment", () => {
  it("is made of what it is for, and of nothing else", () => {
    expect(plans[2]).toEqual([
      "create aws_cloudfront_distribution.delivery_distribution",
      "create aws_cloudfront_origin_access_control.delivery_access",
      "create aws_cloudfront_response_headers_policy.delivery_headers",
      "update aws_s3_bucket_policy.resized_policy: policy",
      "create aws_s3_object.delivery_not-found",
    ]);
  });

  it("is taken by CloudFront's API as it was meant", () => {
    const body = bodyOf(made, "POST", /^\/2020-05-31\/distribution\?WithTags/);
    for (const part of [
      `<DomainName>${BUCKET}.s3.${dev.region}.amazonaws.com</DomainName>`,
      "<HttpVersion>http2and3</HttpVersion>",
      "<IsIPV6Enabled>true</IsIPV6Enabled>",
      "<ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy>",
      "<CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>",
      "<ErrorCode>403</ErrorCode>",
      "<ResponseCode>404</ResponseCode>",
      "<ResponsePagePath>/404.txt</ResponsePagePath>",
      "<ErrorCachingMinTTL>2</ErrorCachingMinTTL>",
    ])
      expect(body).toContain(part);
    expect(body).toMatch(/<OriginAccessControlId>\w+<\/OriginAccessControlId>/);
    expect(body).toMatch(/<ResponseHeadersPolicyId>policy-\w+<\/ResponseHeadersPolicyId>/);
  });

  it("is let into the bucket by its ARN, while it is there", () => {
    const letIn = {
      Sid: "ReadByTheDistribution",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::${BUCKET}/*`,
      Condition: {
        StringEquals: {
          // Moto leaves the empty region out.
          "aws:SourceArn": expect.stringMatching(
            new RegExp(`^arn:aws:cloudfront::?${dev.accountId}:distribution/\\w+$`),
          ),
        },
      },
    };
    expect(statements).toEqual([[...tlsOnly(BUCKET), letIn], tlsOnly(BUCKET), [...tlsOnly(BUCKET), letIn]]);
  });

  it("plans to change nothing when nothing changed, but for what Moto does not give back", () => {
    expect(plans[0]).toEqual([]);
  });

  it("changes the policy of headers in place, and nothing else, with other origins", () => {
    const written = deployment.questions(changed).map(({ action }) => action);
    expect(written).toContain("cloudfront:UpdateResponseHeadersPolicy");
    // What Moto does not give back is set again, and nothing is made, taken away or let in.
    expect(written.filter((action) => /^cloudfront:(Create|Delete)|^s3:Put(BucketPolicy|Object)/.test(action))).toEqual(
      [],
    );
    expect(bodyOf(changed, "PUT", /response-headers-policy/)).toContain("https://shop.example");
  });

  it("goes away whole, and the bucket with its pictures stays", () => {
    expect(plans[1]).toEqual([
      "delete aws_cloudfront_distribution.delivery_distribution",
      "delete aws_cloudfront_origin_access_control.delivery_access",
      "delete aws_cloudfront_response_headers_policy.delivery_headers",
      "update aws_s3_bucket_policy.resized_policy: policy",
      "delete aws_s3_object.delivery_not-found",
    ]);
    const deleted = deployment.questions(takenAway).filter(({ action }) => /:Delete/.test(action));
    const things = deleted.map(({ action, resource }) => `${action} ${resource}`);
    expect(new Set(things.map((thing) => thing.replace(/\/[A-Z0-9]+$|\/policy-\d+$/, "/ID")))).toEqual(
      new Set([
        `cloudfront:DeleteDistribution arn:aws:cloudfront::${dev.accountId}:distribution/ID`,
        `cloudfront:DeleteOriginAccessControl arn:aws:cloudfront::${dev.accountId}:origin-access-control/ID`,
        `cloudfront:DeleteResponseHeadersPolicy arn:aws:cloudfront::${dev.accountId}:response-headers-policy/ID`,
        `s3:DeleteObjectVersion arn:aws:s3:::${BUCKET}/404.txt`,
      ]),
    );
  });

  it("is within what the deploy role may do, all of it", async () => {
    const requests = [...made, ...changed, ...takenAway];
    const asked = new Set(deployment.questions(requests).map(({ action }) => action));
    for (const action of [
      "cloudfront:CreateDistribution",
      "cloudfront:TagResource",
      "cloudfront:UpdateDistribution",
      "cloudfront:UpdateResponseHeadersPolicy",
      "s3:PutObject",
    ])
      expect(asked).toContain(action);
    expect(await deployment.denied(DEPLOY_ROLE, requests)).toEqual([]);
  });

  it("is planned with the plan role, which only reads", async () => {
    expect(deployment.questions(planning).filter(({ action }) => !READING.test(action))).toEqual([]);
    expect(deployment.questions(planning).map(({ action }) => action)).toContain("cloudfront:GetDistribution");
    expect(await deployment.denied(PLAN_ROLE, planning)).toEqual([]);
  });
});
