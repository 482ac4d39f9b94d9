import { CommandError } from "@image-pipeline/command";
import { isRecord } from "@image-pipeline/plan-review";

/** Where a stack is deployed to, read from the stack itself so that no second list of accounts has to be kept. */
export interface DeploymentTarget {
  readonly accountId: string;
  readonly region: string;
}

/** The account and region of a synthesized stack, if CI can deploy it at all. */
export function deploymentTarget(stack: string, synthesized: unknown): DeploymentTarget {
  const root = isRecord(synthesized) ? synthesized : {};
  const backend = isRecord(root.terraform) && isRecord(root.terraform.backend) ? root.terraform.backend : {};
  if (!("s3" in backend)) {
    throw new CommandError(
      `${stack}: expected its state in S3 but received ${Object.keys(backend).join() || "no backend"}: a runner's own disk is gone after the job. See "state" of the environment`,
    );
  }
  const provider = firstOf(isRecord(root.provider) ? root.provider.aws : undefined);
  const account = isRecord(provider) ? firstOf(provider.allowed_account_ids) : undefined;
  const region = isRecord(provider) ? provider.region : undefined;
  if (typeof account !== "string" || typeof region !== "string") {
    throw new CommandError(`${stack}: expected an AWS provider with region and allowed_account_ids`);
  }
  return { accountId: account, region };
}

const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);
