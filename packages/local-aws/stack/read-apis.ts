import { UnsupportedError } from "../unsupported-error";
import type { Block } from "./block";
import { type JwtAuthorizer, readAuthorization, readAuthorizers } from "./read-authorizers";
import { readCors } from "./read-cors";
import { roleByArn } from "./read-roles";
import { readStage } from "./read-stages";
import type { Resources } from "./resources";
import type { HttpApiResource, Role, Route } from "./stack-model";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const MIN_INTEGRATION_TIMEOUT_MS = 50;
const MAX_INTEGRATION_TIMEOUT_MS = 30_000;

type Integration = Pick<Route, "role" | "requestParameters"> & { readonly apiId: string };

/** The HTTP APIs with their routes and stages. */
export function readApis(resources: Resources, roles: ReadonlyMap<string, Role>): readonly HttpApiResource[] {
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
      .map((block) => [`integrations/${idOf(block)}`, { apiId: apiIdOf(block), ...readIntegration(block, roles) }]),
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

function readIntegration(block: Block, roles: ReadonlyMap<string, Role>): Omit<Integration, "apiId"> {
  const kind = `${block.string("integration_type")} ${block.optionalString("integration_subtype") ?? ""}`.trim();
  if (kind !== "AWS_PROXY StepFunctions-StartExecution") {
    throw new UnsupportedError(block.address, `expected AWS_PROXY StepFunctions-StartExecution but received ${kind}`);
  }
  const version = block.optionalString("payload_format_version") ?? "1.0";
  if (version !== "1.0")
    throw new UnsupportedError(block.address, `expected payload_format_version 1.0 but received ${version}`);
  // Starting an execution takes no time here that could run out.
  block.optionalWhole("timeout_milliseconds", MIN_INTEGRATION_TIMEOUT_MS, MAX_INTEGRATION_TIMEOUT_MS);
  const integration = {
    role: roleByArn(roles, block.string("credentials_arn"), block.address),
    requestParameters: block.stringMap("request_parameters"),
  };
  block.withoutLocalMeaning("description");
  block.end();
  return integration;
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
