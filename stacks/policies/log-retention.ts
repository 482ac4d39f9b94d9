import { resourcesOfType, type StackRule } from "./stack-policy";

/** Every log group forgets: without a retention CloudWatch keeps, and bills, forever. */
export const logRetention: StackRule = (resources) =>
  resourcesOfType(resources, "aws_cloudwatch_log_group")
    .filter(({ attributes }) => !(Number(attributes.retention_in_days) > 0))
    .map(
      ({ address, attributes }) =>
        `${address}: expected retention_in_days but received ${attributes.retention_in_days}`,
    );
