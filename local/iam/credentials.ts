import { randomBytes } from "node:crypto";
import type { Role } from "../stack-model/stack-model";
import type { Principal } from "./evaluate";

/** Keys as a program uses them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** What the person at this machine signs requests with. The same in every run, so a shell that has them keeps working. */
export const OPERATOR_CREDENTIALS = {
  accessKeyId: "AKIALOCALOPERATOR000",
  secretAccessKey: "local-operator-secret-for-this-machine-0",
} as const;

/** Knows whose every access key is. */
export class CredentialStore {
  readonly #principals = new Map<string, { readonly principal: Principal; readonly secretAccessKey: string }>();

  constructor(private readonly accountId: string) {
    this.#principals.set(OPERATOR_CREDENTIALS.accessKeyId, {
      principal: { kind: "operator", arn: `arn:aws:iam::${accountId}:user/local-operator` },
      secretAccessKey: OPERATOR_CREDENTIALS.secretAccessKey,
    });
  }

  /** A session of a role under a name, as AssumeRole gives it. */
  assumeRole(role: Role, sessionName: string): Credentials {
    const credentials = {
      accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString("base64"),
      sessionToken: randomBytes(60).toString("base64"),
    };
    this.#principals.set(credentials.accessKeyId, {
      principal: roleSession(role, this.accountId, sessionName),
      secretAccessKey: credentials.secretAccessKey,
    });
    return credentials;
  }

  /** Who an access key belongs to, with its secret; undefined for a key nobody was given. */
  find(accessKeyId: string): { readonly principal: Principal; readonly secretAccessKey: string } | undefined {
    return this.#principals.get(accessKeyId);
  }

  /** Ends a session. */
  revoke(credentials: Credentials): void {
    this.#principals.delete(credentials.accessKeyId);
  }
}

/** The principal a service is while it has taken a role. */
export function roleSession(role: Role, accountId: string, sessionName: string): Principal & { readonly kind: "role" } {
  return {
    kind: "role",
    address: role.address,
    arn: role.arn,
    sessionArn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
    policies: role.policies,
  };
}
