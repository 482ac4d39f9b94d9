import type { AwsAccount } from "./aws-account";
import type { Variables } from "./checkout";

/** The variables of a workflow run after it took a role with a token from GitHub, as aws-actions/configure-aws-credentials does. */
export async function takeRole({ accountId, endpoint }: AwsAccount, roleName: string): Promise<Variables> {
  const response = await fetch(endpoint, {
    method: "POST",
    body: new URLSearchParams({
      Action: "AssumeRoleWithWebIdentity",
      Version: "2011-06-15",
      RoleArn: `arn:aws:iam::${accountId}:role/${roleName}`,
      RoleSessionName: "GitHubActions",
      WebIdentityToken: "a token from GitHub",
    }),
  });
  const xml = await response.text();
  const field = (name: string) => {
    const [, value] = new RegExp(`<${name}>(.*?)</${name}>`).exec(xml) ?? [];
    if (!value) throw new Error(`expected ${name} of ${roleName} but received ${response.status} ${xml}`);
    return value;
  };
  return {
    AWS_ACCESS_KEY_ID: field("AccessKeyId"),
    AWS_SECRET_ACCESS_KEY: field("SecretAccessKey"),
    AWS_SESSION_TOKEN: field("SessionToken"),
  };
}
