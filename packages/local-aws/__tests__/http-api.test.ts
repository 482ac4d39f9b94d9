import { parsePolicy } from "@image-pipeline/iam-policy";
import { AwsError } from "../aws-error";
import { Authenticator } from "../endpoint/authenticator";
import { httpApi } from "../http-api/http-api";
import { Authorizer } from "../iam/authorizer";
import { CredentialStore } from "../iam/credentials";
import type { JsonObject } from "../json";
import type { HttpApiResource, Route, Stage, StartExecutionIntegration } from "../stack/http-api-resource";

const MACHINE = "arn:aws:states:eu-central-1:111111111111:stateMachine:machine";
const PLACE = { region: "eu-central-1", accountId: "111111111111" };

const role = (service = "apigateway.amazonaws.com") => ({
  address: "aws_iam_role.api",
  name: "api",
  arn: "arn:aws:iam::111111111111:role/api",
  trust: parsePolicy(
    {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    },
    "trust",
    "trust",
  ),
  policies: [],
});
const aRoute = ({
  role: ofIntegration = role(),
  requestParameters = { StateMachineArn: MACHINE, Input: "$request.body" },
  ...fields
}: Partial<Route & StartExecutionIntegration> = {}): Route => ({
  address: "aws_apigatewayv2_route.r",
  routeKey: "POST /resized",
  authorization: "none",
  integration: { kind: "StartExecution", role: ofIntegration, requestParameters },
  ...fields,
});
const aStage = (fields: Partial<Stage> = {}): Stage => ({
  address: "aws_apigatewayv2_stage.s",
  name: "$default",
  throttle: { rateLimit: 100, burstLimit: 100 },
  routeThrottles: {},
  variables: {},
  ...fields,
});

/** An API and the calls of Step Functions it made. */
function anApi(
  fields: Partial<HttpApiResource> = {},
  answer: () => Promise<object> = async () => ({ executionArn: "arn", startDate: 1.5 }),
) {
  const calls: { readonly operation: string; readonly input: JsonObject; readonly principal: string }[] = [];
  const api: HttpApiResource = {
    address: "aws_apigatewayv2_api.a",
    id: "abc123",
    name: "api",
    routes: [aRoute()],
    stages: [aStage(), aStage({ name: "dev" })],
    ...fields,
  };
  const call = (
    operation: string,
    input: JsonObject,
    principal: { readonly kind: string; readonly sessionArn?: string },
  ) => {
    calls.push({ operation, input, principal: principal.sessionArn ?? principal.kind });
    return answer();
  };
  const app = httpApi(api, {
    stepFunctions: { call },
    functions: [],
    authenticator: new Authenticator(new CredentialStore(PLACE.accountId), PLACE.region),
    authorizer: new Authorizer(PLACE, () => {}),
    log: () => {},
  });
  const post = (path: string, body: string | undefined = "{}", headers: Record<string, string> = {}) => {
    const headersDistinct = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    return app.request(path, { method: "POST", body, headers }, { incoming: { headersDistinct } });
  };
  return { app, calls, post };
}

