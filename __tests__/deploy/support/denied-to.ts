import { isAllowed } from "../../support/is-allowed";
import type { AwsClients } from "./aws-clients";
import type { AwsRequest } from "./aws-request";
import { iamQuestions } from "./iam-questions";
import { readRole } from "./read-back";

/** What a role was not allowed of all that was asked; its policies are read from the account. */
export async function deniedTo(
  roleName: string,
  requests: readonly AwsRequest[],
  { aws, accountId }: { readonly aws: AwsClients; readonly accountId: string },
): Promise<readonly string[]> {
  const { statements } = await readRole(aws, roleName);
  return iamQuestions(requests, accountId)
    .filter((question) => !isAllowed(statements, question))
    .map(({ action, resource, context }) => `${action} on ${resource} ${JSON.stringify(context)}`);
}
