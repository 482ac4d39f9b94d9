import { policyStatements } from "./policy-statements";
import { resourcesOfType, type StackRule } from "./stack-policy";

/** No policy, of a bucket, a queue, a role or a function, allows something to everyone. */
export const namedPrincipals: StackRule = (resources) => [
  ...policyStatements(resources)
    .filter(({ effect, principals }) => effect !== "Deny" && principals?.values.some((name) => /(^| )\*$/.test(name)))
    .map(({ address }) => `${address}: expected named principals but received an Allow for everyone`),
  ...resourcesOfType(resources, "aws_lambda_permission")
    .filter(({ attributes }) => isEveryone(attributes.principal))
    .map(({ address }) => `${address}: expected a named principal but received one for everyone`),
];

/** `*` alone, or in a list, or as the AWS or Service of a principal. An identity policy has none, for the role is meant. */
const isEveryone = (principal: unknown): boolean => JSON.stringify(principal ?? "").includes('"*"');
