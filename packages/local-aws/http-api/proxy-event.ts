import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import type { HttpApiResource, Route, Stage } from "../stack/http-api-resource";
import type { Bindings, RoutedRequest } from "./integration";
import type { Caller } from "./route-guard";

/** The request a function is to answer. */
export interface ProxiedRequest extends RoutedRequest {
  readonly api: HttpApiResource;
  readonly stage: Stage;
  readonly route: Route;
  readonly accountId: string;
}

// A body of another kind is in base64.
const TEXT = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded)\b)/i;

/**
 * A request in payload format 2.0; what a request does not have is left out.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.proxy-format
 */
export async function proxyEvent(
  context: Context<{ Bindings: Bindings }>,
  { api, stage, route, accountId, caller, pathParameters }: ProxiedRequest,
): Promise<object> {
  const { req } = context;
  const { cookie: cookies, ...headers } = context.env.incoming.headersDistinct;
  const query = req.queries();
  const bytes = Buffer.from(await req.arrayBuffer());
  const isBase64Encoded = bytes.length > 0 && !TEXT.test(req.header("content-type") ?? "text/plain");
  const domainName = req.header("host") ?? "";
  const now = new Date();
  return {
    version: "2.0",
    routeKey: route.routeKey,
    // Decoded, which the raw path of an HTTP API is, unlike that of a function URL.
    rawPath: req.path,
    rawQueryString: new URL(req.url).search.slice(1),
    ...(cookies && { cookies: cookies.flatMap((cookie) => cookie.split("; ")) }),
    headers: joined(headers),
    ...(Object.keys(query).length > 0 && { queryStringParameters: joined(query) }),
    requestContext: {
      accountId,
      apiId: api.id,
      ...authorizerOf(caller),
      domainName,
      domainPrefix: domainName.split(".")[0],
      http: {
        method: req.method,
        path: req.path,
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: req.header("user-agent") ?? "",
      },
      requestId: randomUUID(),
      routeKey: route.routeKey,
      stage: stage.name,
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(bytes.length > 0 && { body: bytes.toString(isBase64Encoded ? "base64" : "utf8") }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    isBase64Encoded,
    ...(Object.keys(stage.variables).length > 0 && { stageVariables: stage.variables }),
  };
}

/** "Format 2.0 combines duplicate headers and query strings with commas." */
function joined(lists: Readonly<Record<string, readonly string[] | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(lists).map(([name, values = []]) => [name, values.join(",")]));
}

function authorizerOf(caller: Caller): object {
  if (caller.kind === "jwt") {
    const claims = Object.entries(caller.claims).map(([name, value]) => [
      name,
      typeof value === "string" ? value : Array.isArray(value) ? `[${value.join(" ")}]` : String(value),
    ]);
    return { authorizer: { jwt: { claims: Object.fromEntries(claims), scopes: caller.scopes } } };
  }
  if (caller.kind !== "iam") return {};
  const { principal } = caller;
  const userArn = principal.kind === "role" ? principal.sessionArn : "arn" in principal ? principal.arn : "";
  return { authorizer: { iam: { userArn } } };
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(date: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
