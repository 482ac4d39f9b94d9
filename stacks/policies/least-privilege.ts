import { policyStatements } from "./policy-statements";
import type { StackRule } from "./stack-policy";

const NO_RESOURCE_LEVEL = "the action has no resource level, IAM accepts nothing but * for it";

/** The only actions that may be allowed on every resource, each with the reason. */
const MAY_HAVE_ANY_RESOURCE: ReadonlyMap<unknown, string> = new Map([
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
  ["xray:PutTraceSegments", NO_RESOURCE_LEVEL],
  ["xray:PutTelemetryRecords", NO_RESOURCE_LEVEL],
  // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
  ["logs:CreateLogDelivery", NO_RESOURCE_LEVEL],
  ["logs:GetLogDelivery", NO_RESOURCE_LEVEL],
  ["logs:UpdateLogDelivery", NO_RESOURCE_LEVEL],
  ["logs:DeleteLogDelivery", NO_RESOURCE_LEVEL],
  ["logs:ListLogDeliveries", NO_RESOURCE_LEVEL],
  ["logs:PutResourcePolicy", NO_RESOURCE_LEVEL],
  ["logs:DescribeResourcePolicies", NO_RESOURCE_LEVEL],
  ["logs:DescribeLogGroups", NO_RESOURCE_LEVEL],
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
  ["states:ValidateStateMachineDefinition", NO_RESOURCE_LEVEL],
]);

/** No allowed action is a wildcard, no resource is `*` outside the list above, and nothing is allowed by negation. */
export const leastPrivilege: StackRule = (resources) =>
  policyStatements(resources)
    .filter(({ effect }) => effect !== "Deny")
    .flatMap(({ address, actions, resources, negations }) => [
      ...negations.map((field) => `${address}: expected what is allowed to be listed but received ${field}`),
      ...actions
        .filter((action) => String(action).includes("*"))
        .map((action) => `${address}: expected the actions one by one but received ${action}`),
      ...(resources.includes("*")
        ? actions
            .filter((action) => !MAY_HAVE_ANY_RESOURCE.has(action))
            .map((action) => `${address}: expected ${action} on named resources but received *`)
        : []),
    ]);
