import { randomBytes } from "node:crypto";
import type { Principal } from "@image-pipeline/iam-policy";
import type { Role } from "../stack/role";

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

/** Whose an access key is, and what its owner has to know besides. */
export interface KnownKey {
  readonly principal: Principal;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Knows whose every access key is. */
export class CredentialStore {
  readonly #keys = new Map<string, KnownKey>();

  constructor(private readonly accountId: string) {
    this.#keys.set(OPERATOR_CREDENTIALS.accessKeyId, {
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
    this.#keys.set(credentials.accessKeyId, {
      principal: roleSession(role, this.accountId, sessionName),
      secretAccessKey: credentials.secretAccessKey,
      sessionToken: credentials.sessionToken,
    });
    return credentials;
  }

  /** Who an access key belongs to; undefined for a key nobody was given. */
  find(accessKeyId: string): KnownKey | undefined {
    return this.#keys.get(accessKeyId);
  }

  /** Ends a session. */
  revoke(credentials: Credentials): void {
    this.#keys.delete(credentials.accessKeyId);
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
    ...(role.boundary && { boundary: role.boundary }),
  };
}
