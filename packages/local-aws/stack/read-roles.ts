import { type PolicyDocument, parsePolicy } from "@image-pipeline/iam-policy";
import { UnsupportedError } from "../unsupported-error";
import { readBoundary } from "./permissions-boundary";
import type { Resources } from "./resources";
import type { Role } from "./role";

/** The roles by ARN, each with its trust policy, its own policies and its boundary. */
export function readRoles(resources: Resources, stackFolder: string): ReadonlyMap<string, Role> {
  const policies = new Map<string, PolicyDocument[]>();
  for (const block of resources.ofType("aws_iam_role_policy")) {
    const role = block.string("role");
    const policy = parsePolicy(block.jsonText("policy"), block.address, "identity");
    block.withoutLocalMeaning("name");
    block.end();
    policies.set(role, [...(policies.get(role) ?? []), policy]);
  }
  const roles = resources.ofType("aws_iam_role").map((block): Role => {
    const name = block.string("name");
    const trust = parsePolicy(block.jsonText("assume_role_policy"), block.address, "trust");
    const boundaryArn = block.optionalString("permissions_boundary");
    const boundary = boundaryArn === undefined ? undefined : readBoundary(boundaryArn, block.address, stackFolder);
    block.withoutLocalMeaning("description", "max_session_duration");
    block.end();
    const arn = String(resources.lookup(`${block.address}.arn`, block.address));
    const own = policies.get(name) ?? [];
    policies.delete(name);
    return { address: block.address, name, arn, trust, policies: own, ...(boundary && { boundary }) };
  });
  for (const [role, [policy]] of policies) {
    throw new UnsupportedError(policy?.address ?? role, `belongs to the role "${role}", which is not in the stack`);
  }
  return new Map(roles.map((role) => [role.arn, role]));
}

/** The role of the stack with an ARN. */
export function roleByArn(roles: ReadonlyMap<string, Role>, arn: string, usedBy: string): Role {
  const role = roles.get(arn);
  if (role === undefined) throw new UnsupportedError(usedBy, `expected a role of the stack but received ${arn}`);
  return role;
}
