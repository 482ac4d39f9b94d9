import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { Environment } from "../../environments/environment";
import { pipelineArns } from "../../environments/pipeline-arns";

const SERVICES = ["apigateway.amazonaws.com", "events.amazonaws.com", "lambda.amazonaws.com", "states.amazonaws.com"];

/**
 * Lets the deploy role make the pipeline's roles, by name, and none that exceeds the boundary: it can neither take
 * the boundary off a role nor change it, attaches no managed policy, and hands the roles to four services only.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
 */
export function roleStatements(environment: Environment): readonly PolicyStatement[] {
  const arns = pipelineArns(environment);
  return [
    ...writeRoles(arns.roles, arns.permissionsBoundary),
    {
      // API Gateway makes this role of its own for the first API of an account.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html
      Sid: "LetApiGatewayMakeItsOwnRole",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: `arn:aws:iam::${environment.accountId}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`,
      Condition: { StringEquals: { "iam:AWSServiceName": "ops.apigateway.amazonaws.com" } },
    },
  ];
}

/** Lets these roles be made inside the boundary, changed, deleted and handed over. */
export function writeRoles(roles: readonly string[], permissionsBoundary: string): readonly PolicyStatement[] {
  return [
    {
      Sid: "WriteBoundedRoles",
      Effect: "Allow",
      Action: ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"],
      Resource: roles,
      Condition: { StringEquals: { "iam:PermissionsBoundary": permissionsBoundary } },
    },
    {
      Sid: "WriteRoles",
      Effect: "Allow",
      Action: ["iam:DeleteRole", "iam:DeleteRolePolicy", "iam:TagRole", "iam:UntagRole", "iam:UpdateRole"],
      Resource: roles,
    },
    {
      Sid: "HandRolesToTheirServices",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: roles,
      Condition: { StringEquals: { "iam:PassedToService": SERVICES } },
    },
  ];
}
