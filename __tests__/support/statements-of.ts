import type { PolicyStatement } from "@image-pipeline/iam-policy";
import { only, type Terraform } from "./synthesized";

/** The statements of the one role that is named so: what it may do, or with `trust` who may take it. */
export function statementsOf(
  terraform: Terraform,
  roleName: string,
  what: "permissions" | "trust" = "permissions",
): readonly PolicyStatement[] {
  const role = only(terraform, "aws_iam_role", ({ name }) => name === roleName);
  if (what === "trust") return JSON.parse(String(role.assume_role_policy)).Statement;
  const [address] =
    Object.entries(terraform.resource.aws_iam_role ?? {}).find(([, attributes]) => attributes === role) ?? [];
  const policy = only(
    terraform,
    "aws_iam_role_policy",
    (attributes) => attributes.role === `\${aws_iam_role.${address}.id}`,
  );
  return JSON.parse(String(policy.policy)).Statement;
}
