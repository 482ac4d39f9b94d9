import type { Block } from "./block";
import { readCors } from "./read-cors";
import { roleByArn } from "./read-roles";
import type { Resources } from "./resources";
import type { HttpApiResource, Role, Route, Stage, Throttle } from "./stack-model";
import { UnsupportedError } from "./unsupported-error";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const MAX_INTEGRATION_TIMEOUT_MS = 30_000;

type Integration = Pick<Route, "role" | "requestParameters" | "timeoutMs">;

/** The HTTP APIs with their routes and stages. */
export function readApis(resources: Resources, roles: ReadonlyMap<string, Role>): readonly HttpApiResource[] {
  const integrations = new Map(
    resources
      .ofType("aws_apigatewayv2_integration")
      .map((block) => [String(resources.lookup(`${block.address}.id`, block.address)), readIntegration(block, roles)]),
  );
  const routes = resources.ofType("aws_apigatewayv2_route").map((block) => readRoute(block, integrations));
  const stages = resources.ofType("aws_apigatewayv2_stage").map(readStage);
  return resources.ofType("aws_apigatewayv2_api").map((block) => {
    const id = String(resources.lookup(`${block.address}.id`, block.address));
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

function readIntegration(block: Block, roles: ReadonlyMap<string, Role>): Integration {
  const kind = `${block.string("integration_type")} ${block.optionalString("integration_subtype") ?? ""}`.trim();
  if (kind !== "AWS_PROXY StepFunctions-StartExecution") {
    throw new UnsupportedError(block.address, `expected AWS_PROXY StepFunctions-StartExecution but received ${kind}`);
  }
  const version = block.optionalString("payload_format_version") ?? "1.0";
  if (version !== "1.0")
    throw new UnsupportedError(block.address, `expected payload_format_version 1.0 but received ${version}`);
  const integration = {
    role: roleByArn(roles, block.string("credentials_arn"), block.address),
    requestParameters: block.stringMap("request_parameters"),
    timeoutMs: block.optionalNumber("timeout_milliseconds") ?? MAX_INTEGRATION_TIMEOUT_MS,
  };
  block.withoutLocalMeaning("api_id", "description");
  block.end();
  return integration;
}

function readRoute(block: Block, integrations: ReadonlyMap<string, Integration>): Route & { readonly apiId: string } {
  const target = block.string("target");
  const integration = integrations.get(target.replace(/^integrations\//, ""));
  if (integration === undefined)
    throw new UnsupportedError(block.address, `expected an integration of the stack but received ${target}`);
  const authorization = block.optionalString("authorization_type") ?? "NONE";
  if (authorization !== "NONE") {
    throw new UnsupportedError(block.address, `expected authorization_type NONE but received ${authorization}`);
  }
  const route = {
    address: block.address,
    apiId: block.string("api_id"),
    routeKey: block.string("route_key"),
    ...integration,
  };
  block.withoutLocalMeaning("operation_name");
  block.end();
  return route;
}

function readStage(block: Block): Stage & { readonly apiId: string } {
  if (block.optionalBoolean("auto_deploy") !== true) {
    throw new UnsupportedError(
      block.address,
      "expected auto_deploy = true: without it the stage serves a deployment made elsewhere",
    );
  }
  const defaults = block.optionalBlock("default_route_settings");
  const routeThrottles = block
    .blocks("route_settings")
    .map((settings) => [settings.string("route_key"), readThrottle(settings)] as const);
  const stage = {
    address: block.address,
    apiId: block.string("api_id"),
    name: block.string("name"),
    ...(defaults && { throttle: readThrottle(defaults) }),
    routeThrottles: Object.fromEntries(routeThrottles),
    variables: block.stringMap("stage_variables"),
  };
  // The access log is the terminal.
  block.withoutLocalMeaning("access_log_settings", "description");
  block.end();
  return stage;
}

/** Route settings without a throttle refuse everyone with 429, as a stage of AWS does. */
function readThrottle(settings: Block): Throttle {
  const throttle = {
    rateLimit: settings.optionalNumber("throttling_rate_limit") ?? 0,
    burstLimit: settings.optionalNumber("throttling_burst_limit") ?? 0,
  };
  settings.withoutLocalMeaning("detailed_metrics_enabled");
  settings.end();
  return throttle;
}
