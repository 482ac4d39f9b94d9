import { randomUUID } from "node:crypto";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { AwsError } from "../aws-error";
import type { HttpApiResource, Route, Stage } from "../stack/http-api-resource";
import { cors } from "./cors";
import type { Bindings, Integrate } from "./integration";
import { type LambdaProxyOptions, lambdaProxy } from "./lambda-proxy";
import { type GuardOptions, routeGuard } from "./route-guard";
import { RouteTable } from "./route-table";
import { type StartExecutionOptions, startExecution } from "./start-execution";
import { TokenBucket } from "./throttle";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024;

/** "Total combined size of request line and header values: 10240 bytes" (the same page). */
export const MAX_HEADER_BYTES = 10_240;

/** What an HTTP API needs of this machine. */
export type HttpApiOptions = StartExecutionOptions & LambdaProxyOptions & GuardOptions;

/** The HTTP API of a stack as a Hono app: each stage with each route, answering in the shapes of API Gateway. */
export function httpApi(api: HttpApiResource, options: HttpApiOptions): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>();
  app.use(async (context, next) => {
    await next();
    context.header("apigw-requestid", randomUUID());
    options.log("http", `${context.req.method} ${context.req.path} ${context.res.status}`);
  });
  if (api.cors) app.use(cors(api.cors));
  app.use(payloadLimit());
  app.onError((error, context) => {
    if (error instanceof AwsError) return context.json({ __type: error.code, message: error.message }, 400);
    options.log("http", String(error.stack ?? error));
    return context.json({ message: "Internal Server Error" }, 500);
  });
  const stages = new Map(api.stages.map((stage) => [stage.name, stageRoutes(api, stage, options)]));
  // One handler finds the route itself: Hono would take HEAD for GET, and knows nothing of the most specific match.
  app.all("*", async (context) => {
    const { method, path } = context.req;
    // A first segment that names a stage belongs to that stage, whatever routes $default has.
    const [, first = ""] = path.split("/", 2);
    const named = first === "$default" ? undefined : stages.get(first);
    const pathInStage = named ? path.slice(first.length + 1) || "/" : path;
    const found = (named ?? stages.get("$default"))?.find(method, pathInStage);
    if (found === undefined) return context.json({ message: "Not Found" }, 404);
    const { target, pathParameters } = found;
    if (target.bucket?.take() === false) return context.json({ message: "Too Many Requests" }, 429);
    const caller = await target.guard(context, `${target.arn}/${method}${pathInStage}`);
    if (caller instanceof Response) return caller;
    return target.integrate(context, { caller, path: pathInStage, pathParameters });
  });
  return app;
}

/** Judges a body by its declared length, to which Node holds it; hono counts a body without one, and copies it for that. */
function payloadLimit(): MiddlewareHandler {
  const onError = (context: Context) => context.json({ message: "Request Entity Too Large" }, 413);
  const counted = bodyLimit({ maxSize: MAX_PAYLOAD_BYTES, onError });
  return async (context, next) => {
    const declaredBytes = context.req.header("content-length");
    if (declaredBytes === undefined) return counted(context, next);
    return Number(declaredBytes) > MAX_PAYLOAD_BYTES ? onError(context) : next();
  };
}

function stageRoutes(api: HttpApiResource, stage: Stage, options: HttpApiOptions) {
  const { region, accountId } = options.authorizer.place;
  const stageBucket = stage.throttle && new TokenBucket(stage.throttle);
  return new RouteTable(
    api.routes.map((route) => {
      const own = stage.routeThrottles[route.routeKey];
      const bucket = own ? new TokenBucket(own) : stageBucket;
      return {
        address: route.address,
        routeKey: route.routeKey,
        bucket,
        arn: `arn:aws:execute-api:${region}:${accountId}:${api.id}/${stage.name}`,
        guard: routeGuard(route.authorization, options),
        integrate: integrate(api, stage, route, options),
      };
    }),
  );
}

function integrate(api: HttpApiResource, stage: Stage, route: Route, options: HttpApiOptions): Integrate {
  const { integration } = route;
  return integration.kind === "Lambda"
    ? lambdaProxy(api, stage, { ...route, integration }, options)
    : startExecution(api, stage, { ...route, integration }, options);
}
