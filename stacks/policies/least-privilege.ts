import { type FoundStatement, policyStatements } from "./policy-statements";
import { resourcesOfType, type StackResources, type StackRule } from "./stack-policy";

const NO_RESOURCE_LEVEL = "the action has no resource level, IAM accepts nothing but * for it";
const ALL_LOG_GROUPS = "log delivery looks at every log group at once, whatever it delivers to";

/** The only actions that may be allowed on every resource, each with the reason. */
const MAY_HAVE_ANY_RESOURCE: ReadonlyMap<string, string> = new Map([
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
  ["xray:PutTraceSegments", NO_RESOURCE_LEVEL],
  ["xray:PutTelemetryRecords", NO_RESOURCE_LEVEL],
  ["xray:GetSamplingRules", NO_RESOURCE_LEVEL],
  ["xray:GetSamplingTargets", NO_RESOURCE_LEVEL],
  // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
  ["logs:CreateLogDelivery", NO_RESOURCE_LEVEL],
  ["logs:GetLogDelivery", NO_RESOURCE_LEVEL],
  ["logs:UpdateLogDelivery", NO_RESOURCE_LEVEL],
  ["logs:DeleteLogDelivery", NO_RESOURCE_LEVEL],
  ["logs:ListLogDeliveries", NO_RESOURCE_LEVEL],
  ["logs:PutResourcePolicy", NO_RESOURCE_LEVEL],
  ["logs:DescribeResourcePolicies", NO_RESOURCE_LEVEL],
  ["logs:DescribeLogGroups", ALL_LOG_GROUPS],
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
  ["states:ValidateStateMachineDefinition", NO_RESOURCE_LEVEL],
]);

/** No allowed action is a wildcard, no resource is `*` outside the list above, and nothing is allowed by negation. */
export const leastPrivilege: StackRule = (resources) => [
  ...policyStatements(resources)
    .filter(({ effect }) => effect !== "Deny")
    .flatMap((statement) => {
      const { address, actions, resources } = statement;
      const named = resources?.values ?? [];
      return [
        ...negations(statement).map(
          (field) => `${address}: expected what is allowed to be listed but received ${field}`,
        ),
        ...actions.values
          .filter((action) => action.includes("*"))
          .map((action) => `${address}: expected the actions one by one but received ${action}`),
        ...named
          .filter((resource) => isEverything(resource) && !isTheKeyItself(address, resource))
          .flatMap((resource) =>
            actions.values
              .filter((action) => !MAY_HAVE_ANY_RESOURCE.has(action))
              .map((action) => `${address}: expected ${action} on named resources but received ${resource}`),
          ),
      ];
    }),
  ...policiesFromElsewhere(resources),
];

function negations({ actions, resources, principals }: FoundStatement): readonly string[] {
  return [
    ...(actions.except ? ["NotAction"] : []),
    ...(resources?.except ? ["NotResource"] : []),
    ...(principals?.except ? ["NotPrincipal"] : []),
  ];
}

/** KMS takes nothing but `*` in the policy of a key. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html */
const isTheKeyItself = (address: string, resource: string): boolean =>
  address.startsWith("aws_kms_key.") && resource === "*";

/** `*`, or an ARN that names nothing of a service, such as `arn:aws:s3:::*`. */
function isEverything(resource: string): boolean {
  if (resource === "*") return true;
  if (!resource.startsWith("arn:")) return false;
  const [, , service, , , ...parts] = resource.split(":");
  const name = parts.join(":");
  // AWS chooses the id of an API, so a stage and a route are all that can be named of it.
  if (service === "execute-api" && /^\*\/.*[^*/]/.test(name)) return false;
  return name === "" || name.startsWith("*");
}

/** What a policy of another stack, or of AWS, allows can be neither read here nor reviewed. */
function policiesFromElsewhere(resources: StackResources): string[] {
  const attached = resourcesOfType(resources, "aws_iam_role_policy_attachment")
    .filter(({ attributes }) => !String(attributes.policy_arn).startsWith("${aws_iam_policy."))
    .map(
      ({ address, attributes }) => `${address}: expected a policy of this stack but received ${attributes.policy_arn}`,
    );
  const inRoles = resourcesOfType(resources, "aws_iam_role").flatMap(({ address, attributes }) =>
    ["inline_policy", "managed_policy_arns"]
      .filter((field) => attributes[field] !== undefined)
      .map((field) => `${address}: expected an aws_iam_role_policy but received ${field}`),
  );
  return [...attached, ...inRoles];
}
