import type { Role } from "../stack/role";
import type { StackModel } from "../stack/stack-model";
import type { Authorizer } from "./authorizer";
import { roleSession } from "./credentials";

// https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
const LOG_DELIVERY_ACTIONS = [
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
];

// https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
const TRACE_ACTIONS = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];

// https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
const MACHINE_TRACE_ACTIONS = [...TRACE_ACTIONS, "xray:GetSamplingRules", "xray:GetSamplingTargets"];

/**
 * Logs and traces go to the terminal here, so no request would ever miss the permissions they need on AWS: they are
 * asked for once, before the stack runs. The same for the queue that undelivered events go to.
 */
export function requireServiceGrants(
  { functions, stateMachines, rules, queues }: StackModel,
  authorizer: Authorizer,
): void {
  const { region, accountId } = authorizer.place;
  const requireOf = (role: Role, session: string, actions: readonly string[], resource: string) => {
    for (const action of actions) authorizer.require(roleSession(role, accountId, session), action, resource);
  };
  for (const { name, role, logGroup, traced } of functions) {
    const streams = `arn:aws:logs:${region}:${accountId}:log-group:${logGroup}:log-stream:local`;
    requireOf(role, name, ["logs:CreateLogStream", "logs:PutLogEvents"], streams);
    if (traced) requireOf(role, name, TRACE_ACTIONS, "*");
  }
  for (const { name, role, logged, traced } of stateMachines) {
    if (logged) requireOf(role, name, LOG_DELIVERY_ACTIONS, "*");
    if (traced) requireOf(role, name, MACHINE_TRACE_ACTIONS, "*");
  }
  for (const rule of rules) {
    for (const { deadLetterQueueArn } of rule.targets) {
      if (deadLetterQueueArn === undefined) continue;
      const queue = queues.find(({ arn }) => arn === deadLetterQueueArn);
      const principal = { kind: "service", name: "events.amazonaws.com" } as const;
      authorizer.require(principal, "sqs:SendMessage", deadLetterQueueArn, queue?.policy, {
        "aws:sourcearn": rule.arn,
      });
    }
  }
}
