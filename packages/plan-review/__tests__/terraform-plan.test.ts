import { parsePlan, UnreadablePlan } from "../terraform-plan";
import { SENSITIVE, UNKNOWN } from "../value";
import { planFixture, planWith } from "./plan-fixture";

const FIRST = { format_version: "1.2", configuration: {}, resource_changes: [] };

describe("parsePlan refuses", () => {
  it.each<[string, unknown, string]>([
    [
      "other JSON",
      { hello: 1 },
      "expected the output of `terraform show -json` of a plan file but received other JSON",
    ],
    ["a list", [], "expected the output of `terraform show -json` of a plan file but received other JSON"],
    ["a format to come", { ...FIRST, format_version: "2.0" }, "expected plan format 1.x but received 2.0"],
    [
      "a plan that failed",
      { ...FIRST, errored: true },
      "expected a complete plan but received one that ended in an error",
    ],
    [
      "a state",
      { format_version: "1.0", values: {} },
      "expected a plan but received a state; give `terraform show -json` the plan file",
    ],
    [
      "a change without an address",
      { ...FIRST, resource_changes: [{}] },
      "expected each resource change to have an address, a type and a change",
    ],
    [
      "an action to come",
      { ...FIRST, resource_changes: [{ address: "a.b", type: "a", change: { actions: ["create", "forget"] } }] },
      "a.b: expected actions that Terraform 1.x knows but received create,forget",
    ],
  ])("%s", (_, json, message) => {
    expect(() => parsePlan(json)).toThrow(new UnreadablePlan(message));
  });
});

describe("parsePlan", () => {
  const only = (change: Parameters<typeof planWith>[0]) => planWith(change).plan.resources[0];

  it("hides what was not sensitive before and is now, on both sides", () => {
    const { before, after } = only({ before: { key: "old" }, after: { key: "new" }, sensitive: { key: true } }) ?? {};

    expect([before, after]).toEqual([{ key: SENSITIVE }, { key: SENSITIVE }]);
  });

  it("hides sensitive parts of lists and objects", () => {
    const after = { rules: [{ name: "a", value: "hidden" }] };

    expect(only({ after, sensitive: { rules: [{ value: true }] } })?.after).toEqual({
      rules: [{ name: "a", value: SENSITIVE }],
    });
  });

  it.each([
    ["db_password", "x"],
    ["API_TOKEN", "x"],
    ["clientSecret", "x"],
    ["note", "AKIAIOSFODNN7EXAMPLE"],
    ["note", "-----BEGIN RSA PRIVATE KEY-----"],
    ["note", `ghp_${"a1".repeat(18)}`],
  ])("hides %s = %s although nobody marked it", (name, value) => {
    expect(only({ after: { variables: { [name]: value } } })?.after).toEqual({ variables: { [name]: SENSITIVE } });
  });

  it.each(["api_key_required", "token_validity", "secret_name", "monkey"])(
    "shows %s, which only sounds like a secret",
    (name) => {
      expect(only({ after: { [name]: "x" } })?.after).toEqual({ [name]: "x" });
    },
  );

  it("leaves out what nobody wrote and the provider fills in, and keeps it as the current state", () => {
    const change = planWith({ before: { arn: "old" }, after: {}, unknown: { arn: true } }).plan.resources[0];

    expect([change?.before, change?.after, change?.current]).toEqual([{}, {}, { arn: "old" }]);
  });

  it("keeps what somebody wrote and is known after apply", () => {
    expect(only({ after: { layers: undefined }, unknown: { layers: true } })?.after).toEqual({ layers: UNKNOWN });
  });

  it("finds what is written in a module and under for_each", () => {
    const resources = [{ address: "aws_s3_bucket.it", expressions: { bucket: {} } }];
    const change = { actions: ["create"], before: null, after: {}, after_unknown: { bucket: true, arn: true } };
    const { resources: found } = parsePlan({
      ...FIRST,
      configuration: { root_module: { module_calls: { m: { module: { resources } } } } },
      resource_changes: [{ address: 'module.m["a"].aws_s3_bucket.it[0]', type: "aws_s3_bucket", change }],
    });

    expect(found[0]?.after).toEqual({ bucket: UNKNOWN });
  });

  it("leaves out outputs that stay", () => {
    expect(planFixture("replaced-bucket").plan.outputs.map(({ name }) => name)).toEqual(["original_bucket_name"]);
  });
});
