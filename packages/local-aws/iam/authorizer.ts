import type { PolicyDocument, RequestContext } from "@image-pipeline/iam-policy";
import { type Decision, evaluate, type Principal } from "@image-pipeline/iam-policy";
import { AwsError } from "../aws-error";
import type { Log } from "../log";
import type { Role } from "../stack/role";
import { requestContext } from "./request-context";

/** A question to IAM and its answer. */
export interface Asked {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly decision: Decision;
}

/** Asks IAM before each hop, and says every denial aloud. */
export class Authorizer {
  constructor(
    readonly place: { readonly region: string; readonly accountId: string },
    private readonly log: Log,
    private readonly observe?: (asked: Asked) => void,
  ) {}

  /** @throws AwsError AccessDeniedException that names the role, the action, the resource and what was missing */
  require(
    principal: Principal,
    action: string,
    resource: string,
    resourcePolicy?: PolicyDocument,
    context?: RequestContext,
  ): void {
    const decision = this.decide(principal, action, resource, resourcePolicy, context);
    if (decision.allowed) return;
    this.sayDenied(decision.message);
    throw new AwsError("AccessDeniedException", 403, decision.message);
  }

  /** For whoever has asked without a consequence. */
  sayDenied(message: string): void {
    this.log("iam", `denied: ${message}`);
  }

  /** The same question without a consequence. */
  decide(
    principal: Principal,
    action: string,
    resource: string,
    resourcePolicy?: PolicyDocument,
    context?: RequestContext,
  ): Decision {
    const decision = evaluate({
      principal,
      action,
      resource,
      ...(resourcePolicy && { resourcePolicy }),
      context: requestContext(this.place, principal, context),
    });
    this.observe?.({ principal, action, resource, decision });
    return decision;
  }

  /** @throws AwsError when the trust policy of a role does not let a service take it */
  assumeRole(role: Role, service: string, context?: RequestContext): void {
    this.require({ kind: "service", name: service }, "sts:AssumeRole", role.arn, role.trust, context);
  }
}