describe("the HTTP API", () => {
  it("answers what StartExecution gives, as its own role", async () => {
    const { post, calls } = anApi();

    const response = await post("/resized", '{"key":"cat.jpg"}');

    expect([response.status, await response.json()]).toEqual([200, { executionArn: "arn", startDate: 1.5 }]);
    expect(calls).toEqual([
      {
        operation: "StartExecution",
        input: { stateMachineArn: MACHINE, input: '{"key":"cat.jpg"}' },
        principal: "arn:aws:sts::111111111111:assumed-role/api/BackplaneAssumeRoleSession",
      },
    ]);
  });

  it("serves a named stage under its name", async () => {
    const { post } = anApi();

    expect((await post("/dev/resized")).status).toBe(200);
  });

  it.each([
    ["an unknown path", "POST", "/other"],
    ["another method", "GET", "/resized"],
    ["an unknown path of a stage", "POST", "/dev/other"],
    ["a stage that is not there", "POST", "/prod/resized"],
    ["a preflight without CORS", "OPTIONS", "/resized"],
  ])("answers 404 to %s", async (_what, method, path) => {
    const response = await anApi().app.request(path, { method });

    expect([response.status, await response.json()]).toEqual([404, { message: "Not Found" }]);
  });

  it("answers 400 with what Step Functions refused", async () => {
    const { post } = anApi({}, async () => {
      throw new AwsError("InvalidExecutionInput", 400, "Invalid State Machine Execution Input");
    });

    const response = await post("/resized", "{");

    expect([response.status, await response.json()]).toEqual([
      400,
      { __type: "InvalidExecutionInput", message: "Invalid State Machine Execution Input" },
    ]);
  });

  it("hands an empty body on as it is, for Step Functions to refuse", async () => {
    const { app, calls } = anApi();

    await app.request("/resized", { method: "POST" });

    expect(calls[0]?.input).toEqual({ stateMachineArn: MACHINE, input: "" });
  });

  it("answers 500 and no reason when it may not take its role", async () => {
    const { post, calls } = anApi({ routes: [aRoute({ role: role("lambda.amazonaws.com") })] });

    const response = await post("/resized");

    expect([response.status, await response.json()]).toEqual([500, { message: "Internal Server Error" }]);
    expect(calls).toEqual([]);
  });

  it("answers 413 to more than 10 MB", async () => {
    const { post } = anApi();

    const response = await post("/resized", "x".repeat(10 * 1024 * 1024 + 1), {
      "content-length": String(10 * 1024 * 1024 + 1),
    });

    expect([response.status, await response.json()]).toEqual([413, { message: "Request Entity Too Large" }]);
  });

  it("answers 429 when the burst of a stage is used up, and goes on in the other stage", async () => {
    const { post } = anApi({
      stages: [aStage({ throttle: { rateLimit: 0, burstLimit: 2 } }), aStage({ name: "dev" })],
    });

    const statuses = [];
    for (const path of ["/resized", "/resized", "/resized", "/dev/resized"]) statuses.push((await post(path)).status);

    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  it("lets a route's own throttle stand before the stage's", async () => {
    const stage = aStage({ routeThrottles: { "POST /resized": { rateLimit: 0, burstLimit: 1 } } });
    const { post } = anApi({ stages: [stage] });

    expect([(await post("/resized")).status, (await post("/resized")).status]).toEqual([200, 429]);
  });

  it("refuses everyone when route settings forget the throttle, as AWS does", async () => {
    const { post } = anApi({ stages: [aStage({ throttle: { rateLimit: 0, burstLimit: 0 } })] });

    const response = await post("/resized");

    expect([response.status, await response.json()]).toEqual([429, { message: "Too Many Requests" }]);
  });

  it.each([
    ["the body", "$request.body", '{"a":{"b":7}}'],
    ["a field of the body", "$request.body.a.b", "7"],
    ["an object of the body", "$request.body.a", '{"b":7}'],
    ["a header", "$request.header.X-Name", "from-header"],
    ["a query parameter", "$request.querystring.name", "from-query"],
    ["a path parameter", "$request.path.id", "42"],
    ["the path", "$request.path", "/pictures/42"],
    ["the context", "$context.apiId", "abc123"],
    ["the caller's address", "$context.identity.sourceIp", "127.0.0.1"],
    ["a stage variable", "$stageVariables.flavour", "vanilla"],
    ["a constant", "constant", "constant"],
  ])("maps %s", async (_what, source, value) => {
    const route = aRoute({
      routeKey: "POST /pictures/{id}",
      requestParameters: { StateMachineArn: MACHINE, Input: source },
    });
    const { post, calls } = anApi({ routes: [route], stages: [aStage({ variables: { flavour: "vanilla" } })] });

    await post("/pictures/42?name=from-query", '{"a":{"b":7}}', { "x-name": "from-header" });

    expect(calls[0]?.input.input).toBe(value);
  });

  it("leaves out a name that the request does not have", async () => {
    const requestParameters = { StateMachineArn: MACHINE, Input: "$request.body", Name: "$request.header.x-name" };
    const { post, calls } = anApi({ routes: [aRoute({ requestParameters })] });

    await post("/resized");
    await post("/resized", "{}", { "x-name": "mine" });

    expect(calls.map(({ input }) => input.name)).toEqual([undefined, "mine"]);
  });

  it("gives a path within its stage to $request.path, and the whole to $context.path", async () => {
    const requestParameters = { StateMachineArn: MACHINE, Input: "$request.path", Name: "$context.path" };
    const { post, calls } = anApi({ routes: [aRoute({ requestParameters })] });

    await post("/dev/resized");

    expect(calls[0]?.input).toMatchObject({ input: "/resized", name: "/dev/resized" });
  });

  it("joins what a request names twice with commas", async () => {
    const requestParameters = {
      StateMachineArn: MACHINE,
      Input: "$request.querystring.q",
      Name: "$request.header.X-Name",
    };
    const { app, calls } = anApi({ routes: [aRoute({ requestParameters })] });
    const incoming = { headersDistinct: { "x-name": ["1", "2, 3"] } };

    await app.request("/resized?q=1&q=2", { method: "POST", body: "{}" }, { incoming });

    expect(calls[0]?.input).toMatchObject({ input: "1,2", name: "1,2, 3" });
  });

  it("does not take HEAD for GET", async () => {
    const { app, calls } = anApi({ routes: [aRoute({ routeKey: "GET /start" }), aRoute({ routeKey: "HEAD /only" })] });

    const head = async (path: string) => (await app.request(path, { method: "HEAD" })).status;

    expect([await head("/start"), calls.length]).toEqual([404, 0]);
    expect([await head("/only"), calls.length]).toEqual([200, 1]);
  });

  it("gives a path to the stage it names before any route of $default", async () => {
    const { post } = anApi({ routes: [aRoute({ routeKey: "POST /{stage}/{id}" })] });

    expect([(await post("/any/resized")).status, (await post("/dev/resized")).status]).toEqual([200, 404]);
  });

  it.each([
    [
      "an unknown context variable",
      { Input: "$context.authorizer.claims" },
      "the context variable $context.authorizer.claims is not understood",
    ],
    ["an unknown source", { Input: "$request.cookie.x" }, "the parameter source $request.cookie.x is not understood"],
    [
      "a path variable the route does not have",
      { Name: "$request.path.id" },
      'the route "POST /resized" has no variable for $request.path.id',
    ],
    ["an unknown parameter", { TraceHeader: "x" }, 'the request parameter "TraceHeader" is not understood'],
  ])("refuses %s", (_what, parameters, message) => {
    const requestParameters: Record<string, string> = { StateMachineArn: MACHINE, ...parameters };

    expect(() => anApi({ routes: [aRoute({ requestParameters })] })).toThrow(message);
  });

  it("refuses a route without a state machine", () => {
    expect(() => anApi({ routes: [aRoute({ requestParameters: {} })] })).toThrow(
      "expected request_parameters to have StateMachineArn",
    );
  });
});

describe("the HTTP API with CORS", () => {
  const cors = {
    allowOrigins: ["https://app.example"],
    allowMethods: ["POST"],
    allowHeaders: ["content-type"],
    exposeHeaders: ["apigw-requestid"],
    allowCredentials: true,
    maxAgeSeconds: 300,
  };
  const preflight = (headers: Record<string, string>, fields: Partial<typeof cors> = {}) =>
    anApi({ cors: { ...cors, ...fields } }).app.request("/resized", {
      method: "OPTIONS",
      headers: { "access-control-request-method": "POST", ...headers },
    });
  const corsHeaders = ({ headers }: Response) =>
    Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));

  it("answers a preflight itself", async () => {
    const response = await preflight({ origin: "https://app.example" });

    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(corsHeaders(response)).toEqual({
      "access-control-allow-origin": "https://app.example",
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": "apigw-requestid",
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type",
      "access-control-max-age": "300",
    });
  });

  it("adds to an answer what lets a browser read it, and nothing of a preflight", async () => {
    const response = await anApi({ cors }).post("/resized", "{}", { origin: "https://app.example" });

    expect(corsHeaders(response)).toEqual({
      "access-control-allow-origin": "https://app.example",
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": "apigw-requestid",
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ["another origin", { origin: "https://evil.example" }, "https://app.example"],
    ["a request without an origin", {}, "https://app.example"],
    ["a request without an origin where all are allowed", {}, "*"],
  ])("allows nothing to %s", async (_what, headers, allowed) => {
    const { post } = anApi({ cors: { ...cors, allowOrigins: [allowed] } });

    expect(corsHeaders(await preflight(headers, { allowOrigins: [allowed] }))).toEqual({});
    expect(corsHeaders(await post("/resized", "{}", headers))).toEqual({});
  });

  it("allows no header that is not configured, whatever a preflight asks for", async () => {
    const asked = { origin: "https://app.example", "access-control-request-headers": "content-type" };

    const headers = corsHeaders(await preflight(asked, { allowHeaders: [] }));

    expect(headers).not.toHaveProperty("access-control-allow-headers");
  });

  it.each([
    ["*", "https://any.example", "*"],
    ["https://*", "https://any.example", "https://any.example"],
    ["https://*", "http://any.example", undefined],
    ["http://*", "http://any.example", "http://any.example"],
    ["http://*", "https://any.example", undefined],
  ])("with the allowed origin %s answers %s with %s", async (allowed, origin, expected) => {
    const { post } = anApi({ cors: { ...cors, allowOrigins: [allowed] } });

    const response = await post("/resized", "{}", { origin });

    expect([response.status, corsHeaders(response)["access-control-allow-origin"]]).toEqual([200, expected]);
  });
});
