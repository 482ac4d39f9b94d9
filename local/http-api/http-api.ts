import { randomUUID } from "node:crypto";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import { roleSession } from "../iam/credentials";
import type { Log } from "../log";
import type { HttpApiResource, Route, Stage } from "../stack-model/stack-model";
import { UnsupportedError } from "../stack-model/unsupported-error";
import type { StepFunctionsOperations } from "../step-functions/operations";
import { cors } from "./cors";
import { type ParameterSource, parseParameterSource } from "./parameter-mapping";
import { routePath, specificity } from "./route-path";
import { TokenBucket } from "./throttle";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024;

/** "Total combined size of request line and header values: 10240 bytes" (the same page). */
export const MAX_HEADER_BYTES = 10_240;

/** What an HTTP API needs of this machine. */
export interface HttpApiOptions {
  readonly stepFunctions: Pick<StepFunctionsOperations, "call">;
  readonly authorizer: Authorizer;
  readonly log: Log;
}

/** The HTTP API of a stack as a Hono app: each stage with each route, answering in the shapes of API Gateway. */
export function httpApi(api: HttpApiResource, options: HttpApiOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.header("apigw-requestid", randomUUID());
    options.log("http", `${context.req.method} ${context.req.path} ${context.res.status}`);
  });
  if (api.cors) app.use(cors(api.cors));
  app.use(payloadLimit());
  app.notFound((context) => context.json({ message: "Not Found" }, 404));
  app.onError((error, context) => {
    if (error instanceof AwsError) return context.json({ __type: error.code, message: error.message }, 400);
    options.log("http", String(error.stack ?? error));
    return context.json({ message: "Internal Server Error" }, 500);
  });
  // A first segment that names a stage belongs to that stage, whatever routes $default has.
  const stages = [...api.stages].sort(
    (one, other) => Number(one.name === "$default") - Number(other.name === "$default"),
  );
  for (const stage of stages) addStage(app, api, stage, options);
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

function addStage(app: Hono, api: HttpApiResource, stage: Stage, options: HttpApiOptions): void {
  const prefix = stage.name === "$default" ? "" : `/${stage.name}`;
  const stageBucket = stage.throttle && new TokenBucket(stage.throttle);
  const routes = [...api.routes].sort((one, other) => specificity(other.routeKey) - specificity(one.routeKey));
  for (const route of routes) {
    const { method, path } = routePath(route.routeKey, route.address);
    const own = stage.routeThrottles[route.routeKey];
    const bucket = own ? new TokenBucket(own) : stageBucket;
    const start = startExecution(api, stage, route, options);
    app.on(method, `${prefix}${path}`, (context) =>
      bucket?.take() === false ? context.json({ message: "Too Many Requests" }, 429) : start(context),
    );
  }
  if (prefix !== "") app.all(`${prefix}/*`, (context) => context.json({ message: "Not Found" }, 404));
}

/** The integration `StepFunctions-StartExecution`: the route's role starts the machine, and its answer is the answer. */
function startExecution(
  api: HttpApiResource,
  stage: Stage,
  route: Route,
  { stepFunctions, authorizer }: HttpApiOptions,
) {
  const sources = new Map(
    Object.entries(route.requestParameters).map(
      ([name, source]) => [name, parseParameterSource(source, route.address)] as const,
    ),
  );
  requireParameters(sources, route);
  return async (context: Context): Promise<Response> => {
    const request = await mappedRequest(context, api, stage, route, authorizer.place.accountId);
    const value = (name: string) => sources.get(name)?.(request);
    const name = value("Name");
    try {
      authorizer.assumeRole(route.role, "apigateway.amazonaws.com", {
        "aws:sourceaccount": authorizer.place.accountId,
      });
    } catch {
      // The denial is in the log; a caller of API Gateway learns no more than this.
      return context.json({ message: "Internal Server Error" }, 500);
    }
    const principal = roleSession(route.role, authorizer.place.accountId, "BackplaneAssumeRoleSession");
    const input = {
      stateMachineArn: value("StateMachineArn") ?? null,
      input: value("Input") ?? "{}",
      ...(name !== undefined && { name }),
    };
    return context.json(await stepFunctions.call("StartExecution", input, principal));
  };
}

function requireParameters(sources: ReadonlyMap<string, ParameterSource>, route: Route): void {
  if (!sources.has("StateMachineArn"))
    throw new UnsupportedError(route.address, "expected request_parameters to have StateMachineArn");
  for (const name of sources.keys()) {
    if (!["StateMachineArn", "Input", "Name"].includes(name)) {
      throw new UnsupportedError(route.address, `the request parameter "${name}" is not understood`);
    }
  }
}

async function mappedRequest(context: Context, api: HttpApiResource, stage: Stage, route: Route, accountId: string) {
  const { req } = context;
  return {
    body: await req.text(),
    path: req.path,
    pathParameters: req.param(),
    header: (name: string) => req.header(name),
    query: (name: string) => req.query(name),
    stageVariables: stage.variables,
    context: {
      accountId,
      apiId: api.id,
      domainName: req.header("host") ?? "",
      httpMethod: req.method,
      "identity.sourceIp": "127.0.0.1",
      path: req.path,
      protocol: "HTTP/1.1",
      requestId: randomUUID(),
      requestTimeEpoch: String(Date.now()),
      routeKey: route.routeKey,
      stage: stage.name,
    },
  };
}
