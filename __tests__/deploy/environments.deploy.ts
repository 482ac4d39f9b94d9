import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { dev } from "../../environments/dev";
import { originalBucketName } from "../../environments/original-bucket";
import { prod } from "../../environments/prod";
import { type AwsAccount, startAccount } from "./support/aws-account";
import { clientsOf } from "./support/aws-clients";
import { Checkout } from "./support/checkout";
import { iamQuestions, READING } from "./support/iam-questions";
import { keepsItsPromises } from "./support/pipeline-promises";
import { changesIn } from "./support/plan";
import { onePipeline, whatIsThere } from "./support/what-is-there";

let project: Checkout;
let accounts: Readonly<Record<"dev" | "prod", AwsAccount>>;

beforeAll(async () => {
  const [devAccount, prodAccount] = await Promise.all([startAccount(dev.accountId), startAccount(prod.accountId)]);
  accounts = { dev: devAccount, prod: prodAccount };
  project = await Checkout.ofProject();
  await project.synth();
});

afterAll(async () => {
  await Promise.all(Object.values(accounts ?? {}).map((account) => account.stop()));
  project?.remove();
});

const ENVIRONMENTS = [
  ["dev", dev],
  ["prod", prod],
] as const;

const bucketsOf = (environment: typeof dev) => [originalBucketName(environment), environment.resizedBucketName];

describe("the account of another environment", () => {
  it("is refused before anything is made", async () => {
    const { status } = await project.tryToDeploy(accounts.prod, ["image-pipeline-dev"]);
    expect(status).not.toBe(0);
    // Terraform asked whose account this is, and went no further.
    expect(new Set(accounts.prod.requests.map(({ body }) => new URLSearchParams(body).get("Action")))).toEqual(
      new Set(["GetCallerIdentity"]),
    );
    expect(await whatIsThere(clientsOf(accounts.prod, dev.region))).toEqual([]);
  });
});

describe("dev and prod, deployed to accounts of their own", () => {
  beforeAll(async () => {
    await Promise.all(ENVIRONMENTS.map(([name]) => project.deploy(accounts[name], [`image-pipeline-${name}`])));
  });

  describe.each(ENVIRONMENTS)("%s", (name, environment) => {
    keepsItsPromises(environment, () => ({
      aws: clientsOf(accounts[name], environment.region),
      terraform: project.synthesized(`image-pipeline-${name}`),
    }));

    it("plans to change nothing when nothing changed", async () => {
      expect(changesIn(await project.diff(accounts[name], `image-pipeline-${name}`))).toEqual([]);
    });
  });

  it("changes the function's code and nothing else when a handler changes", async () => {
    project.edit("handlers/resize-image/index.ts", "export ", "console.debug('changed');\nexport ");
    await project.synth();
    expect(changesIn(await project.diff(accounts.dev, "image-pipeline-dev"))).toEqual([
      "update aws_lambda_function.resize_function_54395A7C: filename, source_code_hash",
    ]);
  });

  it("refuses to destroy prod, and takes no part of it away", async () => {
    const before = accounts.prod.requests.length;
    const { status, output } = await project.destroy(accounts.prod, "image-pipeline-prod");
    expect(output).toContain("64 to destroy");
    expect(status).not.toBe(0);
    const asked = iamQuestions(accounts.prod.requests.slice(before), prod.accountId);
    expect(asked.filter(({ action }) => !READING.test(action))).toEqual([]);
    expect(await whatIsThere(clientsOf(accounts.prod, prod.region))).toEqual(onePipeline("prod", bucketsOf(prod)));
  });

  it("destroys dev without a trace, pictures included", async () => {
    const aws = clientsOf(accounts.dev, dev.region);
    for (const Body of ["first", "second"]) {
      await aws.s3.send(new PutObjectCommand({ Bucket: originalBucketName(dev), Key: "cat.jpg", Body }));
    }
    const { status, output } = await project.destroy(accounts.dev, "image-pipeline-dev");
    expect({ status, output }).toMatchObject({ status: 0 });
    expect(await whatIsThere(aws)).toEqual([]);
    const state = readFileSync(join(project.folder, "terraform.image-pipeline-dev.tfstate"), "utf8");
    expect(JSON.parse(state).resources).toEqual([]);
  });
});
