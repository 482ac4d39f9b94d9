import type { JsonObject } from "../json";
import { readStack } from "../stack/load-stack";

const ENDPOINTS = { apiUrl: "http://127.0.0.1:3000", awsUrl: "http://127.0.0.1:4566" };
const LOGS = "arn:aws:logs:eu-central-1:111111111111:log-group:machine";
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** A small pipeline that can be deployed, by address. */
const PIPELINE: Readonly<Record<string, JsonObject>> = {
  "aws_s3_bucket.b": { bucket: "pictures" },
  "aws_iam_role.r": { name: "role", assume_role_policy: TRUST },
  "aws_lambda_layer_version.l": { layer_name: "layer", filename: "assets/layer.zip" },
  "aws_lambda_function.f": {
    function_name: "fn",
    role: "${aws_iam_role.r.arn}",
    runtime: "nodejs24.x",
    handler: "index.handler",
    filename: "assets/fn.zip",
    layers: ["${aws_lambda_layer_version.l.arn}"],
    depends_on: ["aws_iam_role.r"],
  },
  "aws_sfn_state_machine.m": { name: "machine", role_arn: "${aws_iam_role.r.arn}", definition: "{}" },
  "aws_apigatewayv2_api.a": { name: "api", protocol_type: "HTTP" },
  "aws_apigatewayv2_integration.i": {
    api_id: "${aws_apigatewayv2_api.a.id}",
    integration_type: "AWS_PROXY",
    integration_subtype: "StepFunctions-StartExecution",
    credentials_arn: "${aws_iam_role.r.arn}",
    request_parameters: { StateMachineArn: "${aws_sfn_state_machine.m.arn}" },
  },
  "aws_apigatewayv2_route.r": {
    api_id: "${aws_apigatewayv2_api.a.id}",
    route_key: "POST /process",
    target: "integrations/${aws_apigatewayv2_integration.i.id}",
  },
  "aws_apigatewayv2_stage.s": { api_id: "${aws_apigatewayv2_api.a.id}", name: "$default", auto_deploy: true },
  "aws_cloudwatch_event_rule.u": { name: "uploaded", event_pattern: '{"source":["aws.s3"]}' },
  "aws_cloudwatch_event_target.t": {
    rule: "${aws_cloudwatch_event_rule.u.name}",
    arn: "${aws_sfn_state_machine.m.arn}",
    role_arn: "${aws_iam_role.r.arn}",
  },
};

const at = (address: string): JsonObject => PIPELINE[address] ?? {};

/** Reads the pipeline with some arguments of its resources changed, and some resources more. */
function read(changes: Readonly<Record<string, JsonObject>>) {
  const resource: Record<string, Record<string, JsonObject>> = {};
  for (const address of new Set([...Object.keys(PIPELINE), ...Object.keys(changes)])) {
    const [type = "", name = ""] = address.split(".");
    resource[type] = { ...resource[type], [name]: { ...at(address), ...changes[address] } };
  }
  const stack = {
    "//": { metadata: { stackName: "a-stack" } },
    provider: { aws: [{ region: "eu-central-1", allowed_account_ids: ["111111111111"] }] },
    resource,
  };
  return readStack(stack, "/stack", ENDPOINTS);
}

type Case = readonly [string, Readonly<Record<string, JsonObject>>, string];
const refuses = (cases: readonly Case[]) =>
  it.each(cases)("refuses %s", (_what, changes, message) => {
    expect(() => read(changes)).toThrow(message);
  });

