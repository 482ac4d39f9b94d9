import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Aspects, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Account, Bootstrap } from "../environments/bootstrap";
import type { Environment } from "../environments/environment";
import { PLAN_ROLE_NAME } from "../environments/names";
import { readDeliveryStatements } from "./access/delivery-statements";
import { EnvironmentAccess } from "./constructs/environment-access";
import { GithubRole } from "./constructs/github-role";
import { PrivateBucket } from "./constructs/private-bucket";
import { leastPrivilege } from "./policies/least-privilege";
import { namedPrincipals } from "./policies/named-principals";
import { privateBuckets } from "./policies/private-buckets";
import { StackPolicy } from "./policies/stack-policy";
import { keepState } from "./state-backend";

/** What an account is prepared from. */
export interface BootstrapStackProps {
  readonly account: Account;
  readonly repository: Bootstrap["repository"];
  readonly branch: Bootstrap["branch"];
  /** The environments that live in the account. */
  readonly environments: readonly Environment[];
}

// An older version of a state mends a broken one; after a quarter it describes something else.
const NONCURRENT_STATE_DAYS = 90;

/** What an AWS account needs once, before any environment: a place for the state, and the roles that CI takes. */
export class BootstrapStack extends TerraformStack {
  constructor(scope: Construct, id: string, { account, repository, branch, environments }: BootstrapStackProps) {
    super(scope, id);

    new AwsProvider(this, "aws", {
      region: account.region,
      allowedAccountIds: [account.accountId],
      defaultTags: [{ tags: account.tags }],
    });
    keepState(this, account.state, account.accountId);

    Aspects.of(this).add(new StackPolicy(privateBuckets, leastPrivilege, namedPrincipals));

    const state = new PrivateBucket(this, "state", {
      bucketName: account.stateBucketName,
      deletionProtection: true,
      noncurrentVersionDays: NONCURRENT_STATE_DAYS,
      encryption: "sse-s3",
    });

    const github = new IamOpenidConnectProvider(this, "github", {
      url: "https://token.actions.githubusercontent.com",
      clientIdList: ["sts.amazonaws.com"],
    });

    const access = environments.map((environment) => {
      const id = `access-${environment.name}`;
      return [environment.name, new EnvironmentAccess(this, id, { environment, github, repository, branch })] as const;
    });

    const delivering = environments.filter(({ delivery }) => delivery !== "none");
    const plan = new GithubRole(this, "plan", {
      roleName: PLAN_ROLE_NAME,
      description: "Plans the image pipelines of this account and changes nothing",
      github,
      // A scheduled run, which looks for drift, has the branch as its subject.
      subjects: [`repo:${repository}:pull_request`, `repo:${repository}:ref:refs/heads/${branch}`],
      policies: Object.fromEntries(access.map(([name, { readPolicy }]) => [`read-${name}`, readPolicy])),
      // Not attached as well: IAM attaches 10 policies to a role, and one of each environment is attached already.
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
      ...(delivering.length > 0 && { statements: readDeliveryStatements(delivering) }),
    });

    new TerraformOutput(this, "state_bucket_name", { value: state.bucket.bucket });
    new TerraformOutput(this, "plan_role_arn", { value: plan.role.arn });
    for (const [name, { deployRole }] of access) {
      new TerraformOutput(this, `deploy_role_arn_${name}`, { value: deployRole.arn });
    }
  }
}
