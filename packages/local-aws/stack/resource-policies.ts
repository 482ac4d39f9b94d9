import { type CheckedStatement, type PolicyDocument, parsePolicy } from "@image-pipeline/iam-policy";
import { UnsupportedError } from "../unsupported-error";
import type { Resources } from "./resources";

/** The policies of one resource type that belong to resources of another, such as those of buckets. */
export class ResourcePolicies {
  readonly #byOwner = new Map<string, PolicyDocument>();

  /** `owner` is the argument that names the resource a policy belongs to. */
  constructor(resources: Resources, type: `aws_${"s3_bucket" | "sqs_queue" | "sns_topic"}_policy`, owner: string) {
    for (const block of resources.ofType(type)) {
      const name = block.string(owner);
      const policy = parsePolicy(block.jsonText("policy"), block.address, "resource");
      block.end();
      const other = this.#byOwner.get(name);
      if (other !== undefined)
        throw new UnsupportedError(
          block.address,
          `${other.address} is a policy of the same resource: one replaces the other`,
        );
      this.#byOwner.set(name, policy);
    }
  }

  /** The policy of a resource, if it has one. @throws UnsupportedError when it speaks of other resources or services */
  take(name: string, arn: string, service: "s3" | "sqs" | "sns"): PolicyDocument | undefined {
    const policy = this.#byOwner.get(name);
    this.#byOwner.delete(name);
    for (const statement of policy?.statements ?? []) refuseForeign(statement, arn, service);
    return policy;
  }

  /** @throws UnsupportedError for a policy that nobody took: what it belongs to is not in the stack */
  refuseRest(): void {
    for (const [name, { address }] of this.#byOwner)
      throw new UnsupportedError(address, `belongs to "${name}", which is not in the stack`);
  }
}

/** AWS takes no policy for a resource that speaks of another one. */
function refuseForeign(statement: CheckedStatement, arn: string, service: string): void {
  for (const resource of statement.resources?.values ?? []) {
    if (resource === arn || resource.startsWith(`${arn}/`)) continue;
    throw new UnsupportedError(statement.address, `expected ${arn}, or what is below it, but received "${resource}"`);
  }
  for (const action of statement.actions.values) {
    if (action === "*" || action.toLowerCase().startsWith(`${service}:`)) continue;
    throw new UnsupportedError(statement.address, `expected actions of ${service} but received "${action}"`);
  }
}
