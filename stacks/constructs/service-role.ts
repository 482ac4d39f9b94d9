import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { type PolicyStatement, policyDocument } from "@image-pipeline/iam-policy";
import { Construct } from "constructs";

export interface ServiceRoleProps {
  /** Name of the role in IAM, which is one namespace for all regions of an account. */
  readonly roleName: string;
  /** The AWS service that takes the role, such as `lambda.amazonaws.com`. */
  readonly service: string;
  /**
   * Account on whose behalf the service must act, against the confused deputy.
   * @default - not checked, for a service that does not send `aws:SourceAccount` when it takes a role
   */
  readonly sourceAccount?: string;
  readonly statements: readonly PolicyStatement[];
}

/** A role that one AWS service takes, with the statements it needs and no more. */
export class ServiceRole extends Construct {
  readonly role: IamRole;
  /** What must wait for the permissions depends on this one. */
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);

    this.role = new IamRole(this, "role", {
      name: props.roleName,
      assumeRolePolicy: policyDocument({
        Sid: "TakenByTheService",
        Effect: "Allow",
        Principal: { Service: props.service },
        Action: "sts:AssumeRole",
        ...(props.sourceAccount && { Condition: { StringEquals: { "aws:SourceAccount": props.sourceAccount } } }),
      }),
    });

    this.policy = new IamRolePolicy(this, "policy", {
      name: "permissions",
      role: this.role.id,
      policy: policyDocument(...props.statements),
    });
  }
}
