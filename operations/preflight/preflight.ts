import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { CommandError } from "@image-pipeline/command";
import type { Environment } from "../../environments/environment";
import { checkBucket, checkState } from "./check-buckets";
import { checkConcurrency } from "./check-concurrency";
import { checkExistingBucket } from "./check-existing-bucket";
import { checkGithub } from "./check-github";
import { checkStarts, checkTransitions, stepFunctionsQuotas } from "./check-quotas";
import { checkTerraform } from "./check-terraform";
import { type Finding, finding, fix, look, ok } from "./finding";

/**
 * Everything outside of the stack that its deployment depends on. Changes nothing. In another account nothing else is
 * looked at: it would be told of the wrong one.
 * @throws CommandError where AWS cannot be asked at all
 */
export async function preflight(environment: Environment, shellRegion: string | undefined): Promise<Finding[]> {
  const { accountId, region, name, originalBucket } = environment;
  const terraform = { subject: "Terraform", ...checkTerraform() };
  const caller = await callerAccount(region);
  if (caller !== accountId) {
    const todo = `take credentials of ${accountId}, or mend ${name}.accountId; nothing else was looked at`;
    return [terraform, { subject: "account", ...fix(`these credentials are of ${caller}`, todo) }];
  }
  const s3 = new S3Client({ region, followRegionRedirects: true });
  const quotas = stepFunctionsQuotas(new ServiceQuotasClient({ region }));
  return [
    terraform,
    { subject: "account", ...ok(accountId) },
    { subject: "region", ...checkRegion(region, shellRegion) },
    ...(
      await Promise.all([
        finding("sandboxes", "lambda:GetAccountSettings and lambda:GetFunctionConcurrency", () =>
          checkConcurrency(new LambdaClient({ region }), environment),
        ),
        finding("starts", "servicequotas:ListServiceQuotas", async () => checkStarts(await quotas, environment)),
        finding("transitions", "servicequotas:ListServiceQuotas", async () =>
          checkTransitions(await quotas, environment),
        ),
        typeof originalBucket === "string"
          ? finding("original bucket", "s3:ListBucket", () => checkBucket(s3, originalBucket, environment))
          : checkExistingBucket(s3, originalBucket, environment),
        finding("resized bucket", "s3:ListBucket", () => checkBucket(s3, environment.resizedBucketName, environment)),
        finding("state", "s3:ListBucket and s3:GetBucketVersioning", () => checkState(s3, environment)),
        finding("GitHub", "iam:ListOpenIDConnectProviders", () => checkGithub(new IAMClient({ region }))),
      ])
    ).flat(),
  ];
}

async function callerAccount(region: string): Promise<string> {
  try {
    const { Account = "an unknown account" } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
    return Account;
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new CommandError(`expected AWS credentials that work in ${region}: ${reason}`, { cause: error });
  }
}

/** The stack has its region from the environment; whoever looks at it by the AWS CLI has the shell's. */
function checkRegion(region: string, shellRegion: string | undefined) {
  if (shellRegion === undefined || shellRegion === region) return ok(region);
  return look(`${region}, and ${shellRegion} in this shell`, `export AWS_REGION=${region} for the AWS CLI`);
}
