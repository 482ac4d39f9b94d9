import { dev } from "../../environments/dev";
import { originalBucketName } from "../../environments/original-bucket";
import { prod } from "../../environments/prod";
import { type AwsAccount, startAccount } from "./support/aws-account";
import { clientsOf } from "./support/aws-clients";
import { Checkout } from "./support/checkout";
import { changesIn } from "./support/plan";
import { succeed } from "./support/run";
import { onePipeline, whatIsThere } from "./support/what-is-there";

const ACCOUNT_ID = "333333333333";
const OTHER_SHARP_VERSION = "0.35.4";

let account: AwsAccount;
let project: Checkout;

beforeAll(async () => {
  account = await startAccount(ACCOUNT_ID);
  project = await Checkout.ofProject();
  for (const { name, accountId } of [dev, prod]) {
    project.edit(`environments/${name}.ts`, `accountId: "${accountId}"`, `accountId: "${ACCOUNT_ID}"`);
  }
  await project.synth();
  await project.deploy(account, ["image-pipeline-dev", "image-pipeline-prod"]);
});

afterAll(async () => {
  await account?.stop();
  project?.remove();
});

describe("dev and prod, deployed side by side to one account", () => {
  it("are both there, for no two of their names are the same", async () => {
    expect(await whatIsThere(clientsOf(account, dev.region))).toEqual(
      [dev, prod]
        .flatMap((environment) =>
          onePipeline(environment.name, [originalBucketName(environment), environment.resizedBucketName]),
        )
        .sort(),
    );
  });

  it("change the layer and the function that uses it, and nothing else, with another version of sharp", async () => {
    // As a person would do it: another published version, and the lockfile that npm writes for it.
    await succeed(
      "npm",
      ["install", "--package-lock-only", "--save-exact", "--ignore-scripts", `sharp@${OTHER_SHARP_VERSION}`],
      { cwd: `${project.folder}/packaging/sharp-layer` },
    );
    await project.synth();
    expect(changesIn(await project.diff(account, "image-pipeline-dev"))).toEqual([
      "update aws_lambda_function.resize_function_54395A7C: layers",
      expect.stringMatching(/^(delete and create|create and delete) aws_lambda_layer_version\.resize_sharp_/),
    ]);
  });
});
