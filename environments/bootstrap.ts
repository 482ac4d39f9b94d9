import { accountId } from "./account-id";
import { bucketNameFaults } from "./bucket-name";
import { arrayOf, type Fault, pattern, record } from "./expectations";
import { region } from "./region";
import { type State, state } from "./state";
import { tags } from "./tags";

/** An AWS account, and what its bootstrap stack makes there once, before any environment. */
export interface Account {
  /** Suffix of the stack's id, `bootstrap-<name>`. */
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  /** The bucket to make for Terraform's state. */
  readonly stateBucketName: string;
  /** Where the state of the bootstrap stack itself is kept: `local` until the bucket is there. */
  readonly state: State;
  readonly tags: Readonly<Record<string, string>>;
}

/** Who may deploy, and the accounts that are prepared for it. */
export interface Bootstrap {
  /**
   * The GitHub repository as the subject of its tokens has it: `owner@<id>/name@<id>`, or `owner/name` for one made
   * before June 2026. https://docs.github.com/en/actions/reference/security/oidc
   */
  readonly repository: string;
  /** The branch that is deployed; scheduled workflows run on it. */
  readonly branch: string;
  readonly accounts: readonly Account[];
}

const account = record<Account>({
  name: pattern(/^[a-z][a-z0-9-]{0,15}$/, "1 to 16 lower-case letters, digits and hyphens, a letter first"),
  accountId,
  region,
  stateBucketName: bucketNameFaults,
  state,
  tags,
});

const bootstrap = record<Bootstrap>({
  // No wildcard and no colon: the value becomes part of a trust policy.
  repository: pattern(
    /^[A-Za-z0-9-]+(@\d+)?\/[A-Za-z0-9._-]+(@\d+)?$/,
    "a GitHub repository as owner@id/name@id or owner/name",
  ),
  branch: pattern(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, "the name of a branch"),
  accounts: arrayOf(account),
});

/** All faults of the bootstrap data, each with its path below `path`. */
export function bootstrapFaults(value: unknown, path: string): Fault[] {
  return bootstrap(value, path);
}
