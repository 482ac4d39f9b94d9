import { UnsupportedError } from "../unsupported-error";
import type { Block } from "./block";
import type { HttpApiResource, Route } from "./http-api-resource";
import { type JwtAuthorizer, readAuthorization, readAuthorizers } from "./read-authorizers";
import { readCors } from "./read-cors";
import { type InvokableFunction, readIntegration } from "./read-integration";
import { readStage } from "./read-stages";
import type { Resources } from "./resources";
import type { Role } from "./role";

type Integration = Pick<Route, "integration"> & { readonly apiId: string };

/** The HTTP APIs with their routes and stages. */
export function readApis(
  resources: Resources,
  roles: ReadonlyMap<string, Role>,
  functions: readonly InvokableFunction[],
): readonly HttpApiResource[] {
  const idOf = ({ address }: Block) => String(resources.lookup(`${address}.id`, address));
  const apis = resources.ofType("aws_apigatewayv2_api");
  const apiIdOf = (block: Block) => {
    const apiId = block.string("api_id");
    if (apis.some((api) => idOf(api) === apiId)) return apiId;
    throw new UnsupportedError(block.address, `expected an API of the stack but received ${apiId}`);
  };
  const integrations = new Map(
    resources
      .ofType("aws_apigatewayv2_integration")
      .map((block) => [
        `integrations/${idOf(block)}`,
        { apiId: apiIdOf(block), integration: readIntegration(block, roles, functions) },
      ]),
  );
  const authorizers = readAuthorizers(resources, apiIdOf);
  const routes = resources
    .ofType("aws_apigatewayv2_route")
    .map((block) => readRoute(block, apiIdOf(block), integrations, authorizers));
  const stages = resources.ofType("aws_apigatewayv2_stage").map((block) => {
    const apiId = apiIdOf(block);
    const routeKeys = routes.filter((route) => route.apiId === apiId).map(({ routeKey }) => routeKey);
    return { apiId, ...readStage(block, routeKeys) };
  });
  return apis.map((block) => {
    const id = idOf(block);
    const protocol = block.string("protocol_type");
    if (protocol !== "HTTP")
      throw new UnsupportedError(block.address, `expected protocol_type HTTP but received ${protocol}`);
    const cors = block.optionalBlock("cors_configuration");
    const api: HttpApiResource = {
      address: block.address,
      id,
      name: block.string("name"),
      ...(cors && { cors: readCors(cors) }),
      routes: routes.filter((route) => route.apiId === id),
      stages: stages.filter((stage) => stage.apiId === id),
    };
    block.withoutLocalMeaning("description");
    block.end();
    return api;
  });
}

function readRoute(
  block: Block,
  apiId: string,
  integrations: ReadonlyMap<string, Integration>,
  authorizers: ReadonlyMap<string, JwtAuthorizer>,
): Route & { readonly apiId: string } {
  const target = block.string("target");
  const integration = integrations.get(target);
  if (integration?.apiId !== apiId) {
    const expected = "integrations/<id> of an integration of the same API";
    throw new UnsupportedError(block.address, `expected ${expected} for target but received ${target}`);
  }
  const route = {
    ...integration,
    address: block.address,
    routeKey: block.string("route_key"),
    authorization: readAuthorization(block, apiId, authorizers),
  };
  block.withoutLocalMeaning("operation_name");
  block.end();
  return route;
}
