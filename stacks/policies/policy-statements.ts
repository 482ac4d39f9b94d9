import { resourcesOfType, type StackResources } from "./stack-policy";

/** A statement of any policy of the stack, with lists where IAM allows a single value too. */
export interface FoundStatement {
  /** Terraform address of the resource that holds the policy. */
  readonly address: string;
  readonly effect: unknown;
  readonly actions: readonly unknown[];
  readonly resources: readonly unknown[];
  /** `NotAction`, `NotResource` and `NotPrincipal`, where present. */
  readonly negations: readonly string[];
  readonly principal: unknown;
  readonly condition: unknown;
}

const POLICY_ATTRIBUTES: Readonly<Record<string, string>> = {
  aws_iam_policy: "policy",
  aws_iam_role: "assume_role_policy",
  aws_iam_role_policy: "policy",
  aws_kms_key: "policy",
  aws_s3_bucket_policy: "policy",
  aws_sqs_queue_policy: "policy",
};

/** Every statement of every identity, trust and resource policy of a stack. */
export function policyStatements(resources: StackResources): readonly FoundStatement[] {
  return Object.entries(POLICY_ATTRIBUTES).flatMap(([type, attribute]) =>
    resourcesOfType(resources, type).flatMap(({ address, attributes }) =>
      statementsOf(attributes[attribute]).map((statement) => ({
        address,
        effect: statement.Effect,
        actions: list(statement.Action),
        resources: list(statement.Resource),
        negations: ["NotAction", "NotResource", "NotPrincipal"].filter((field) => Object.hasOwn(statement, field)),
        principal: statement.Principal,
        condition: statement.Condition,
      })),
    ),
  );
}

type Statement = Readonly<Record<string, unknown>>;

function statementsOf(policy: unknown): readonly Statement[] {
  const document: unknown = typeof policy === "string" ? JSON.parse(policy) : undefined;
  return isObject(document) ? list(document.Statement).filter(isObject) : [];
}

const isObject = (value: unknown): value is Statement => typeof value === "object" && value !== null;

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
