import { GetOpenIDConnectProviderCommand, ListOpenIDConnectProvidersCommand } from "@aws-sdk/client-iam";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { bootstrap } from "../../environments/accounts";
import { dev } from "../../environments/dev";
import { isAllowed } from "../support/is-allowed";
import { type AwsAccount, startAccount } from "./support/aws-account";
import { type AwsClients, clientsOf } from "./support/aws-clients";
import type { AwsRequest } from "./support/aws-request";
import { Checkout } from "./support/checkout";
import { deniedTo as deniedOf } from "./support/denied-to";
import { iamQuestions, READING } from "./support/iam-questions";
import { changesIn } from "./support/plan";
import { readBucket, readRole, tlsOnly } from "./support/read-back";
import { takeRole } from "./support/take-role";
import { whatIsThere } from "./support/what-is-there";

const STATE_BUCKET = "image-pipeline-state-111111111111";
const BOUNDARY_ARN = `arn:aws:iam::${dev.accountId}:policy/ImagePipelineBoundary-dev`;
const PIPELINE_ROLES = [
  "ImageResizeFunction-dev",
  "ImageExecutionStatusFunction-dev",
  "ImageProcessingStateMachine-dev",
  "ImageResizeAPI-dev",
  "ImageUploaded-dev",
];

let account: AwsAccount;
let project: Checkout;
let aws: AwsClients;
let deployed: readonly AwsRequest[];

beforeAll(async () => {
  account = await startAccount(dev.accountId);
  aws = clientsOf(account, dev.region);
  project = await Checkout.ofProject();
  project.edit("environments/dev.ts", "permissionsBoundary: false", "permissionsBoundary: true");
  await project.synth();
  await deploy("bootstrap-dev");
  const before = account.requests.length;
  await deploy("image-pipeline-dev");
  deployed = account.requests.slice(before);
});

afterAll(async () => {
  await account?.stop();
  project?.remove();
});

const deploy = (stack: string, ...flags: readonly string[]) => project.deploy(account, [stack], flags);

const deniedTo = (roleName: string, requests: readonly AwsRequest[]) =>
  deniedOf(roleName, requests, { aws, accountId: account.accountId });

describe("the bootstrap stack", () => {
  it("makes a private, versioned, encrypted bucket for the state that is reached over TLS only", async () => {
    expect(await readBucket(aws, STATE_BUCKET)).toMatchObject({
      publicAccess: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      statements: tlsOnly(STATE_BUCKET),
      encryption: ["AES256"],
      versioning: "Enabled",
      ownership: ["BucketOwnerEnforced"],
    });
  });

  it("trusts GitHub's tokens for AWS", async () => {
    const { OpenIDConnectProviderList = [] } = await aws.iam.send(new ListOpenIDConnectProvidersCommand({}));
    const [provider] = OpenIDConnectProviderList;
    expect(OpenIDConnectProviderList).toHaveLength(1);
    expect(
      await aws.iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: provider?.Arn })),
    ).toMatchObject({ Url: "token.actions.githubusercontent.com", ClientIDList: ["sts.amazonaws.com"] });
  });

  it.each([
    ["ImagePipelinePlan", ["pull_request", "ref:refs/heads/main"], {}],
    [
      "ImagePipelineDeploy-dev",
      ["environment:dev"],
      {
        "token.actions.githubusercontent.com:ref": "refs/heads/main",
        "token.actions.githubusercontent.com:job_workflow_ref":
          "example-org/image-pipeline/.github/workflows/deploy-environment.yml@refs/heads/main",
      },
    ],
  ])("gives %s to the one repository and to nobody else", async (roleName, runs, claims) => {
    expect((await readRole(aws, roleName)).trust).toEqual([
      {
        Sid: "TakenByGithub",
        Effect: "Allow",
        Principal: {
          Federated: `arn:aws:iam::${dev.accountId}:oidc-provider/token.actions.githubusercontent.com`,
        },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": runs.map((run) => `repo:${bootstrap.repository}:${run}`),
            ...claims,
          },
        },
      },
    ]);
  });

  it("bounds every role of the pipeline", async () => {
    for (const role of PIPELINE_ROLES) expect((await readRole(aws, role)).boundary).toBe(BOUNDARY_ARN);
  });

  it("lets the deploy role do all that a first deployment does", async () => {
    expect(iamQuestions(deployed, account.accountId).length).toBeGreaterThan(100);
    expect(await deniedTo("ImagePipelineDeploy-dev", deployed)).toEqual([]);
  });

  it("lets the plan role do nothing of it but read", async () => {
    const { statements } = await readRole(aws, "ImagePipelinePlan");
    const allowed = iamQuestions(deployed, account.accountId).filter((question) => isAllowed(statements, question));
    expect(allowed.length).toBeGreaterThan(100);
    expect(allowed.filter(({ action }) => !READING.test(action))).toEqual([]);
  });
});

