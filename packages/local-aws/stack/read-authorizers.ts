import { UnsupportedError } from "../unsupported-error";
import type { Block } from "./block";
import type { JwtAuthorization, RouteAuthorization } from "./http-api-resource";
import type { Resources } from "./resources";

/** The JWT authorizer of an API, before a route adds its scopes. */
export type JwtAuthorizer = Omit<JwtAuthorization, "scopes"> & { readonly apiId: string };

/** The authorizers by their ids. */
export function readAuthorizers(
  resources: Resources,
  apiIdOf: (block: Block) => string,
): ReadonlyMap<string, JwtAuthorizer> {
  return new Map(
    resources.ofType("aws_apigatewayv2_authorizer").map((block) => {
      const type = block.string("authorizer_type");
      if (type !== "JWT")
        throw new UnsupportedError(block.address, `expected authorizer_type JWT but received ${type}`);
      const sources = block.strings("identity_sources");
      if (sources.length !== 1 || sources[0]?.toLowerCase() !== "$request.header.authorization")
        throw new UnsupportedError(
          block.address,
          `expected identity_sources to be $request.header.Authorization but received ${sources.join(", ")}`,
        );
      const configuration = block.block("jwt_configuration");
      const issuer = configuration.stringLike("issuer", /^https?:\/\/\S+$/, "a URL");
      const audience = configuration.strings("audience");
      configuration.end();
      block.string("name");
      const authorizer = { apiId: apiIdOf(block), issuer, audience };
      block.end();
      return [String(resources.lookup(`${block.address}.id`, block.address)), authorizer];
    }),
  );
}

/** Who may call a route. */
export function readAuthorization(
  route: Block,
  apiId: string,
  authorizers: ReadonlyMap<string, JwtAuthorizer>,
): RouteAuthorization {
  const type = route.optionalOneOf("authorization_type", ["NONE", "AWS_IAM", "JWT"]) ?? "NONE";
  if (type !== "JWT") return type === "NONE" ? "none" : "iam";
  const authorizerId = route.string("authorizer_id");
  const authorizer = authorizers.get(authorizerId);
  if (authorizer?.apiId !== apiId)
    throw new UnsupportedError(
      route.address,
      `expected the id of an authorizer of the same API for authorizer_id but received ${authorizerId}`,
    );
  const { issuer, audience } = authorizer;
  return { issuer, audience, scopes: route.strings("authorization_scopes") };
}
