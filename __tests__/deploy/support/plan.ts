/** One resource in `terraform show -json` of a plan, as far as the tests look into it. */
interface ResourceChange {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly after_unknown: Readonly<Record<string, unknown>>;
  };
}

/** A plan as Terraform prints it in JSON. */
export interface Plan {
  readonly resource_changes: readonly ResourceChange[];
}

// Moto does not give these back, so the provider plans to set them again each time.
const NOT_GIVEN_BACK_BY_MOTO: ReadonlyMap<string, readonly string[]> = new Map([
  ["aws_lambda_function.resize_function_54395A7C", ["logging_config"]],
  ["aws_lambda_function.status_function_6C5CA4AA", ["logging_config"]],
  ["aws_s3_bucket_notification.upload_notification_A10C5163", ["eventbridge"]],
  [
    "aws_cloudfront_distribution.delivery_distribution_4DE4A645",
    ["default_cache_behavior", "origin", "viewer_certificate"],
  ],
]);

// What Lambda answers to any change of a function, whatever was changed.
const ANSWERED_BY_LAMBDA = ["last_modified", "qualified_arn", "qualified_invoke_arn", "version"];

/** What a plan would do, an entry per resource it touches: `update aws_x.y: attribute, attribute`. */
export function changesIn(plan: Plan): readonly string[] {
  return plan.resource_changes.flatMap(({ address, change }) => {
    const actions = change.actions.filter((action) => action !== "no-op" && action !== "read");
    if (actions.length === 0) return [];
    if (actions.join() !== "update") return [`${actions.join(" and ")} ${address}`];
    const names = Object.keys({ ...change.before, ...change.after, ...change.after_unknown })
      .filter((name) => isChanged(name, change))
      .filter((name) => !NOT_GIVEN_BACK_BY_MOTO.get(address)?.includes(name) && !ANSWERED_BY_LAMBDA.includes(name))
      .sort();
    return names.length === 0 ? [] : [`update ${address}: ${names.join(", ")}`];
  });
}

function isChanged(name: string, { before, after, after_unknown }: ResourceChange["change"]): boolean {
  const unknown = JSON.stringify(after_unknown[name] ?? false).includes("true");
  return unknown || JSON.stringify(before?.[name] ?? null) !== JSON.stringify(after?.[name] ?? null);
}
