import { statementsOf } from "../../support/statements-of";
import { only, synthesized } from "../../support/synthesized";

describe("StartExecutionApi", () => {
  const terraform = synthesized({ name: "demo" });
  const values = (type: string) => Object.values(terraform.resource[type] ?? {});

  it("has a POST route for each request form, and two for executions with a name", () => {
    expect(
      values("aws_apigatewayv2_route")
        .map(({ route_key }) => route_key)
        .sort(),
    ).toEqual(["GET /executions/{name}", "POST /process", "POST /resized", "PUT /executions/{name}"]);
  });

  it("hands the request body to StartExecution without a function in between", () => {
    const start = {
      integration_subtype: "StepFunctions-StartExecution",
      payload_format_version: "1.0",
      request_parameters: {
        StateMachineArn: expect.stringContaining("aws_sfn_state_machine."),
        Input: "$request.body",
      },
    };
    const parametersOfNamed = { ...start.request_parameters, Name: "$request.path.name" };
    expect(values("aws_apigatewayv2_integration")).toEqual(
      expect.arrayContaining([
        expect.objectContaining(start),
        expect.objectContaining({ ...start, request_parameters: parametersOfNamed }),
      ]),
    );
  });

  it("may start that one machine and ask that one function, and nothing more", () => {
    expect(statementsOf(terraform, "ImageResizeAPI-demo")).toEqual([
      {
        Sid: "StartTheStateMachine",
        Effect: "Allow",
        Action: "states:StartExecution",
        Resource: expect.stringMatching(/^\$\{aws_sfn_state_machine\.\w+\.arn}$/),
      },
      {
        Sid: "InvokeTheStatusFunction",
        Effect: "Allow",
        Action: "lambda:InvokeFunction",
        Resource: expect.stringMatching(/^\$\{aws_lambda_function\.status_function_\w+\.arn}$/),
      },
    ]);
  });

  it("answers on the default stage and on one named as the environment", () => {
    expect(
      values("aws_apigatewayv2_stage")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["$default", "demo"]);
  });

  it("throttles and logs on both stages", () => {
    for (const stage of values("aws_apigatewayv2_stage")) {
      expect(stage).toMatchObject({
        default_route_settings: { throttling_rate_limit: 7, throttling_burst_limit: 11 },
        access_log_settings: { destination_arn: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.api_/) },
      });
    }
  });

  it.each([
    ["none", { authorization_type: "NONE" }],
    ["iam", { authorization_type: "AWS_IAM" }],
  ] as const)("asks the same of callers on every route: %s", (apiAuth, expected) => {
    for (const route of Object.values(synthesized({ apiAuth }).resource.aws_apigatewayv2_route ?? {}))
      expect(route).toMatchObject(expected);
  });

  it("asks for tokens of the issuer, for the audience and with one of the scopes", () => {
    const apiAuth = { issuer: "https://issuer.example", audience: ["pictures"], scopes: ["resize"] };
    const terraform = synthesized({ apiAuth });

    expect(only(terraform, "aws_apigatewayv2_authorizer")).toMatchObject({
      authorizer_type: "JWT",
      identity_sources: ["$request.header.Authorization"],
      jwt_configuration: { issuer: "https://issuer.example", audience: ["pictures"] },
    });
    for (const route of Object.values(terraform.resource.aws_apigatewayv2_route ?? {})) {
      expect(route).toMatchObject({
        authorization_type: "JWT",
        authorizer_id: expect.stringMatching(/^\$\{aws_apigatewayv2_authorizer\.\w+\.id}$/),
        authorization_scopes: ["resize"],
      });
    }
    expect(terraform.output.api_auth).toEqual({ value: "jwt" });
  });

  it("answers browsers of the listed origins only", () => {
    const cors = { allowOrigins: ["https://a.example"], allowHeaders: ["content-type"], maxAgeSeconds: 60 };
    expect(only(synthesized({ cors }), "aws_apigatewayv2_api").cors_configuration).toEqual({
      allow_origins: ["https://a.example"],
      allow_headers: ["content-type"],
      allow_methods: ["GET", "POST", "PUT"],
      max_age: 60,
    });
    expect(only(terraform, "aws_apigatewayv2_api")).not.toHaveProperty("cors_configuration");
  });
});
