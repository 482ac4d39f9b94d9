import { readStatements, type Statement } from "@image-pipeline/iam-policy";
import { resourcesOfType, type StackResources } from "./stack-policy";

/** A statement of any policy of the stack. */
export interface FoundStatement extends Statement {
  /** Terraform address of the resource that holds the policy. */
  readonly address: string;
}

const POLICY_ATTRIBUTES: Readonly<Record<string, string>> = {
  aws_iam_policy: "policy",
  aws_iam_role: "assume_role_policy",
  aws_iam_role_policy: "policy",
  aws_kms_key: "policy",
  aws_s3_bucket_policy: "policy",
  aws_sqs_queue_policy: "policy",
};

/** Every statement of every identity, trust and resource policy of a stack. @throws Error for a policy that is none */
export function policyStatements(resources: StackResources): readonly FoundStatement[] {
  return Object.entries(POLICY_ATTRIBUTES).flatMap(([type, attribute]) =>
    resourcesOfType(resources, type).flatMap(({ address, attributes }) => {
      // A resource without a policy has the one that AWS gives it.
      if (attributes[attribute] === undefined) return [];
      const statements = readStatements(String(attributes[attribute]));
      if (statements === undefined) throw new Error(`${address}: expected a policy as ${attribute}`);
      return statements.map((statement) => ({ ...statement, address }));
    }),
  );
}
