import { deploymentTarget } from "../../ci/deployment-target";

const STACK = {
  terraform: { backend: { s3: { bucket: "state" } } },
  provider: { aws: [{ region: "eu-west-1", allowed_account_ids: ["111111111111"] }] },
};

describe("deploymentTarget", () => {
  it("reads account and region from the stack", () => {
    expect(deploymentTarget("image-pipeline-dev", STACK)).toEqual({ accountId: "111111111111", region: "eu-west-1" });
  });

  it.each<[string, object, string]>([
    [
      "state on the runner's disk",
      { ...STACK, terraform: { backend: { local: {} } } },
      "image-pipeline-dev: expected its state in S3 but received local",
    ],
    [
      "no backend",
      { provider: STACK.provider },
      "image-pipeline-dev: expected its state in S3 but received no backend",
    ],
    [
      "no account",
      { ...STACK, provider: { aws: [{ region: "eu-west-1" }] } },
      "image-pipeline-dev: expected an AWS provider with region and allowed_account_ids",
    ],
    [
      "no provider",
      { ...STACK, provider: {} },
      "image-pipeline-dev: expected an AWS provider with region and allowed_account_ids",
    ],
  ])("refuses a stack with %s", (_, stack, message) => {
    expect(() => deploymentTarget("image-pipeline-dev", stack)).toThrow(message);
  });
});
