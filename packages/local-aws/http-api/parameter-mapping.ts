import { isJsonObject, type Json, parseJson } from "../json";
import { UnsupportedError } from "../unsupported-error";

/** A request in the terms of the parameter mapping. */
export interface MappedRequest {
  readonly body: string;
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly header: (name: string) => string | undefined;
  readonly query: (name: string) => string | undefined;
  readonly context: Readonly<Record<string, string>>;
  readonly stageVariables: Readonly<Record<string, string>>;
}

/** Gives a parameter its value for one request; undefined when the request does not have it. */
export type ParameterSource = (request: MappedRequest) => string | undefined;

// "The request body is truncated to 100 KB" before a selection out of it:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html
const SELECTABLE_BODY_BYTES = 102_400;

/** The context variables this machine fills in. */
export const CONTEXT_VARIABLES = [
  "accountId",
  "apiId",
  "domainName",
  "httpMethod",
  "identity.sourceIp",
  "path",
  "protocol",
  "requestId",
  "requestTimeEpoch",
  "routeKey",
  "stage",
] as const;

/** Reads one source of a parameter mapping. @throws UnsupportedError for one that is not understood */
export function parseParameterSource(source: string, address: string): ParameterSource {
  if (source === "$request.body") return ({ body }) => body;
  if (source === "$request.path") return ({ path }) => path;
  const [, kind, name = ""] =
    /^\$(request\.(?:body|header|querystring|path)|context|stageVariables)\.([A-Za-z0-9_.-]+)$/.exec(source) ?? [];
  switch (kind) {
    case "request.body":
      return ({ body }) => select(body, name.split("."));
    case "request.header":
      return ({ header }) => header(name);
    case "request.querystring":
      return ({ query }) => query(name);
    case "request.path":
      return ({ pathParameters }) => pathParameters[name];
    case "stageVariables":
      return ({ stageVariables }) => stageVariables[name];
    case "context":
      if (!CONTEXT_VARIABLES.some((known) => known === name)) {
        throw new UnsupportedError(address, `the context variable ${source} is not understood`);
      }
      return ({ context }) => context[name];
    default:
      if (source.includes("$")) throw new UnsupportedError(address, `the parameter source ${source} is not understood`);
      return () => source;
  }
}

function select(body: string, path: readonly string[]): string | undefined {
  let value: Json | undefined;
  try {
    value = parseJson(Buffer.from(body).subarray(0, SELECTABLE_BODY_BYTES).toString("utf8"));
  } catch {
    return undefined;
  }
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined;
  return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
}
