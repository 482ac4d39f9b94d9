import { createServer, type Server } from "node:http";
import { buffer } from "node:stream/consumers";

const MACHINE = "arn:aws:states:eu-central-1:111111111111:stateMachine:m";
const EXECUTION = "arn:aws:states:eu-central-1:111111111111:execution:m:one";

describe("GET /executions/{name}", () => {
  /** What Step Functions answers next, and the execution it was asked for last. */
  let next: { readonly status: number; readonly body: object } = { status: 200, body: {} };
  let asked: unknown;
  let server: Server;
  let ask: (name?: string) => Promise<{ status: number; body: unknown }>;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      asked = JSON.parse((await buffer(request)).toString());
      response.writeHead(next.status, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(next.body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("Expected a port");
    Object.assign(process.env, {
      STATE_MACHINE_ARN: MACHINE,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
    });
    const { handler } = jest.requireActual<
      typeof import("../../../handlers/execution-status", { with: { "resolution-mode": "require" }})
    >("../../../handlers/execution-status");
    ask = async (name) => {
      const given: { statusCode?: number; body?: string } = await handler({ pathParameters: name ? { name } : {} });
      return { status: given.statusCode ?? 0, body: JSON.parse(given.body ?? "") };
    };
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it.each([
    ["that runs", { status: "RUNNING" }, { status: "RUNNING" }],
    [
      "that succeeded",
      {
        status: "SUCCEEDED",
        stopDate: 1_700_000_001.5,
        output: '{"status":"SUCCESS","source":{"key":"a.jpg"},"renditions":[{"name":"card"}],"message":"m"}',
      },
      {
        status: "SUCCEEDED",
        stopDate: "2023-11-14T22:13:21.500Z",
        source: { key: "a.jpg" },
        renditions: [{ name: "card" }],
      },
    ],
    [
      "that made only what was missing",
      {
        status: "SUCCEEDED",
        output: '{"status":"SUCCESS","source":{"key":"a.jpg"},"renditions":[],"present":["card"],"message":"m"}',
      },
      { status: "SUCCEEDED", source: { key: "a.jpg" }, renditions: [], present: ["card"] },
    ],
    [
      "of a deletion",
      {
        status: "SUCCEEDED",
        output: '{"status":"SUCCESS","source":{"key":"a.jpg"},"renditions":[],"deleted":["card"],"message":"m"}',
      },
      { status: "SUCCEEDED", source: { key: "a.jpg" }, renditions: [], deleted: ["card"] },
    ],
    [
      "that failed",
      { status: "FAILED", stopDate: 1_700_000_001, error: "CorruptImage", cause: "expected a whole picture" },
      {
        status: "FAILED",
        stopDate: "2023-11-14T22:13:21.000Z",
        error: "CorruptImage",
        cause: "expected a whole picture",
      },
    ],
  ])("says of an execution %s what is a caller's business and no more", async (_what, described, expected) => {
    const body = {
      executionArn: EXECUTION,
      stateMachineArn: MACHINE,
      name: "one",
      startDate: 1_700_000_000,
      input: "{}",
    };
    next = { status: 200, body: { ...body, ...described } };
    expect(await ask("one")).toEqual({
      status: 200,
      body: { name: "one", startDate: "2023-11-14T22:13:20.000Z", ...expected },
    });
    expect(asked).toEqual({ executionArn: EXECUTION });
  });

  it.each(["ExecutionDoesNotExist", "InvalidArn"])("answers 404 where Step Functions says %s", async (type) => {
    next = { status: 400, body: { __type: `com.amazonaws.swf.service.v2.model#${type}`, message: "m" } };
    expect(await ask("nope")).toEqual({
      status: 404,
      body: { message: 'Expected the name of an execution but received "nope"' },
    });
  });

  it("throws what is no answer about an execution, for API Gateway to say 500", async () => {
    next = { status: 400, body: { __type: "AccessDeniedException", message: "not authorized" } };
    await expect(ask("one")).rejects.toThrow("not authorized");
  });
});
