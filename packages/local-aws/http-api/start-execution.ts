import { randomUUID } from "node:crypto";
import type { Principal } from "@image-pipeline/iam-policy";
import type { Authorizer } from "../iam/authorizer";
import { roleSession } from "../iam/credentials";
import type { JsonObject } from "../json";
import type { HttpApiResource, Route, Stage, StartExecutionIntegration } from "../stack/http-api-resource";
import { UnsupportedError } from "../unsupported-error";
import type { Integrate } from "./integration";
import { type MappedRequest, type ParameterSource, parseParameterSource } from "./parameter-mapping";
import { parseRouteKey } from "./route-key";

/** What an HTTP API needs of this machine to start executions. */
export interface StartExecutionOptions {
  readonly stepFunctions: {
    /** @throws AwsError as Step Functions would answer */
    readonly call: (operation: "StartExecution", input: JsonObject, principal: Principal) => Promise<object>;
  };
  readonly authorizer: Authorizer;
}

type StartRoute = Route & { readonly integration: StartExecutionIntegration };

/** The integration `StepFunctions-StartExecution`: the route's role starts the machine, and its answer is the answer. */
export function startExecution(
  api: HttpApiResource,
  stage: Stage,
  route: StartRoute,
  { stepFunctions, authorizer }: StartExecutionOptions,
): Integrate {
  const sources = readSources(route);
  const { accountId } = authorizer.place;
  const { role } = route.integration;
  return async (context, { path, pathParameters }) => {
    const { req } = context;
    const request: MappedRequest = {
      body: await req.text(),
      path,
      pathParameters,
      // Node tells apart what came as several headers; Fetch's Headers join them with a comma and a space.
      header: (name) => context.env.incoming.headersDistinct[name.toLowerCase()]?.join(","),
      query: (name) => req.queries(name)?.join(","),
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
    const value = (name: string) => sources.get(name)?.(request);
    const name = value("Name");
    try {
      authorizer.assumeRole(role, "apigateway.amazonaws.com", { "aws:sourceaccount": accountId });
    } catch {
      // The denial is in the log; a caller of API Gateway learns no more than this.
      return context.json({ message: "Internal Server Error" }, 500);
    }
    const principal = roleSession(role, accountId, "BackplaneAssumeRoleSession");
    const input = {
      stateMachineArn: value("StateMachineArn") ?? null,
      input: value("Input") ?? "{}",
      ...(name !== undefined && { name }),
    };
    return context.json(await stepFunctions.call("StartExecution", input, principal));
  };
}

function readSources({ integration, routeKey, address }: StartRoute): ReadonlyMap<string, ParameterSource> {
  const { requestParameters } = integration;
  const sources = new Map(
    Object.entries(requestParameters).map(([name, source]) => [name, parseParameterSource(source, address)] as const),
  );
  if (!sources.has("StateMachineArn"))
    throw new UnsupportedError(address, "expected request_parameters to have StateMachineArn");
  for (const name of sources.keys()) {
    if (!["StateMachineArn", "Input", "Name"].includes(name))
      throw new UnsupportedError(address, `the request parameter "${name}" is not understood`);
  }
  const { segments = [] } = parseRouteKey(routeKey, address);
  for (const source of Object.values(requestParameters)) {
    const [, variable] = /^\$request\.path\.(.+)$/.exec(source) ?? [];
    if (variable !== undefined && !segments.some(({ kind, name }) => kind !== "text" && name === variable))
      throw new UnsupportedError(address, `the route "${routeKey}" has no variable for ${source}`);
  }
  return sources;
}
