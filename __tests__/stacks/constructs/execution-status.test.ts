import { statementsOf } from "../../support/statements-of";
import { only, synthesized } from "../../support/synthesized";

describe("ExecutionStatus", () => {
  const terraform = synthesized();
  const status = only(
    terraform,
    "aws_lambda_function",
    ({ function_name }) => function_name === "ImageExecutionStatusFunction-test",
  );

  it("runs on Node 24 without a layer, traced, and knows its machine", () => {
    expect(status).toMatchObject({
      runtime: "nodejs24.x",
      tracing_config: { mode: "Active" },
      environment: {
        variables: { STATE_MACHINE_ARN: expect.stringMatching(/^\$\{aws_sfn_state_machine\.\w+\.arn}$/) },
      },
    });
    expect(status).not.toHaveProperty("layers");
  });

  it("may read this machine's executions, log and trace, and nothing more", () => {
    expect(
      statementsOf(terraform, "ImageExecutionStatusFunction-test").map(({ Action, Resource }) => [
        Action,
        String(Resource).replace(/_[0-9A-F]{8}\b/g, ""),
      ]),
    ).toEqual([
      [
        "states:DescribeExecution",
        "arn:aws:states:eu-west-1:123456789012:execution:ImageProcessingStateMachine-test:*",
      ],
      [["logs:CreateLogStream", "logs:PutLogEvents"], "${aws_cloudwatch_log_group.status_logs.arn}:*"],
      [["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"],
    ]);
  });
});
