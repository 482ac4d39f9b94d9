import type { InferOutput } from "valibot";
import { accountId } from "./account-id";
import { bucketName } from "./bucket-name";
import { arrayOf, type Fault, faultsOf, meaning, pattern, record } from "./expectations";
import { region } from "./region";
import { state } from "./state";
import { tags } from "./tags";

/** An AWS account, and what its bootstrap stack makes there once, before any environment. */
const account = record({
  name: meaning(
    "suffix of the stack's id, `bootstrap-<name>`",
    pattern(/^[a-z][a-z0-9-]{0,15}$/, "1 to 16 lower-case letters, digits and hyphens, a letter first"),
  ),
  accountId: meaning("the account", accountId),
  region: meaning("where its stack and the bucket are made", region),
  stateBucketName: meaning("the bucket to make for Terraform's state", bucketName),
  state: meaning("where the state of the bootstrap stack itself is kept: `local` until the bucket is there", state),
  tags: meaning("tags of every resource that takes tags", tags),
});

/** Who may deploy, and the accounts that are prepared for it. */
export const bootstrap = record({
  // The subject of GitHub's tokens: https://docs.github.com/en/actions/reference/security/oidc
  // No wildcard and no colon, because the value becomes part of a trust policy.
  repository: meaning(
    "the repository as the subject of its tokens has it: with ids, or without them where it is older than June 2026",
    pattern(/^[A-Za-z0-9-]+(@\d+)?\/[A-Za-z0-9._-]+(@\d+)?$/, "a GitHub repository as owner@id/name@id or owner/name"),
  ),
  branch: meaning(
    "the branch that is deployed; scheduled workflows run on it",
    pattern(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, "the name of a branch"),
  ),
  accounts: meaning("the accounts that environments live in", arrayOf(account)),
});

export type Account = InferOutput<typeof account>;
export type Bootstrap = InferOutput<typeof bootstrap>;

/** All faults of the bootstrap data, each with its path below `path`. */
export function bootstrapFaults(value: unknown, path: string): Fault[] {
  return faultsOf(bootstrap, value, path);
}
