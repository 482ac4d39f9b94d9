import { statementsOf } from "../../support/statements-of";
import { only, synthesized } from "../../support/synthesized";

describe("ImageWorkflow", () => {
  const terraform = synthesized();
  const machine = only(terraform, "aws_sfn_state_machine");

  it("is a Standard machine, logged and traced", () => {
    expect(machine).toMatchObject({
      type: "STANDARD",
      logging_configuration: {
        level: "ALL",
        log_destination: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.\w+\.arn}:\*$/),
      },
      tracing_configuration: { enabled: true },
    });
  });

  it("may invoke that one function, and beside it only deliver logs and traces", () => {
    const [invoke, ...others] = statementsOf(terraform, "ImageProcessingStateMachine-test");
    expect(invoke).toMatchObject({
      Action: "lambda:InvokeFunction",
      Resource: expect.stringMatching(/^\$\{aws_lambda_function\.\w+\.arn}$/),
    });
    expect(others.flatMap(({ Action }) => Action).filter((action) => !/^(logs|xray):/.test(action))).toEqual([]);
  });

  it("is taken by Step Functions on behalf of this account only", () => {
    expect(statementsOf(terraform, "ImageProcessingStateMachine-test", "trust")).toMatchObject([
      {
        Principal: { Service: "states.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });
});