describe("a stack that can be deployed", () => {
  it("is read", () => {
    expect(read({}).name).toBe("a-stack");
  });

  it.each<[string, JsonObject]>([
    ["the region of the provider", { region: "eu-central-1" }],
    ["no region", { region: null }],
  ])("may name %s at a resource", (_what, region) => {
    expect(read({ "aws_s3_bucket.b": region }).buckets).toHaveLength(1);
  });

  it.each<[string, JsonObject, boolean]>([
    ["with a destination", { level: "ERROR", log_destination: `${LOGS}:*` }, true],
    ["that is off", { level: "OFF" }, false],
    ["without a level, which is off", { log_destination: `${LOGS}:*` }, false],
  ])("may have logging %s", (_what, logging_configuration, logged) => {
    expect(read({ "aws_sfn_state_machine.m": { logging_configuration } }).stateMachines).toMatchObject([{ logged }]);
  });
});

describe("resources of a stack", () => {
  refuses([
    [
      "another region than the provider's",
      { "aws_s3_bucket.b": { region: "us-east-1" } },
      "aws_s3_bucket.b: expected the region of the provider, eu-central-1, but received us-east-1",
    ],
    [
      "another region of what has no local meaning",
      { "aws_cloudwatch_log_group.l": { name: "logs", region: "us-east-1" } },
      "aws_cloudwatch_log_group.l: expected the region of the provider, eu-central-1, but received us-east-1",
    ],
    [
      "a number of what has no local meaning",
      { "aws_cloudwatch_log_group.l": { name: "logs", count: 0 } },
      'aws_cloudwatch_log_group.l: the local runner does not understand the argument "count"',
    ],
    [
      "a dependency that is not there",
      { "aws_lambda_function.f": { depends_on: ["aws_iam_role.r", "aws_s3_bucket.nope"] } },
      "aws_lambda_function.f: depends on aws_s3_bucket.nope, which is not in the stack",
    ],
    ...[
      ["aws_lambda_function", "f", "arn:aws:lambda:eu-central-1:111111111111:function:fn"],
      ["aws_lambda_layer_version", "l", "arn:aws:lambda:eu-central-1:111111111111:layer:layer:1"],
      ["aws_sfn_state_machine", "m", "arn:aws:states:eu-central-1:111111111111:stateMachine:machine"],
      ["aws_iam_role", "r", "arn:aws:iam::111111111111:role/role"],
      ["aws_s3_bucket", "b", "arn:aws:s3:::pictures"],
      ["aws_cloudwatch_event_rule", "u", "arn:aws:events:eu-central-1:111111111111:rule/uploaded"],
      ["aws_apigatewayv2_stage", "s", "/stages/$default"],
    ].map(
      ([type, name, arn]): Case => [
        `two of ${type} with one name`,
        { [`${type}.twin`]: at(`${type}.${name}`) },
        `${arn}, as ${type}.${name} is`,
      ],
    ),
  ]);
});

