import type { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { policyDocument } from "@image-pipeline/iam-policy";
import { Construct } from "constructs";
import type { Environment } from "../../environments/environment";
import { namesOf } from "../../environments/names";
import { boundaryStatements } from "../access/boundary-statements";
import { writeDeletionStatements } from "../access/deletion-statements";
import { readDeliveryStatements, writeDeliveryStatements } from "../access/delivery-statements";
import { invokeStatements } from "../access/invoke-statements";
import { readStatements } from "../access/read-statements";
import { roleStatements } from "../access/role-statements";
import { smokeTestStatements } from "../access/smoke-test-statements";
import { readStateStatements, writeStateStatements } from "../access/state-statements";
import { writeStatements } from "../access/write-statements";
import { AlarmKey } from "./alarm-key";
import { GithubRole } from "./github-role";

export interface EnvironmentAccessProps {
  readonly environment: Environment;
  readonly github: IamOpenidConnectProvider;
  /** The repository as the subject of GitHub's tokens has it. */
  readonly repository: string;
  /** The one branch that is deployed. */
  readonly branch: string;
}

const DEPLOY_WORKFLOW = ".github/workflows/deploy-environment.yml";

/** What CI may do to one environment: read it, deploy it, and the most that what it deploys may do. */
export class EnvironmentAccess extends Construct {
  /** Reads configuration and state, for every role that plans. */
  readonly readPolicy: IamPolicy;
  readonly deployRole: IamRole;

  constructor(scope: Construct, id: string, { environment, github, repository, branch }: EnvironmentAccessProps) {
    super(scope, id);
    const names = namesOf(environment.name);

    new IamPolicy(this, "boundary", {
      name: names.permissionsBoundary,
      description: `The most that a role of the image pipeline ${environment.name} may do`,
      policy: policyDocument(...boundaryStatements(environment)),
    });

    this.readPolicy = new IamPolicy(this, "read", {
      name: names.readPolicy,
      description: `Reads the configuration and the state of the image pipeline ${environment.name}`,
      policy: policyDocument(...readStatements(environment), ...readStateStatements(environment.state)),
    });

    // Apart from the role's own policy, which has a size.
    const delivery =
      environment.delivery !== "none"
        ? new IamPolicy(this, "delivery-write", {
            name: names.writeDeliveryPolicy,
            description: `Deploys what delivers the renditions of ${environment.name}`,
            policy: policyDocument(...readDeliveryStatements([environment]), ...writeDeliveryStatements(environment)),
          })
        : undefined;
    const deletions = environment.deleteRenditions
      ? new IamPolicy(this, "deletions-write", {
          name: names.writeDeletionsPolicy,
          description: `Deploys what deletes the renditions of deleted pictures of ${environment.name}`,
          policy: policyDocument(...writeDeletionStatements(environment)),
        })
      : undefined;

    if (environment.alarms !== "none" && environment.alarms.encrypted) new AlarmKey(this, "alarms", environment);

    const invokePolicy = new IamPolicy(this, "invoke", {
      name: names.invokePolicy,
      description: `Calls the API of the image pipeline ${environment.name}`,
      policy: policyDocument(...invokeStatements(environment)),
    });

    const deploy = new GithubRole(this, "deploy", {
      roleName: names.deployRole,
      description: `Deploys the image pipeline ${environment.name}`,
      github,
      subjects: [`repo:${repository}:environment:${environment.name}`],
      // Another workflow, or another branch, that names the environment gets no credentials, whatever GitHub's settings say.
      claims: {
        ref: `refs/heads/${branch}`,
        job_workflow_ref: `${plainName(repository)}/${DEPLOY_WORKFLOW}@refs/heads/${branch}`,
      },
      // It calls the API for the smoke test that follows a deployment.
      policies: {
        read: this.readPolicy,
        invoke: invokePolicy,
        ...(delivery && { "delivery-write": delivery }),
        ...(deletions && { "deletions-write": deletions }),
      },
      statements: [
        ...writeStatements(environment),
        ...roleStatements(environment),
        ...writeStateStatements(environment.state),
        ...smokeTestStatements(environment),
      ],
    });
    this.deployRole = deploy.role;
  }
}

/** `owner/name` of `owner@<id>/name@<id>`: only the subject of a token has the ids in it. */
const plainName = (repository: string): string => repository.replaceAll(/@\d+/g, "");
