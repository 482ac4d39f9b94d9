import { synthesized } from "../support/synthesized";

describe("the state of a stack", () => {
  it("is a file in the project folder that is found from any checkout", () => {
    expect(synthesized({ state: "local" }).terraform.backend).toEqual({
      local: { path: "../../../terraform.pipeline.tfstate" },
    });
  });

  it("is an encrypted object in S3 that Terraform locks, for the account of the environment only", () => {
    const state = { bucket: "states", key: "test.tfstate", region: "eu-west-3" } as const;
    expect(synthesized({ accountId: "999999999999", state }).terraform.backend).toEqual({
      s3: {
        bucket: "states",
        key: "test.tfstate",
        region: "eu-west-3",
        encrypt: true,
        use_lockfile: true,
        allowed_account_ids: ["999999999999"],
      },
    });
  });
});