describe("a function", () => {
  const f = (more: JsonObject) => ({ "aws_lambda_function.f": more });
  const layers = (count: number) => {
    const names = Array.from({ length: count }, (_item, index) => `l${index}`);
    return {
      ...f({ layers: names.map((name) => `\${aws_lambda_layer_version.${name}.arn}`) }),
      ...Object.fromEntries(
        names.map((name) => [`aws_lambda_layer_version.${name}`, { layer_name: name, filename: "assets/layer.zip" }]),
      ),
    };
  };

  it.each([
    { timeout: 1, memory_size: 128 },
    { timeout: 900, memory_size: 10_240 },
  ])("may have %j", (settings) => {
    expect(read(f(settings)).functions).toHaveLength(1);
  });

  it("may have log levels of JSON", () => {
    const logging_config = { log_format: "JSON", application_log_level: "TRACE", system_log_level: "WARN" };

    expect(read(f({ logging_config })).functions).toMatchObject([{ logFormat: "JSON" }]);
  });

  it("may have five layers", () => {
    expect(read(layers(5)).functions[0]?.layers).toHaveLength(5);
  });

  refuses([
    ...[0, 901, 1.5].map(
      (timeout): Case => [
        `a timeout of ${timeout}`,
        f({ timeout }),
        `aws_lambda_function.f: expected a whole number from 1 to 900 for timeout but received ${timeout}`,
      ],
    ),
    ...[127, 10_241].map(
      (memory_size): Case => [
        `${memory_size} MB of memory`,
        f({ memory_size }),
        `aws_lambda_function.f: expected a whole number from 128 to 10240 for memory_size but received ${memory_size}`,
      ],
    ),
    ...["a b", "a.b", "a".repeat(65)].map(
      (function_name): Case => [
        `the name "${function_name}"`,
        f({ function_name }),
        `aws_lambda_function.f: expected 1 to 64 letters, digits, - and _ for function_name but received "${function_name.slice(0, 50)}`,
      ],
    ),
    ["six layers", layers(6), "aws_lambda_function.f: expected at most 5 layers, each once, but received"],
    [
      "one layer twice",
      f({ layers: ["${aws_lambda_layer_version.l.arn}", "${aws_lambda_layer_version.l.arn}"] }),
      "aws_lambda_function.f: expected at most 5 layers, each once, but received",
    ],
    [
      "an unknown way of tracing",
      f({ tracing_config: { mode: "Foo" } }),
      'aws_lambda_function.f.tracing_config: expected Active or PassThrough for mode but received "Foo"',
    ],
    [
      "an unknown log level",
      f({ logging_config: { log_format: "JSON", application_log_level: "LOUD" } }),
      'expected TRACE or DEBUG or INFO or WARN or ERROR or FATAL for application_log_level but received "LOUD"',
    ],
    ...["application_log_level", "system_log_level"].map(
      (level): Case => [
        `an ${level} of text`,
        f({ logging_config: { log_format: "Text", [level]: "INFO" } }),
        "aws_lambda_function.f.logging_config: expected log levels with log_format JSON only",
      ],
    ),
    [
      "an unknown log format",
      f({ logging_config: { log_format: "json" } }),
      'aws_lambda_function.f.logging_config: expected JSON or Text for log_format but received "json"',
    ],
  ]);
});

describe("a state machine", () => {
  const m = (more: JsonObject) => ({ "aws_sfn_state_machine.m": more });
  const logging = (logging_configuration: JsonObject) => m({ logging_configuration });
  const destination = (received: string) =>
    `aws_sfn_state_machine.m.logging_configuration: expected the ARN of a log group and ":*" for log_destination but received ${received}`;

  refuses([
    ["logs without a destination", logging({ level: "ALL" }), destination("nothing")],
    ["a destination without :*", logging({ level: "ALL", log_destination: LOGS }), destination(LOGS)],
    [
      "a destination that is no log group",
      logging({ level: "ALL", log_destination: "arn:aws:s3:::b:*" }),
      destination("arn:aws:s3:::b:*"),
    ],
    [
      "an unknown level",
      logging({ level: "NONSENSE", log_destination: `${LOGS}:*` }),
      'expected ALL or ERROR or FATAL or OFF for level but received "NONSENSE"',
    ],
    [
      "a name with a space",
      m({ name: "a b" }),
      'expected 1 to 80 letters, digits, - and _ for name but received "a b"',
    ],
  ]);
});

