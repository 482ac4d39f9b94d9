import { parsePolicy } from "@image-pipeline/iam-policy";
import { Authenticator } from "../endpoint/authenticator";
import { httpApi } from "../http-api/http-api";
import { Authorizer } from "../iam/authorizer";
import { CredentialStore } from "../iam/credentials";
import type { LambdaIntegration } from "../stack/http-api-resource";
import type { InvokeResult } from "../stack/running";

const PLACE = { region: "eu-central-1", accountId: "111111111111" };
const FUNCTION = "arn:aws:lambda:eu-central-1:111111111111:function:answers";
const API = "arn:aws:execute-api:eu-central-1:111111111111:abc123";

/** The policy that aws_lambda_permission gives a function. */
const permission = (sourceArn: string) =>
  parsePolicy(
    {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "apigateway.amazonaws.com" },
          Action: "lambda:InvokeFunction",
          Resource: FUNCTION,
          Condition: { ArnLike: { "AWS:SourceArn": sourceArn } },
        },
      ],
    },
    "aws_lambda_permission.p",
    "resource",
  );

/** An API whose `GET /pictures/{id}` and `POST /pictures/{id}` a function answers, which returns `returned`, or what that settles with. */
function anApi(returned: unknown, integration: Partial<LambdaIntegration> = {}, more: Partial<InvokeResult> = {}) {
  const events: Record<string, unknown>[] = [];
  const invoke = async (event: string) => {
    events.push(JSON.parse(event));
    return { requestId: "id", payload: JSON.stringify(await returned), ...more };
  };
  const stage = { address: "aws_apigatewayv2_stage.s", routeThrottles: {}, variables: {} };
  const route = (routeKey: string) => ({
    address: `aws_apigatewayv2_route.${routeKey}`,
    routeKey,
    authorization: "none" as const,
    integration: {
      kind: "Lambda" as const,
      functionArn: FUNCTION,
      policy: permission(`${API}/*/*/pictures/{id}`),
      timeoutMs: 1_000,
      ...integration,
    },
  });
  const app = httpApi(
    {
      address: "aws_apigatewayv2_api.a",
      id: "abc123",
      name: "api",
      cors: {
        allowOrigins: ["*"],
        allowMethods: ["GET"],
        allowHeaders: [],
        exposeHeaders: [],
        allowCredentials: false,
      },
      routes: [route("GET /pictures/{id}"), route("POST /pictures/{id}")],
      stages: [
        { ...stage, name: "$default" },
        { ...stage, name: "dev", variables: { colour: "red" } },
      ],
    },
    {
      stepFunctions: { call: async () => ({}) },
      functions: [{ resource: { name: "answers", arn: FUNCTION }, invoke }],
      authenticator: new Authenticator(new CredentialStore(PLACE.accountId), PLACE.region),
      authorizer: new Authorizer(PLACE, () => {}),
      log: () => {},
    },
  );
  const request = (path: string, init: RequestInit = {}, headersDistinct: Record<string, string[]> = {}) =>
    app.request(path, init, { incoming: { headersDistinct } });
  return { request, events };
}

describe("a Lambda proxy integration", () => {
  it("gives the function the request in payload format 2.0", async () => {
    const { request, events } = anApi("ok");

    const headers = { "content-type": "application/json", "x-two": "a, b", host: "abc123.example" };
    await request(
      "/dev/pictures/a%20b?size=1&size=2&q=",
      { method: "POST", body: '{"é":1}', headers },
      { "content-type": ["application/json"], "x-two": ["a", "b"], cookie: ["one=1; two=2"] },
    );

    expect(events).toEqual([
      {
        version: "2.0",
        routeKey: "POST /pictures/{id}",
        rawPath: "/dev/pictures/a b",
        rawQueryString: "size=1&size=2&q=",
        cookies: ["one=1", "two=2"],
        headers: { "content-type": "application/json", "x-two": "a,b" },
        queryStringParameters: { size: "1,2", q: "" },
        requestContext: {
          accountId: "111111111111",
          apiId: "abc123",
          domainName: "abc123.example",
          domainPrefix: "abc123",
          http: expect.objectContaining({ method: "POST", path: "/dev/pictures/a b", sourceIp: "127.0.0.1" }),
          requestId: expect.stringMatching(/./),
          routeKey: "POST /pictures/{id}",
          stage: "dev",
          time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
          timeEpoch: expect.any(Number),
        },
        body: '{"é":1}',
        pathParameters: { id: "a b" },
        isBase64Encoded: false,
        stageVariables: { colour: "red" },
      },
    ]);
  });

  it("gives a body that is no text in base64", async () => {
    const { request, events } = anApi("ok");

    await request("/pictures/1", {
      method: "POST",
      body: new Uint8Array([255, 0]),
      headers: { "content-type": "image/png" },
    });

    expect(events).toMatchObject([{ body: "/wA=", isBase64Encoded: true }]);
  });

  it.each<[string, unknown, number, string, string]>([
    ["an object without a statusCode", { a: 1 }, 200, '{"a":1}', "application/json"],
    ["a text", "done", 200, "done", "application/json"],
    ["a statusCode alone", { statusCode: 404 }, 404, "", "text/plain;charset=UTF-8"],
    [
      "a whole answer",
      { statusCode: 201, body: "made", headers: { "content-type": "text/html" } },
      201,
      "made",
      "text/html",
    ],
    [
      "a body in base64",
      { statusCode: 200, body: "aGk=", isBase64Encoded: true },
      200,
      "hi",
      "text/plain;charset=UTF-8",
    ],
  ])("answers %s", async (_what, returned, status, body, type) => {
    const response = await anApi(returned).request("/pictures/1");

    expect([response.status, await response.text(), response.headers.get("content-type")]).toEqual([
      status,
      body,
      type,
    ]);
  });

  it("sets the function's cookies, and leaves the API's CORS headers as they are", async () => {
    const headers = { "Access-Control-Allow-Origin": "https://elsewhere.example" };
    const { request } = anApi({ statusCode: 200, cookies: ["a=1; Secure", "b=2"], headers });

    const response = await request("/pictures/1", { headers: { origin: "https://example.com" } });

    expect(response.headers.getSetCookie()).toEqual(["a=1; Secure", "b=2"]);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });

  it.each<[string, ReturnType<typeof anApi>]>([
    ["a function that fails", anApi({ errorMessage: "no" }, {}, { functionError: "Unhandled" })],
    ["a statusCode that is none", anApi({ statusCode: "many" })],
    ["a body that is no text", anApi({ statusCode: 200, body: { a: 1 } })],
    ["a function that does not know the route", anApi("ok", { policy: permission(`${API}/*/*/other`) })],
    ["a function that does not know the stage", anApi("ok", { policy: permission(`${API}/dev/GET/pictures/{id}`) })],
  ])("answers 500 and no reason for %s", async (_what, { request }) => {
    const response = await request("/pictures/1");

    expect([response.status, await response.json()]).toEqual([500, { message: "Internal Server Error" }]);
  });

  it("answers 503 when the function takes longer than the integration waits", async () => {
    const { request } = anApi(new Promise(() => {}), { timeoutMs: 50 });

    expect((await request("/pictures/1")).status).toBe(503);
  });
});
