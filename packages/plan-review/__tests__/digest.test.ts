import { planDigest } from "../digest";
import { synthesizedStack } from "../synthesized-stack";
import { parsePlan } from "../terraform-plan";
import { planFixture, planJson, planWith, stackJson } from "./plan-fixture";

const NO_STACK = synthesizedStack({});
const digestOfChange = (change: Parameters<typeof planWith>[0]) => planDigest(planWith(change).plan, NO_STACK);

describe("planDigest of two plans", () => {
  const digestOf = (json: unknown) => planDigest(parsePlan(json), NO_STACK);

  it("is the same for the same changes planned at another time, by another version, in another order", () => {
    const json = Object(planJson("changed-policy"));
    const again = {
      ...json,
      timestamp: "2030-01-01T00:00:00Z",
      terraform_version: "1.99.0",
      resource_changes: json.resource_changes.toReversed(),
    };

    expect(digestOf(again)).toBe(digestOf(json));
  });

  it("is the same whatever else stays as it is", () => {
    const json = Object(planJson("changed-policy"));
    const changed = json.resource_changes.filter(
      (entry: { change: { actions: string[] } }) => entry.change.actions[0] !== "no-op",
    );

    expect(digestOf({ ...json, resource_changes: changed })).toBe(digestOf(json));
  });

  it.each([
    ["another value", { after: { a: 2 } }],
    ["another action", { actions: ["create"] }],
    ["another resource", { name: "other" }],
    ["a value that is unknown now", { after: { a: 1 }, unknown: { a: true } }],
    ["a text that reads like the marker", { after: { a: "<unknown>" } }],
  ])("differs for %s", (_, change) => {
    expect(digestOfChange({ after: { a: 1 }, ...change })).not.toBe(digestOfChange({ after: { a: 1 } }));
  });

  it("tells an unknown value from a text that reads like its marker", () => {
    const unknown = digestOfChange({ after: { a: 1 }, unknown: { a: true } });

    expect(unknown).not.toBe(digestOfChange({ after: { a: "<unknown>" } }));
  });

  it("tells an unknown value from a sensitive one", () => {
    const sensitive = digestOfChange({ after: { a: 1 }, sensitive: { a: true } });

    expect(sensitive).not.toBe(digestOfChange({ after: { a: 1 }, unknown: { a: true } }));
  });

  it("takes no secret from the plan that could be guessed from it", () => {
    const digestOf = (pin: string) => digestOfChange({ after: { pin }, sensitive: { pin: true } });

    expect(digestOf("1234")).toBe(digestOf("9999"));
  });
});

describe("planDigest of one plan made from two stacks", () => {
  const { plan } = planFixture("first-deploy");
  const written = Object(stackJson("first-deploy"));
  const digestOf = (stack: object) => planDigest(plan, synthesizedStack(stack));

  it("differs for a policy that the plan knows only after apply", () => {
    const text = JSON.stringify(written);
    const widened = text.replaceAll('\\"s3:GetObject\\"', '\\"s3:*\\"');

    expect(widened).not.toBe(text);
    expect(digestOf(JSON.parse(widened))).not.toBe(digestOf(written));
  });

  it.each<[string, object, object]>([
    [
      "a provisioner",
      { resource: { terraform_data: { it: {} } } },
      { resource: { terraform_data: { it: { provisioner: [{ "local-exec": { command: "id" } }] } } } },
    ],
    [
      "an argument of the provider",
      { provider: { aws: [{ region: "eu-west-1" }] } },
      { provider: { aws: [{ region: "eu-west-1", endpoints: [{ s3: "https://example.com" }] }] } },
    ],
    [
      "another backend",
      { terraform: { backend: { s3: { key: "dev" } } } },
      { terraform: { backend: { s3: { key: "prod" } } } },
    ],
    [
      "a variable that is named like a note",
      { resource: { a: { it: { variables: {} } } } },
      { resource: { a: { it: { variables: { "//": "x" } } } } },
    ],
    [
      "a value that the review hides",
      { resource: { a: { it: { api_token: "one" } } } },
      { resource: { a: { it: { api_token: "two" } } } },
    ],
  ])("differs for %s", (_, before, after) => {
    expect(digestOf(after)).not.toBe(digestOf(before));
  });

  it("is the same whatever CDKTF notes beside it, and in whatever order it is written", () => {
    const noted = { "//": { metadata: 1 }, resource: { a: { it: { "//": { metadata: 2 }, x: 1, y: 2 } } } };

    expect(digestOf(noted)).toBe(digestOf({ resource: { a: { it: { y: 2, x: 1 } } } }));
  });
});
