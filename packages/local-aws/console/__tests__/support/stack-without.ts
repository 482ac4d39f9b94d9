import { readFileSync, writeFileSync } from "node:fs";

/** Writes a stack whose resize function's role lacks a statement, beside the whole one; gives its path. */
export function stackWithout(sid: string, stackPath: string): string {
  const stack = JSON.parse(readFileSync(stackPath, "utf8"));
  const policies: Record<string, { policy: string }> = stack.resource.aws_iam_role_policy;
  const [, policy] = Object.entries(policies).find(([name]) => name.startsWith("resize_access")) ?? [];
  if (policy === undefined) throw new Error("Expected a policy of the function's role in the stack");
  const document = JSON.parse(policy.policy);
  document.Statement = document.Statement.filter(({ Sid }: { Sid: string }) => Sid !== sid);
  policy.policy = JSON.stringify(document);
  const path = stackPath.replace(/cdk\.tf\.json$/, "denied.tf.json");
  writeFileSync(path, JSON.stringify(stack));
  return path;
}
