import type { Principal } from "@image-pipeline/iam-policy";
import type { StatusCode } from "hono/utils/http-status";
import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import { roleSession } from "../iam/credentials";
import { isJsonObject, type Json, parseJson } from "../json";
import type { HttpApiResource, LambdaIntegration, Route, Stage } from "../stack/http-api-resource";
import type { RunningFunction } from "../stack/running";
import type { Integrate } from "./integration";
import { proxyEvent } from "./proxy-event";

/** What an HTTP API needs of this machine to invoke functions. */
export interface LambdaProxyOptions {
  readonly functions: readonly RunningFunction[];
  readonly authorizer: Authorizer;
}

/**
 * The integration of a Lambda function, payload format 2.0: the function gets the request and gives the answer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function lambdaProxy(
  api: HttpApiResource,
  stage: Stage,
  route: Route & { readonly integration: LambdaIntegration },
  { functions, authorizer }: LambdaProxyOptions,
): Integrate {
  const { functionArn, policy, role, timeoutMs } = route.integration;
  const { accountId, region } = authorizer.place;
  const [method = "", path = ""] = route.routeKey.split(" ");
  const sourceArn = `arn:aws:execute-api:${region}:${accountId}:${api.id}/${stage.name}/${method}${path}`;
  return async (context, request) => {
    const invoke = async () => {
      const principal = callerOfFunction();
      authorizer.require(principal, "lambda:InvokeFunction", functionArn, policy, {
        "aws:sourcearn": sourceArn,
        "aws:sourceaccount": accountId,
      });
      const target = functions.find(({ resource }) => resource.arn === functionArn);
      const event = JSON.stringify(await proxyEvent(context, { api, stage, route, accountId, ...request }));
      return target?.invoke(event);
    };
    const answer = await Promise.race([invoke().catch(refused), after(timeoutMs)]);
    if (answer === "timeout") return context.json({ message: "Service Unavailable" }, 503);
    const payload = answer === undefined || answer.functionError !== undefined ? undefined : answer.payload;
    const given = payload === undefined ? undefined : answerOf(parseJson(payload));
    if (given === undefined) return context.json({ message: "Internal Server Error" }, 500);
    // "If you configure CORS for an API, API Gateway ignores CORS headers returned from your backend integration."
    if (api.cors) for (const name of [...given.headers.keys()]) if (CORS.test(name)) given.headers.delete(name);
    return context.newResponse(given.body, given);
  };

  /** The integration's role, or API Gateway itself, which the function's own policy has to know. */
  function callerOfFunction(): Principal {
    if (role === undefined) return { kind: "service", name: "apigateway.amazonaws.com" };
    authorizer.assumeRole(role, "apigateway.amazonaws.com", { "aws:sourceaccount": accountId });
    return roleSession(role, accountId, "BackplaneAssumeRoleSession");
  }
}

/** What Lambda or IAM refuses is in the log; a caller of API Gateway learns no more than that it failed. */
function refused(error: unknown): undefined {
  if (!(error instanceof AwsError)) throw error;
}

function after(milliseconds: number): Promise<"timeout"> {
  return new Promise((resolve) => setTimeout(() => resolve("timeout"), milliseconds).unref());
}

interface Answer {
  readonly status: StatusCode;
  readonly headers: Headers;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

/**
 * The answer that a function gave: an object with a statusCode describes it, anything else is the body of a 200.
 * Undefined for one that API Gateway cannot read.
 */
function answerOf(given: Json): Answer | undefined {
  if (!isJsonObject(given) || given.statusCode === undefined) {
    const body = typeof given === "string" ? given : JSON.stringify(given);
    return { status: 200, headers: new Headers({ "content-type": "application/json" }), body };
  }
  const { body = "", cookies = [], headers = {}, isBase64Encoded } = given;
  const status = Number(given.statusCode);
  if (!isStatus(status) || typeof body !== "string" || !isJsonObject(headers) || !Array.isArray(cookies))
    return undefined;
  const answered = new Headers({ "content-type": "text/plain;charset=UTF-8" });
  for (const [name, value] of Object.entries(headers)) answered.set(name, String(value));
  for (const cookie of cookies) answered.append("set-cookie", String(cookie));
  const bytes = isBase64Encoded === true ? new Uint8Array(Buffer.from(body, "base64")) : body;
  return { status, headers: answered, body: BODILESS.has(status) ? null : bytes };
}

const BODILESS = new Set([204, 205, 304]);
const CORS = /^access-control-/;

const isStatus = (status: number): status is StatusCode => Number.isInteger(status) && status >= 200 && status <= 599;
