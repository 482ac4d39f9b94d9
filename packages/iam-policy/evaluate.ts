import { holds } from "./condition";
import type { CheckedStatement, PolicyDocument } from "./parse-policy";
import type { Clause, Statement } from "./statement";
import { type RequestContext, resolveVariables } from "./variables";
import { matchesAction, matchesPattern } from "./wildcards";

/** Who makes a request. */
export type Principal =
  /** A session of a role of the stack. */
  | {
      readonly kind: "role";
      readonly address: string;
      readonly arn: string;
      readonly sessionArn: string;
      readonly policies: readonly PolicyDocument[];
      /** The most the role may do, whatever its policies say. */
      readonly boundary?: PolicyDocument;
    }
  /** The person at this machine: allowed everything, like an administrator of the account. */
  | { readonly kind: "operator"; readonly arn: string }
  /** An AWS service acting for itself, such as EventBridge writing to a queue. */
  | { readonly kind: "service"; readonly name: string }
  | { readonly kind: "anonymous" };

/** One question to IAM. */
export interface AccessRequest {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** The policy attached to the resource itself, if it has one. */
  readonly resourcePolicy?: PolicyDocument;
  readonly context: RequestContext;
}

/** The answer; a denial says in the words of AWS who may not do what to which resource, and what was missing. */
export type Decision =
  | {
      readonly allowed: true;
      /** Addresses of the statement that allows it and of that of the boundary; none for the operator, who needs none. */
      readonly by: readonly string[];
    }
  | { readonly allowed: false; readonly message: string };

/**
 * Decides as IAM does inside one account: an explicit Deny anywhere wins; otherwise one Allow is needed, in the
 * principal's own policies or in the policy of the resource, and one in the permissions boundary, if there is one. What
 * the resource grants to the session itself, or to everyone, and not to its role, goes past the boundary.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function evaluate(request: AccessRequest): Decision {
  const identity = identityStatements(request.principal);
  const boundary = request.principal.kind === "role" ? request.principal.boundary : undefined;
  const resource = (request.resourcePolicy?.statements ?? []).filter((statement) =>
    namesPrincipal(statement, request.principal),
  );
  const allApplying = (statements: readonly CheckedStatement[], effect: "Allow" | "Deny") =>
    statements.filter((statement) => statement.effect === effect && applies(statement, request));
  const applying = (statements: readonly CheckedStatement[], effect: "Allow" | "Deny") =>
    allApplying(statements, effect)[0];

  const identityDeny = applying(identity, "Deny");
  if (identityDeny !== undefined)
    return denied(request, `with an explicit deny in an identity-based policy: ${identityDeny.address}`);
  const resourceDeny = applying(resource, "Deny");
  if (resourceDeny !== undefined)
    return denied(request, `with an explicit deny in a resource-based policy: ${resourceDeny.address}`);
  if (boundary && applying(boundary.statements, "Deny") !== undefined)
    return denied(request, `with an explicit deny in a permissions boundary: ${boundary.address}`);
  if (request.principal.kind === "operator") return { allowed: true, by: [] };
  const granted = allApplying(resource, "Allow");
  const past = granted.find((statement) => passesBoundary(statement, request.principal));
  if (past !== undefined) return { allowed: true, by: [past.address] };
  const grant = applying(identity, "Allow") ?? granted[0];
  if (grant !== undefined) {
    if (boundary === undefined) return { allowed: true, by: [grant.address] };
    const bounded = applying(boundary.statements, "Allow");
    if (bounded !== undefined) return { allowed: true, by: [grant.address, bounded.address] };
    return denied(request, `because no permissions boundary allows the ${request.action} action (${boundary.address})`);
  }
  const lacking =
    request.principal.kind === "role"
      ? "identity-based policy"
      : `resource-based policy (${request.resourcePolicy?.address ?? "there is none"})`;
  return denied(request, `because no ${lacking} allows the ${request.action} action${missing(request)}`);
}

/** Whether statements alone, with nobody's identity, answer a question with yes: one allows it and none denies it. */
export function allowedBy(
  statements: readonly Statement[],
  request: Pick<AccessRequest, "action" | "resource" | "context">,
): boolean {
  const applying = statements.filter((statement) => applies(statement, request));
  return applying.length > 0 && applying.every(({ effect }) => effect === "Allow");
}

function identityStatements(principal: Principal): readonly CheckedStatement[] {
  return principal.kind === "role" ? principal.policies.flatMap((policy) => policy.statements) : [];
}

function applies(
  { actions, resources, conditions }: Statement,
  request: Pick<AccessRequest, "action" | "resource" | "context">,
): boolean {
  return (
    speaksOf(actions, (pattern) => matchesAction(pattern, request.action)) &&
    (resources === undefined || speaksOf(resources, (pattern) => isResource(pattern, request))) &&
    conditions.every((condition) => holds(condition, request.context))
  );
}

function isResource(written: string, { resource, context }: Pick<AccessRequest, "resource" | "context">): boolean {
  const pattern = resolveVariables(written, context);
  return pattern !== undefined && matchesPattern(pattern, resource);
}

function speaksOf({ except, values }: Clause, matches: (pattern: string) => boolean): boolean {
  return values.some(matches) !== except;
}

/** Of a bounded role, the implicit deny of its boundary counts only against what is granted to the role by its own ARN. */
function passesBoundary({ principals }: CheckedStatement, session: Principal): boolean {
  if (session.kind !== "role" || principals === undefined) return false;
  return principals.values.includes("*") || principals.values.includes(`AWS ${session.sessionArn}`);
}

function namesPrincipal({ principals }: CheckedStatement, principal: Principal): boolean {
  if (principals === undefined) return false;
  return principals.values.includes("*") || namesOf(principal).some((name) => principals.values.includes(name));
}

function namesOf(principal: Principal): readonly string[] {
  switch (principal.kind) {
    case "service":
      return [`Service ${principal.name}`];
    case "role":
      return [`AWS ${principal.arn}`, `AWS ${principal.sessionArn}`];
    case "operator":
      return [`AWS ${principal.arn}`];
    case "anonymous":
      return [];
  }
}

/** Says why the statements that come closest do not apply, so that a person knows what to add or correct. */
function missing(request: AccessRequest): string {
  const candidates = [...identityStatements(request.principal), ...(request.resourcePolicy?.statements ?? [])].filter(
    ({ effect, actions }) =>
      effect === "Allow" && !actions.except && actions.values.some((pattern) => matchesAction(pattern, request.action)),
  );
  if (candidates.length === 0) return "";
  const why = candidates.map((statement) => {
    const failed = statement.conditions.filter((condition) => !holds(condition, request.context));
    const conditions = failed
      .map(({ operator, key, values }) => `${operator} ${key} ${JSON.stringify(values)}`)
      .join(", ");
    if (conditions !== "") return `${statement.address} has the action, but its condition does not hold: ${conditions}`;
    return `${statement.address} has the action, but only for ${JSON.stringify((statement.resources ?? statement.principals)?.values)}`;
  });
  return ` (${why.join("; ")})`;
}

function denied({ principal, action, resource }: AccessRequest, reason: string): Decision {
  return {
    allowed: false,
    message: `${describe(principal)} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
  };
}

function describe(principal: Principal): string {
  switch (principal.kind) {
    case "role":
      return `User: ${principal.sessionArn} (${principal.address})`;
    case "operator":
      return `User: ${principal.arn}`;
    case "service":
      return `Service: ${principal.name}`;
    case "anonymous":
      return "User: anonymous";
  }
}
