import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { loadProject } from "../../environments";
import { bootstrapStackId, stackId } from "../../environments/names";
import { addressesOf, addressFaults } from "../support/addresses";
import { bootstrapStack, pipelineStack, type Terraform, terraformOf, withApp } from "../support/synthesized";

const { environments, bootstrap } = loadProject();

const STACKS: readonly (readonly [id: string, synthesize: () => Terraform])[] = [
  ...environments.map(
    (environment) =>
      [stackId(environment.name), () => withApp((app) => terraformOf(pipelineStack(app, environment)))] as const,
  ),
  ...bootstrap.accounts.map(
    (account) =>
      [
        bootstrapStackId(account.name),
        () =>
          withApp((app) =>
            terraformOf(
              bootstrapStack(
                app,
                environments.filter(({ accountId }) => accountId === account.accountId),
                account,
              ),
            ),
          ),
      ] as const,
  ),
];

describe("the addresses of what is deployed", () => {
  it.each(STACKS)("stay where they are in %s", (id, synthesize) => {
    const file = join("__tests__/stacks/addresses", `${id}.txt`);
    const terraform = synthesize();
    if (process.env.UPDATE_ADDRESSES) writeFileSync(file, `${addressesOf(terraform).join("\n")}\n`);
    // A new environment has no file yet: every address is new.
    const written = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
    expect(addressFaults(written, terraform, file)).toEqual([]);
  });

  const oneBucket = (id: string, movedFrom?: string) =>
    withApp((app) => {
      const stack = bootstrapStack(app, []);
      const bucket = new S3Bucket(stack, id, { bucket: "photos" });
      if (movedFrom) bucket.moveFromId(movedFrom);
      return terraformOf(stack);
    });

  it("are missed when a resource goes or moves, with the way to keep it", () => {
    const written = addressesOf(oneBucket("before"));
    expect(addressFaults(written, oneBucket("after"), "test.txt")).toEqual([
      expect.stringMatching(
        /^aws_s3_bucket\.before is gone, so the next deployment destroys it .* call moveFromId\("aws_s3_bucket\.before"\)/,
      ),
      expect.stringMatching(/^aws_s3_bucket\.after is new: write it down in test\.txt/),
    ]);
  });

  it("may change when the resource is moved and not destroyed", () => {
    const moved = oneBucket("after", "aws_s3_bucket.before");
    expect(addressFaults([...addressesOf(oneBucket("before")), "aws_s3_bucket.after"], moved, "test.txt")).toEqual([]);
  });
});