describe("an HTTP API", () => {
  const integration = (more: JsonObject) => ({ "aws_apigatewayv2_integration.i": more });
  const route = (more: JsonObject) => ({ "aws_apigatewayv2_route.r": more });
  const stage = (more: JsonObject) => ({ "aws_apigatewayv2_stage.s": more });
  const target = (received: string) =>
    `aws_apigatewayv2_route.r: expected integrations/<id> of an integration of the same API for target but received ${received}`;

  it.each([50, 30_000])("may wait %d ms for its integration", (timeout_milliseconds) => {
    expect(read(integration({ timeout_milliseconds })).apis).toHaveLength(1);
  });

  it("may have settings of a route and a second stage", () => {
    const { apis } = read({
      ...stage({
        route_settings: [{ route_key: "POST /process", throttling_rate_limit: 5, throttling_burst_limit: 7 }],
      }),
      "aws_apigatewayv2_stage.second": { ...at("aws_apigatewayv2_stage.s"), name: "dev" },
    });

    expect(apis[0]?.stages).toMatchObject([
      { name: "$default", routeThrottles: { "POST /process": { rateLimit: 5, burstLimit: 7 } } },
      { name: "dev", routeThrottles: {} },
    ]);
  });

  const authorizer = (more: JsonObject = {}) => ({
    "aws_apigatewayv2_authorizer.a": {
      api_id: "${aws_apigatewayv2_api.a.id}",
      name: "tokens",
      authorizer_type: "JWT",
      identity_sources: ["$request.header.Authorization"],
      jwt_configuration: { issuer: "https://example.com", audience: ["pictures"] },
      ...more,
    },
  });
  const byToken = { authorization_type: "JWT", authorizer_id: "${aws_apigatewayv2_authorizer.a.id}" };

  const proxy = (more: JsonObject = {}) => ({
    "aws_apigatewayv2_integration.p": {
      api_id: "${aws_apigatewayv2_api.a.id}",
      integration_type: "AWS_PROXY",
      integration_uri: "${aws_lambda_function.f.invoke_arn}",
      payload_format_version: "2.0",
      ...more,
    },
  });
  const permission = (more: JsonObject = {}) => ({
    "aws_lambda_permission.p": {
      statement_id: "Invoke",
      action: "lambda:InvokeFunction",
      function_name: "${aws_lambda_function.f.function_name}",
      principal: "apigateway.amazonaws.com",
      source_arn: "${aws_apigatewayv2_api.a.execution_arn}/*/*/process",
      ...more,
    },
  });

  it("may let a function answer, by the function's permissions", () => {
    const target = { target: "integrations/${aws_apigatewayv2_integration.p.id}" };
    const { apis } = read({ ...proxy(), ...permission(), ...route(target) });

    expect(apis[0]?.routes[0]?.integration).toMatchObject({
      kind: "Lambda",
      functionArn: "arn:aws:lambda:eu-central-1:111111111111:function:fn",
      timeoutMs: 30_000,
      policy: { address: "aws_lambda_permission.p" },
    });
  });

  it("may ask for tokens with one of some scopes", () => {
    const { apis } = read({ ...authorizer(), ...route({ ...byToken, authorization_scopes: ["resize"] }) });

    expect(apis[0]?.routes[0]?.authorization).toEqual({
      issuer: "https://example.com",
      audience: ["pictures"],
      scopes: ["resize"],
    });
  });

  refuses([
    [
      "a function with payload format 1.0",
      proxy({ payload_format_version: "1.0" }),
      "aws_apigatewayv2_integration.p: expected payload_format_version 2.0 but received 1.0",
    ],
    [
      "a function that is not there",
      proxy({ integration_uri: "arn:aws:lambda:eu-central-1:111111111111:function:other" }),
      "aws_apigatewayv2_integration.p: expected invoke_arn or arn of a function of the stack for integration_uri but received arn:aws:lambda:eu-central-1:111111111111:function:other",
    ],
    [
      "a permission of a function that is not there",
      permission({ function_name: "other" }),
      "aws_lambda_permission.p: expected a function of the stack for function_name but received other",
    ],
    [
      "a permission for another account",
      permission({ principal: "999999999999" }),
      'aws_lambda_permission.p: expected an AWS service for principal but received "999999999999"',
    ],
    [
      "a Lambda authorizer",
      authorizer({ authorizer_type: "REQUEST" }),
      "aws_apigatewayv2_authorizer.a: expected authorizer_type JWT but received REQUEST",
    ],
    [
      "tokens from a query parameter",
      authorizer({ identity_sources: ["$request.querystring.token"] }),
      "aws_apigatewayv2_authorizer.a: expected identity_sources to be $request.header.Authorization but received $request.querystring.token",
    ],
    [
      "an authorizer that is not there",
      route({ authorization_type: "JWT", authorizer_id: "nope" }),
      "aws_apigatewayv2_route.r: expected the id of an authorizer of the same API for authorizer_id but received nope",
    ],
    [
      "scopes without tokens",
      route({ authorization_type: "AWS_IAM", authorization_scopes: ["resize"] }),
      'aws_apigatewayv2_route.r: the local runner does not understand the argument "authorization_scopes"',
    ],
    ...[49, 30_001].map(
      (timeout_milliseconds): Case => [
        `an integration that waits ${timeout_milliseconds} ms`,
        integration({ timeout_milliseconds }),
        `aws_apigatewayv2_integration.i: expected a whole number from 50 to 30000 for timeout_milliseconds but received ${timeout_milliseconds}`,
      ],
    ),
    ...["integration.i", "route.r", "stage.s"].map(
      (part): Case => [
        `the ${part.replace(/\..*/, "")} of an API that is not there`,
        { [`aws_apigatewayv2_${part}`]: { api_id: "nope" } },
        `aws_apigatewayv2_${part}: expected an API of the stack but received nope`,
      ],
    ),
    [
      "a target without integrations/",
      route({ target: "${aws_apigatewayv2_integration.i.id}" }),
      "aws_apigatewayv2_route.r: expected integrations/<id> of an integration of the same API for target",
    ],
    ["an integration that is not there", route({ target: "integrations/nope" }), target("integrations/nope")],
    [
      "the integration of another API",
      {
        "aws_apigatewayv2_api.other": { name: "other", protocol_type: "HTTP" },
        ...integration({ api_id: "${aws_apigatewayv2_api.other.id}" }),
      },
      "aws_apigatewayv2_route.r: expected integrations/<id> of an integration of the same API for target",
    ],
    [
      "settings of a route it does not have",
      stage({ route_settings: [{ route_key: "POST /other", throttling_rate_limit: 5, throttling_burst_limit: 5 }] }),
      'aws_apigatewayv2_stage.s: expected a route of the API for route_settings but received "POST /other"',
    ],
    [
      "a stage whose name has a space",
      stage({ name: "a b" }),
      'aws_apigatewayv2_stage.s: expected $default or 1 to 128 letters, digits, - and _ for name but received "a b"',
    ],
  ]);
});

