import type { PolicyStatement } from "@image-pipeline/iam-policy";

/** Lets Step Functions and API Gateway write to a log group on someone's behalf; these actions have no resource level. */
export const DELIVER_LOGS: PolicyStatement = {
  // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
  Sid: "DeliverLogs",
  Effect: "Allow",
  Action: [
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
  ],
  Resource: "*",
};
