import type { Account, Bootstrap } from "../../environments/bootstrap";

/** The account of `anEnvironment`; a test states only the fields its promise is about. */
export function anAccount(fields: Partial<Account> = {}): Account {
  return {
    name: "test",
    accountId: "123456789012",
    region: "eu-west-1",
    stateBucketName: "test-state",
    state: "local",
    tags: { project: "tests" },
    ...fields,
  };
}

/** Valid bootstrap data with one account. */
export function aBootstrap(fields: Partial<Bootstrap> = {}): Bootstrap {
  return { repository: "owner@1/name@2", branch: "main", accounts: [anAccount()], ...fields };
}
