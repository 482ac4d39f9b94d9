import type { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import type { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { type PolicyStatement, policyDocument } from "@image-pipeline/iam-policy";
import { Construct } from "constructs";

export interface GithubRoleProps {
  readonly roleName: string;
  readonly description: string;
  readonly github: IamOpenidConnectProvider;
  /**
   * Which workflow runs may take the role: the exact `sub` claims of their tokens.
   * https://docs.github.com/en/actions/reference/security/oidc
   */
  readonly subjects: readonly string[];
  /**
   * Further claims of the token that STS compares, by name: the exact value each must have.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
   * @default - none
   */
  readonly claims?: Readonly<Record<string, string>>;
  /** Policies that other roles have too, by the id of their attachment. */
  readonly policies: Readonly<Record<string, IamPolicy>>;
  /** What this role alone may do. @default - nothing */
  readonly statements?: readonly PolicyStatement[];
}

// An apply of a first deployment takes minutes; the shortest that IAM allows is one hour.
const MAX_SESSION_SECONDS = 3_600;

/** A role that workflow runs of one repository take with a token from GitHub, without any stored secret. */
export class GithubRole extends Construct {
  readonly role: IamRole;

  constructor(scope: Construct, id: string, props: GithubRoleProps) {
    super(scope, id);

    this.role = new IamRole(this, "role", {
      name: props.roleName,
      description: props.description,
      maxSessionDuration: MAX_SESSION_SECONDS,
      assumeRolePolicy: policyDocument({
        Sid: "TakenByGithub",
        Effect: "Allow",
        Principal: { Federated: props.github.arn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: Object.fromEntries(
            Object.entries({ aud: "sts.amazonaws.com", sub: props.subjects, ...props.claims }).map(([claim, value]) => [
              `token.actions.githubusercontent.com:${claim}`,
              value,
            ]),
          ),
        },
      }),
    });

    for (const [name, policy] of Object.entries(props.policies)) {
      new IamRolePolicyAttachment(this, name, { role: this.role.name, policyArn: policy.arn });
    }

    if (props.statements) {
      new IamRolePolicy(this, "policy", {
        name: "permissions",
        role: this.role.id,
        policy: policyDocument(...props.statements),
      });
    }
  }
}
