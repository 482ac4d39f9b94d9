import { successorFaults } from "../../ci/successor/differences";

const STACK = "stacks/one/cdk.tf.json";
const stack = (version: string, aws: object, more: object = {}) => ({
  "//": { metadata: { version } },
  terraform: { required_providers: { aws } },
  ...more,
});
const files = (value: object, more: Readonly<Record<string, unknown>> = {}) =>
  new Map(Object.entries({ [STACK]: value, ...more }));
const before = files(stack("0.21.0", { source: "aws", version: "6.25.0" }));
const now = { source: "hashicorp/aws", version: "6.66.0" };

describe("the successor's synthesis", () => {
  it("is as expected with other versions and the provider's full name", () => {
    expect(successorFaults(before, files(stack("0.24.0", now)))).toEqual([]);
  });

  it("is not when the same library has synthesized it", () => {
    expect(successorFaults(before, before)).toEqual([
      `${STACK}: expected //.metadata.version: "0.21.0" -> "0.24.0"`,
      `${STACK}: expected terraform.required_providers.aws.source: "aws" -> "hashicorp/aws"`,
      `${STACK}: expected terraform.required_providers.aws.version: "6.25.0" -> "6.66.0"`,
    ]);
  });

  it.each<[string, ReadonlyMap<string, unknown>, string]>([
    ["a value more", files(stack("0.24.0", now, { output: { a: {} } })), `${STACK}: output.a: nothing -> {}`],
    ["another item of a list", files(stack("0.24.0", now, { output: [1, 2] })), `${STACK}: output.0: nothing -> 1`],
    ["a file more", files(stack("0.24.0", now), { "assets/a.zip": "AAAA" }), 'assets/a.zip: : nothing -> "AAAA"'],
  ])("is not with %s", (_what, after, fault) => {
    expect(successorFaults(before, after)).toContain(fault);
  });

  it("is not with a value less", () => {
    expect(successorFaults(before, files({ terraform: {} }))).toContain(
      `${STACK}: //.metadata.version: "0.21.0" -> nothing`,
    );
  });
});