describe("an event target", () => {
  refuses([
    [
      "a rule that is not there",
      { "aws_cloudwatch_event_target.t": { rule: "nope" } },
      "aws_cloudwatch_event_target.t: expected a rule of the stack but received nope",
    ],
    [
      "a rule whose name has a space",
      { "aws_cloudwatch_event_rule.u": { name: "a b" } },
      'aws_cloudwatch_event_rule.u: expected 1 to 64 letters, digits, ., - and _ for name but received "a b"',
    ],
    ...(
      [
        ["maximum_event_age_in_seconds", 59, "60 to 86400"],
        ["maximum_event_age_in_seconds", 86_401, "60 to 86400"],
        ["maximum_retry_attempts", -1, "0 to 185"],
        ["maximum_retry_attempts", 186, "0 to 185"],
      ] as const
    ).map(
      ([argument, value, range]): Case => [
        `${value} for ${argument}`,
        { "aws_cloudwatch_event_target.t": { retry_policy: { [argument]: value } } },
        `aws_cloudwatch_event_target.t.retry_policy: expected a whole number from ${range} for ${argument} but received ${value}`,
      ],
    ),
    [
      "what is no state machine",
      { "aws_cloudwatch_event_target.t": { arn: "${aws_lambda_function.f.arn}" } },
      "aws_cloudwatch_event_target.t: expected a state machine, queue or topic of the stack but received arn:aws:lambda:eu-central-1:111111111111:function:fn",
    ],
  ]);

  it("may belong to a rule that is switched off", () => {
    expect(read({ "aws_cloudwatch_event_rule.u": { state: "DISABLED" } }).rules).toEqual([]);
  });
});
