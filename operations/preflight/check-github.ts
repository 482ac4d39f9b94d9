import { type IAMClient, ListOpenIDConnectProvidersCommand } from "@aws-sdk/client-iam";
import { type Answer, look, ok } from "./finding";

const GITHUB = "token.actions.githubusercontent.com";

/** Whether the account trusts GitHub's tokens; an account has one provider of an address, whoever made it. */
export async function checkGithub(iam: IAMClient): Promise<Answer> {
  const { OpenIDConnectProviderList = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
  const provider = OpenIDConnectProviderList.find(({ Arn }) => Arn?.endsWith(`/${GITHUB}`));
  return provider === undefined
    ? look(`no provider ${GITHUB}`, "nothing to deploy by hand; for CI, deploy the account's bootstrap stack")
    : ok(`${GITHUB} is there; where the bootstrap stack did not make it, import it: aws_iam_openid_connect_provider`);
}
