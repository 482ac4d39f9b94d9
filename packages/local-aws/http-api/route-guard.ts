import type { Principal } from "@image-pipeline/iam-policy";
import type { Context } from "hono";
import { AwsError } from "../aws-error";
import type { Authenticator } from "../endpoint/authenticator";
import type { Authorizer } from "../iam/authorizer";
import type { Log } from "../log";
import type { RouteAuthorization } from "../stack/http-api-resource";
import { type Claims, JwtVerifier, TokenError } from "./jwt-verifier";

/** Who a request of an HTTP API comes from, as far as its route asked. */
export type Caller =
  | { readonly kind: "anyone" }
  | { readonly kind: "iam"; readonly principal: Principal }
  | { readonly kind: "jwt"; readonly claims: Claims; readonly scopes: readonly string[] };

/** What guarding a route needs of this machine. */
export interface GuardOptions {
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly log: Log;
}

/** The caller of a request, or API Gateway's answer to one that may not call; `resource` is the ARN of what is called. */
export type Guard = (context: Context, resource: string) => Promise<Caller | Response>;

/** The guard of a route with this authorization. */
export function routeGuard(authorization: RouteAuthorization, options: GuardOptions): Guard {
  if (authorization === "none") return async () => ({ kind: "anyone" });
  return authorization === "iam" ? iamGuard(options) : jwtGuard(new JwtVerifier(authorization), options);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html */
function iamGuard({ authenticator, authorizer, log }: GuardOptions): Guard {
  return async (context, resource) => {
    const { req } = context;
    const url = req.url.slice(new URL(req.url).origin.length);
    try {
      const request = { method: req.method, url, headers: req.header() };
      const body = new Uint8Array(await req.arrayBuffer());
      const principal = authenticator.authenticate(request, "execute-api", body);
      if (principal.kind === "anonymous")
        throw new AwsError("MissingAuthenticationTokenException", 403, "the request is not signed");
      authorizer.require(principal, "execute-api:Invoke", resource);
      return { kind: "iam", principal };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // The caller is told no more than this; whoever runs the machine is.
      log("http", `forbidden: ${error.message}`);
      return context.json({ message: "Forbidden" }, 403);
    }
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html */
function jwtGuard(verifier: JwtVerifier, { log }: GuardOptions): Guard {
  return async (context) => {
    // "The identitySource can include only the token, or the token prefixed with Bearer."
    const token = context.req.header("authorization")?.replace(/^Bearer /i, "");
    try {
      return { kind: "jwt", ...(await verifier.verify(token)) };
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      const { kind, message, scopes } = error;
      log("http", `${kind}: ${message}`);
      const details = `scope="${scopes.join(" ")}" error="${kind}" error_description="${message}"`;
      context.header("www-authenticate", kind === "missing_token" ? "Bearer" : `Bearer ${details}`);
      return kind === "insufficient_scope"
        ? context.json({ message: "Forbidden" }, 403)
        : context.json({ message: "Unauthorized" }, 401);
    }
  };
}
