import type { IncomingMessage } from "node:http";
import type { CredentialStore } from "../iam/credentials";
import type { Principal } from "../iam/evaluate";

/** Who a request says it comes from. */
export type Caller =
  | { readonly known: true; readonly principal: Principal }
  | { readonly known: false; readonly accessKeyId: string };

/** Reads the access key of a signed or presigned request. Without one the caller is anonymous. */
export function identifyCaller(request: IncomingMessage, credentials: CredentialStore): Caller {
  const accessKeyId = headerKey(request.headers.authorization) ?? queryKey(request.url ?? "/");
  if (accessKeyId === undefined) return { known: true, principal: { kind: "anonymous" } };
  const found = credentials.find(accessKeyId);
  return found ? { known: true, principal: found.principal } : { known: false, accessKeyId };
}

function headerKey(authorization: string | undefined): string | undefined {
  return authorization && /Credential=([^/,\s]+)\//.exec(authorization)?.[1];
}

function queryKey(url: string): string | undefined {
  const credential = new URL(url, "http://127.0.0.1").searchParams.get("X-Amz-Credential");
  return credential?.split("/")[0];
}
