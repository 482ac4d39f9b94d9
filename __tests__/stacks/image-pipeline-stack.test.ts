import { dev } from "../../environments/dev";
import { only, synthesized } from "../support/synthesized";

describe("ImagePipelineStack", () => {
  it("may only be deployed to the account of its environment", () => {
    expect(synthesized({ accountId: "999999999999" }).provider.aws).toMatchObject([
      { allowed_account_ids: ["999999999999"] },
    ]);
  });

  it("tags everything through the provider", () => {
    expect(synthesized({ tags: { team: "pictures" } }).provider.aws).toMatchObject([
      { default_tags: [{ tags: { team: "pictures" } }] },
    ]);
  });

  it("says where it can be reached", () => {
    expect(Object.keys(synthesized().output).sort()).toEqual([
      "api_auth",
      "api_url",
      "original_bucket_name",
      "region",
      "resized_bucket_name",
      "state_machine_arn",
    ]);
  });

  it("names everything a user meets with the environment as suffix", () => {
    const terraform = synthesized({ name: "demo" });
    expect(
      Object.values(terraform.resource.aws_lambda_function ?? {}).map(({ function_name }) => function_name),
    ).toEqual(["ImageResizeFunction-demo", "ImageExecutionStatusFunction-demo"]);
    expect(only(terraform, "aws_sfn_state_machine").name).toBe("ImageProcessingStateMachine-demo");
    expect(only(terraform, "aws_apigatewayv2_api").name).toBe("ImageResizeAPI-demo");
  });

  it("shares no name between two environments of one account", () => {
    const namesOf = (name: string) =>
      Object.values(synthesized({ ...dev, name, originalBucket: `${name}-o`, resizedBucketName: `${name}-r` }).resource)
        .flatMap((byName) => Object.values(byName))
        .flatMap(({ name: own, bucket, function_name, layer_name }) => [own, bucket, function_name, layer_name])
        .filter((value): value is string => typeof value === "string" && !value.includes("${"))
        // Names below an API or a role, which are unique there.
        .filter((value) => !["$default", "permissions"].includes(value));
    const one = namesOf("one");
    expect(one.length).toBeGreaterThan(12);
    expect(one.filter((name) => namesOf("two").includes(name))).toEqual([]);
  });

  it("depends on nothing but its environment: the same data gives the same JSON", () => {
    expect(synthesized()).toEqual(synthesized());
  });
});
