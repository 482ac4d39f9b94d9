import { once } from "node:events";
import { createServer } from "node:http";
import { sendError } from "../endpoint/json-service";
import { Authorizer } from "../iam/authorizer";
import { serveLambda } from "../lambda/operations";
import { aFunctionResource } from "./support/a-function-resource";

const resource = aFunctionResource();
const fn = { resource, invoke: async (payload: string) => ({ requestId: "id", payload }) };
const authorizer = new Authorizer({ region: "eu-central-1", accountId: "111111111111" }, () => {});

describe("Lambda's endpoint", () => {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    await serveLambda(request, body, response, { kind: "operator", arn: "o" }, [fn], authorizer).catch(
      (error: unknown) => sendError(response, error),
    );
  });
  let url = "";
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/2015-03-31/functions`;
  });
  afterAll(() => server.close());

  const post = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${url}/${path}`, { method: "POST", body: '{"a":1}', headers });

  it.each([
    "fn/invocations",
    "fn/invocations?Qualifier=%24LATEST",
    "fn%3A%24LATEST/invocations",
    "111111111111%3Afunction%3Afn/invocations",
    `${encodeURIComponent(resource.arn)}/invocations`,
  ])("invokes by %s", async (path) => {
    const response = await post(path);

    expect([response.status, await response.json()]).toEqual([200, { a: 1 }]);
  });

  it("knows no version but $LATEST", async () => {
    const answers = await Promise.all([post("fn/invocations?Qualifier=live"), fetch(`${url}/fn?Qualifier=1`)]);

    expect(await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()]))).toEqual([
      [404, { __type: "ResourceNotFoundException", message: `Function not found: ${resource.arn}:live` }],
      [404, { __type: "ResourceNotFoundException", message: `Function not found: ${resource.arn}:1` }],
    ]);
  });

  it.each([
    ["x-amz-log-type", "Tail", "The local runner serves no logs with an invocation (LogType Tail)"],
    ["x-amz-invocation-type", "Event", "serves only invocations of type RequestResponse, not Event"],
  ])("refuses %s: %s", async (header, value, message) => {
    const response = await post("fn/invocations", { [header]: value });

    expect([response.status, await response.json()]).toEqual([
      400,
      { __type: "InvalidParameterValueException", message: expect.stringContaining(message) },
    ]);
  });
});
