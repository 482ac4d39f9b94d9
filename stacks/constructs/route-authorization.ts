import type { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api";
import { Apigatewayv2Authorizer } from "@cdktf/provider-aws/lib/apigatewayv2-authorizer";
import type { Apigatewayv2RouteConfig } from "@cdktf/provider-aws/lib/apigatewayv2-route";
import type { Construct } from "constructs";
import type { Environment } from "../../environments/environment";

/** What every route asks of its callers. Preflights are answered by the API itself, so they stay open. */
export function routeAuthorization(
  scope: Construct,
  api: Apigatewayv2Api,
  apiAuth: Environment["apiAuth"],
): Partial<Apigatewayv2RouteConfig> {
  if (apiAuth === "none") return { authorizationType: "NONE" };
  if (apiAuth === "iam") return { authorizationType: "AWS_IAM" };
  const authorizer = new Apigatewayv2Authorizer(scope, "tokens", {
    apiId: api.id,
    name: "tokens",
    authorizerType: "JWT",
    identitySources: ["$request.header.Authorization"],
    jwtConfiguration: { issuer: apiAuth.issuer, audience: [...apiAuth.audience] },
    // API Gateway deletes no authorizer that a route still uses: the routes let go of it first.
    lifecycle: { createBeforeDestroy: true },
  });
  return {
    authorizationType: "JWT",
    authorizerId: authorizer.id,
    ...(apiAuth.scopes && { authorizationScopes: [...apiAuth.scopes] }),
  };
}
