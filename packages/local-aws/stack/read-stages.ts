import { UnsupportedError } from "../unsupported-error";
import type { Block } from "./block";
import type { Stage, Throttle } from "./http-api-resource";

const NAME = /^(\$default|[A-Za-z0-9_-]{1,128})$/;

/** A stage of an API with these routes. @throws UnsupportedError for one that API Gateway refuses or that serves something else */
export function readStage(block: Block, routeKeys: readonly string[]): Stage {
  if (block.optionalBoolean("auto_deploy") !== true) {
    throw new UnsupportedError(
      block.address,
      "expected auto_deploy = true: without it the stage serves a deployment made elsewhere",
    );
  }
  const name = block.stringLike("name", NAME, "$default or 1 to 128 letters, digits, - and _");
  const defaults = block.optionalBlock("default_route_settings");
  const routeThrottles = block.blocks("route_settings").map((settings) => {
    const routeKey = settings.string("route_key");
    if (!routeKeys.includes(routeKey))
      throw new UnsupportedError(
        block.address,
        `expected a route of the API for route_settings but received "${routeKey}"`,
      );
    return [routeKey, readThrottle(settings)] as const;
  });
  const stage: Stage = {
    address: block.address,
    name,
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
