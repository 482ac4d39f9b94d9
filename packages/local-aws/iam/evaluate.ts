import type { RequestContext } from "./condition";
import { matchesAction, matchesPattern } from "./pattern";
import type { PolicyDocument, Statement } from "./policy-document";
import type { PrincipalMatch } from "./statement-elements";

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
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly message: string };

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
  const allApplying = (statements: readonly Statement[], effect: "Allow" | "Deny") =>
    statements.filter((statement) => statement.effect === effect && applies(statement, request));
  const applying = (statements: readonly Statement[], effect: "Allow" | "Deny") => allApplying(statements, effect)[0];

  const identityDeny = applying(identity, "Deny");
  if (identityDeny !== undefined)
    return denied(request, `with an explicit deny in an identity-based policy: ${identityDeny.address}`);
  const resourceDeny = applying(resource, "Deny");
  if (resourceDeny !== undefined)
    return denied(request, `with an explicit deny in a resource-based policy: ${resourceDeny.address}`);
  if (boundary && applying(boundary.statements, "Deny") !== undefined)
    return denied(request, `with an explicit deny in a permissions boundary: ${boundary.address}`);
  if (request.principal.kind === "operator") return { allowed: true };
  const granted = allApplying(resource, "Allow");
  if (granted.some((statement) => passesBoundary(statement, request.principal))) return { allowed: true };
  if (granted.length > 0 || applying(identity, "Allow") !== undefined) {
    if (boundary === undefined || applying(boundary.statements, "Allow") !== undefined) return { allowed: true };
    return denied(request, `because no permissions boundary allows the ${request.action} action (${boundary.address})`);
  }
  const lacking =
    request.principal.kind === "role"
      ? "identity-based policy"
      : `resource-based policy (${request.resourcePolicy?.address ?? "there is none"})`;
  return denied(request, `because no ${lacking} allows the ${request.action} action${missing(request)}`);
}

function identityStatements(principal: Principal): readonly Statement[] {
  return principal.kind === "role" ? principal.policies.flatMap((policy) => policy.statements) : [];
}

function applies(statement: Statement, { action, resource, context }: AccessRequest): boolean {
  const actionMatches = statement.actions?.some((pattern) => matchesAction(pattern, action)) ?? true;
  const actionExcepted = statement.notActions?.some((pattern) => matchesAction(pattern, action)) ?? false;
  const resourceMatches = statement.resources?.some((pattern) => matchesPattern(pattern, resource)) ?? true;
  const resourceExcepted = statement.notResources?.some((pattern) => matchesPattern(pattern, resource)) ?? false;
  return (
    actionMatches &&
    !actionExcepted &&
    resourceMatches &&
    !resourceExcepted &&
    statement.conditions.every((condition) => condition.test(context))
  );
}

function namesPrincipal(statement: Statement, principal: Principal): boolean {
  return statement.principal !== undefined && matchesPrincipal(statement.principal, principal);
}

/** Of a bounded role, the implicit deny of its boundary counts only against what is granted to the role by its own ARN. */
function passesBoundary({ principal }: Statement, session: Principal): boolean {
  if (session.kind !== "role" || principal === undefined) return false;
  if ("everyone" in principal) return true;
  const named = principal.byKind.AWS ?? [];
  return named.includes("*") || named.includes(session.sessionArn);
}

function matchesPrincipal(match: PrincipalMatch, principal: Principal): boolean {
  if ("everyone" in match) return true;
  const aws = match.byKind.AWS ?? [];
  if (aws.includes("*")) return true;
  switch (principal.kind) {
    case "service":
      return (match.byKind.Service ?? []).includes(principal.name);
    case "role":
      return aws.includes(principal.arn) || aws.includes(principal.sessionArn);
    case "operator":
      return aws.includes(principal.arn);
    case "anonymous":
      return false;
  }
}

/** Says why the statements that come closest do not apply, so that a person knows what to add or correct. */
function missing(request: AccessRequest): string {
  const candidates = [...identityStatements(request.principal), ...(request.resourcePolicy?.statements ?? [])].filter(
    (statement) =>
      statement.effect === "Allow" && statement.actions?.some((pattern) => matchesAction(pattern, request.action)),
  );
  if (candidates.length === 0) return "";
  const why = candidates.map((statement) => {
    const failed = statement.conditions.filter((condition) => !condition.test(request.context));
    const conditions = failed
      .map(({ operator, key, values }) => `${operator} ${key} ${JSON.stringify(values)}`)
      .join(", ");
    if (conditions !== "") return `${statement.address} has the action, but its condition does not hold: ${conditions}`;
    return `${statement.address} has the action, but only for ${JSON.stringify(statement.resources ?? statement.principal)}`;
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
