import { redactedPlan } from "../redacted-plan";
import { parsePlan } from "../terraform-plan";
import { planJson } from "./plan-fixture";

const planOf = (change: object, more: object = {}) => ({
  format_version: "1.2",
  configuration: { root_module: {} },
  resource_changes: [{ address: "a.b", type: "a", change: { actions: ["update"], before: null, ...change } }],
  ...more,
});
const AWS_KEY = "AKIAIOSFODNN7EXAMPLE";

describe("redactedPlan", () => {
  it.each(["first-deploy", "changed-policy", "replaced-bucket", "destroyed", "secret", "very-large"])(
    "leaves everything that a review reads: %s",
    (name) => {
      expect(parsePlan(redactedPlan(planJson(name)))).toEqual(parsePlan(planJson(name)));
    },
  );

  it("leaves what was moved and what was imported", () => {
    const moved = planOf({ after: { x: 1 }, importing: { id: "1" } });
    const plan = {
      ...moved,
      resource_changes: moved.resource_changes.map((it) => ({ ...it, previous_address: "a.c" })),
    };

    expect(parsePlan(redactedPlan(plan)).resources).toMatchObject([{ movedFrom: "a.c", imported: true }]);
  });

  it("holds no sensitive value of a real plan", () => {
    expect(JSON.stringify(planJson("secret"))).toContain("hunter2");
    expect(JSON.stringify(redactedPlan(planJson("secret")))).not.toContain("hunter2");
  });

  it.each<[string, object]>([
    ["was sensitive before", { before: { key: "hunter2" }, after: { key: "x" }, before_sensitive: { key: true } }],
    ["becomes sensitive", { before: { key: "hunter2" }, after: { key: "x" }, after_sensitive: { key: true } }],
    ["is sensitive in a list", { after: { keys: [{ v: "hunter2" }] }, after_sensitive: { keys: [{ v: true }] } }],
    ["is named like a secret", { after: { variables: { db_password: "hunter2" } } }],
  ])("holds no value that %s", (_, change) => {
    const plan = planOf(change);

    expect(JSON.stringify(redactedPlan(plan))).not.toContain("hunter2");
    expect(parsePlan(redactedPlan(plan))).toEqual(parsePlan(plan));
  });

  it("holds no value that looks like a secret, and one that came after it stays", () => {
    const plan = planOf({ before: { note: AWS_KEY }, after: { note: "harmless" } });

    expect(JSON.stringify(redactedPlan(plan))).not.toContain(AWS_KEY);
    expect(parsePlan(redactedPlan(plan))).toEqual(parsePlan(plan));
  });

  it.each(["variables", "prior_state", "planned_values"])("holds nothing of %s", (part) => {
    expect(JSON.stringify(redactedPlan(planOf({ after: {} }, { [part]: { it: "hunter2" } })))).not.toContain("hunter2");
  });

  it.each<[string, object, object]>([
    ["a list", { after: { command: ["--key", AWS_KEY] } }, {}],
    ["an output", { after: {} }, { output_changes: { key: { actions: ["create"], before: null, after: AWS_KEY } } }],
  ])("holds nothing that looks like a secret in %s", (_, change, more) => {
    const plan = planOf(change, more);

    expect(JSON.stringify(redactedPlan(plan))).not.toContain(AWS_KEY);
    expect(JSON.stringify(parsePlan(plan))).not.toContain(AWS_KEY);
    expect(parsePlan(redactedPlan(plan))).toEqual(parsePlan(plan));
  });

  it("hides sensitive outputs", () => {
    const output_changes = {
      key: { actions: ["create"], before: null, after: "hunter2", after_sensitive: true, before_sensitive: true },
    };

    expect(JSON.stringify(redactedPlan(planOf({ after: {} }, { output_changes })))).not.toContain("hunter2");
  });

  it("leaves a plan unreadable that is", () => {
    expect(() => parsePlan(redactedPlan({ values: {} }))).toThrow("received other JSON");
    expect(() => parsePlan(redactedPlan([]))).toThrow("received other JSON");
  });
});
