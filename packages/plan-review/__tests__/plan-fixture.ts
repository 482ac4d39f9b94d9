import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { PlannedReview } from "../findings";
import { synthesizedStack } from "../synthesized-stack";
import { parsePlan } from "../terraform-plan";

const read = (file: string): unknown =>
  JSON.parse(gunzipSync(readFileSync(join(__dirname, "fixtures/plans", `${file}.gz`))).toString());

/** A plan of the real Terraform and the real AWS provider, as make-plan-fixtures.ts made it. */
export function planFixture(name: string): Required<PlannedReview> {
  return {
    name: "image-pipeline-dev",
    plan: parsePlan(planJson(name)),
    stack: synthesizedStack(stackJson(name)),
  };
}

/** The same as `terraform show -json` gave it. */
export function planJson(name: string): unknown {
  return read(`${name}.plan.json`);
}

/** The stack that it was made from. */
export function stackJson(name: string): unknown {
  return read(`${name}.cdk.tf.json`);
}

/** A plan with one resource, for what no real plan of this project shows. */
export function planWith(change: {
  readonly type?: string;
  readonly name?: string;
  readonly actions?: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly sensitive?: unknown;
  readonly unknown?: unknown;
}): PlannedReview {
  const { type = "aws_iam_role_policy", name = "it", actions = ["update"], before = null, after = null } = change;
  const expressions = Object.fromEntries(Object.keys({ ...Object(after) }).map((attribute) => [attribute, {}]));
  const address = `${type}.${name}`;
  return {
    name: "image-pipeline-dev",
    plan: parsePlan({
      format_version: "1.2",
      configuration: { root_module: { resources: [{ address: `${type}.${name}`, expressions }] } },
      resource_changes: [
        {
          address,
          type,
          change: {
            actions,
            before,
            after,
            after_sensitive: change.sensitive ?? {},
            after_unknown: change.unknown ?? {},
          },
        },
      ],
    }),
  };
}