describe("the state, moved to the bucket", () => {
  let clone: Checkout;

  beforeAll(async () => {
    const state = (key: string) => `state: { bucket: "${STATE_BUCKET}", key: "${key}", region: "${dev.region}" }`;
    project.edit("environments/dev.ts", 'state: "local"', state("image-pipeline-dev.tfstate"));
    project.edit(
      "environments/accounts.ts",
      `stateBucketName: "${STATE_BUCKET}",\n      state: "local"`,
      `stateBucketName: "${STATE_BUCKET}",\n      ${state("bootstrap-dev.tfstate")}`,
    );
    await project.synth();
    await deploy("bootstrap-dev", "--migrate-state");
    await deploy("image-pipeline-dev", "--migrate-state");
    clone = await project.clone();
    await clone.synth();
  });

  afterAll(() => clone?.remove());

  it.each(["bootstrap-dev", "image-pipeline-dev"])("is there for %s, all of it", async (stack) => {
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: STATE_BUCKET, Key: `${stack}.tfstate` }));
    const { resources } = JSON.parse((await Body?.transformToString()) ?? "");
    const managed = Object.values<object>(project.synthesized(stack).resource).flatMap((byName) => Object.keys(byName));
    expect(resources).toHaveLength(managed.length);
  });

  it("is not left locked", async () => {
    const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket: STATE_BUCKET }));
    expect(Contents.map(({ Key }) => Key).sort()).toEqual(["bootstrap-dev.tfstate", "image-pipeline-dev.tfstate"]);
  });

  it("is enough for a clean clone in another folder to plan no change, with the plan role and without a lock", async () => {
    const before = account.requests.length;
    const plan = await clone.diff(account, "image-pipeline-dev", {
      ...(await takeRole(account, "ImagePipelinePlan")),
      TF_CLI_ARGS_plan: "-lock=false",
    });
    const asked = account.requests.slice(before);
    expect(changesIn(plan)).toEqual([]);
    expect(await deniedTo("ImagePipelinePlan", asked)).toEqual([]);
    expect(asked.some(({ url }) => url.includes(".tflock"))).toBe(false);
  });

  it("is locked while the deploy role destroys dev, which it may do in full", async () => {
    const before = account.requests.length;
    const { status, output } = await clone.destroy(
      account,
      "image-pipeline-dev",
      await takeRole(account, "ImagePipelineDeploy-dev"),
    );
    const asked = account.requests.slice(before);
    expect({ status, output }).toMatchObject({ status: 0 });
    expect(await deniedTo("ImagePipelineDeploy-dev", asked)).toEqual([]);
    expect(asked.filter(({ url }) => url.includes(".tflock")).map(({ method }) => method)).toEqual(
      expect.arrayContaining(["PUT", "DELETE"]),
    );
    expect(await whatIsThere(aws)).toEqual([
      `bucket ${STATE_BUCKET}`,
      "policy ImagePipelineBoundary-dev",
      "policy ImagePipelineInvoke-dev",
      "policy ImagePipelineRead-dev",
      "role ImagePipelineDeploy-dev",
      "role ImagePipelinePlan",
    ]);
  });
});
