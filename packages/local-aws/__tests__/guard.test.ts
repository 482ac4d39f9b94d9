import { stateMachineDefinition } from "../../../stacks/state-machine-definition";
import type { Json, JsonObject } from "../json";
import { guardDefinition } from "../step-functions/guard";

const TASK = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: "f", "Payload.$": "$" },
  TimeoutSeconds: 10,
  End: true,
};
const machine = (state: JsonObject, more: JsonObject = {}): JsonObject => ({
  StartAt: "A",
  States: { A: state, B: { Type: "Succeed" } },
  ...more,
});
const task = (more: JsonObject) => {
  const { End: _end, ...rest } = { ...TASK, ...more };
  return machine("Next" in more || more.End === false ? rest : { ...rest, Next: "B" });
};
const retry = (more: Record<string, Json>) => task({ Retry: [{ ErrorEquals: ["A"], ...more }] });
const choice = (rule: JsonObject) => machine({ Type: "Choice", Choices: [{ ...rule, Next: "B" }], Default: "B" });

describe("guardDefinition", () => {
  it("lets the pipeline's own definition pass", () => {
    const definition = stateMachineDefinition({
      functionArn: "arn:aws:lambda:eu-central-1:111111111111:function:f",
      functionTimeoutSeconds: 30,
    });

    expect(() => guardDefinition(JSON.parse(JSON.stringify(definition)), "aws_sfn_state_machine.m")).not.toThrow();
  });

  it.each<[string, JsonObject, string]>([
    ["a state that is nowhere", machine({ Type: "Pass", Next: "Nowhere" }), "the state machine definition is invalid"],
    [
      "Map",
      machine({ Type: "Map", ItemProcessor: { StartAt: "X", States: { X: { Type: "Succeed" } } }, Next: "B" }),
      "states of type Map are not understood",
    ],
    [
      "Parallel",
      machine({ Type: "Parallel", Branches: [{ StartAt: "X", States: { X: { Type: "Succeed" } } }], Next: "B" }),
      "states of type Parallel are not understood",
    ],
    ["JSONata", machine({ Type: "Pass", Next: "B" }, { QueryLanguage: "JSONata" }), "expected QueryLanguage JSONPath"],
    [
      "JSONata in one state",
      machine({ Type: "Pass", QueryLanguage: "JSONata", Next: "B" }),
      "expected QueryLanguage JSONPath",
    ],
    [
      "another resource",
      task({ Resource: "arn:aws:states:::sqs:sendMessage" }),
      "expected Resource arn:aws:states:::lambda:invoke",
    ],
    [
      "a wait for a task token",
      task({ Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken" }),
      "expected Resource arn:aws:states:::lambda:invoke",
    ],
    [
      "a Task without a timeout",
      machine({ Type: "Task", Resource: TASK.Resource, Parameters: TASK.Parameters, Next: "B" }),
      "expected a Task to have TimeoutSeconds",
    ],
    [
      "a timeout that no timer holds",
      task({ TimeoutSeconds: 2_147_484 }),
      "expected TimeoutSeconds to be an integer from 1 to 2147483",
    ],
    [
      "a timeout of the machine that no timer holds",
      machine({ Type: "Pass", Next: "B" }, { TimeoutSeconds: 2_147_484 }),
      "expected TimeoutSeconds to be an integer from 1 to 2147483",
    ],
    [
      "a wait that no timer holds",
      machine({ Type: "Wait", Seconds: 2_147_484, Next: "B" }),
      "expected Seconds to be an integer from 1 to 2147483",
    ],
    [
      "a wait until a moment of the input",
      machine({ Type: "Wait", TimestampPath: "$.at", Next: "B" }),
      'does not understand the field "TimestampPath"',
    ],
    [
      "a Fail state without an error",
      machine({ Type: "Fail", Cause: "c" }),
      "expected a Fail state to have Error or ErrorPath",
    ],
    [
      "a Fail state without a cause",
      machine({ Type: "Fail", Error: "e" }),
      "expected a Fail state to have Cause or CausePath",
    ],
    [
      "a function in the place of a path",
      machine({ Type: "Fail", Error: "e", CausePath: "States.Format('{}', $.a)" }),
      "expected a path for CausePath but received States.Format",
    ],
    ["a Task without Parameters", task({ Parameters: null }), "Parameters: expected an object with FunctionName"],
    [
      "a Task that names no function",
      task({ Parameters: { "Payload.$": "$" } }),
      'state "A" Parameters: expected the name of a function for FunctionName but received undefined',
    ],
    ...["Paylod.$", "Qualifier", "InvocationType", "ClientContext", "LogType"].map(
      (name): [string, JsonObject, string] => [
        `the parameter ${name}`,
        task({ Parameters: { FunctionName: "f", [name]: "$" } }),
        `state "A" Parameters: the local runner does not understand the field "${name}"`,
      ],
    ),
    [
      "a result in brackets",
      machine({ Type: "Pass", ResultPath: "$['a']", Next: "B" }),
      "state \"A\": expected ResultPath to be made of names ($.a.b) but received $['a']",
    ],
    [
      "an error in a list",
      task({ Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.errors[0]", Next: "B" }] }),
      'state "A" Catch: expected ResultPath to be made of names ($.a.b) but received $.errors[0]',
    ],
    ["a heartbeat", task({ HeartbeatSeconds: 5 }), 'does not understand the field "HeartbeatSeconds"'],
    [
      "a timeout out of the input",
      (() => {
        const { TimeoutSeconds: _t, End: _e, ...rest } = TASK;
        return machine({ ...rest, TimeoutSecondsPath: "$.t", Next: "B" });
      })(),
      'does not understand the field "TimeoutSecondsPath"',
    ],
    ["credentials", task({ Credentials: { RoleArn: "r" } }), 'does not understand the field "Credentials"'],
    ["variables", task({ Assign: { a: 1 } }), 'does not understand the field "Assign"'],
    [
      "States.ALL that is not last",
      task({ Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["A"] }] }),
      "expected States.ALL to be in the last entry only",
    ],
    [
      "States.ALL with others",
      task({ Catch: [{ ErrorEquals: ["States.ALL", "A"], Next: "B" }] }),
      "expected States.ALL to stand alone in ErrorEquals",
    ],
    [
      "an interval of 0",
      retry({ IntervalSeconds: 0 }),
      "expected a positive integer for IntervalSeconds but received 0",
    ],
    [
      "a backoff below 1",
      retry({ BackoffRate: 0.5 }),
      "expected a number of at least 1 for BackoffRate but received 0.5",
    ],
    [
      "an unknown jitter",
      retry({ JitterStrategy: "HALF" }),
      'expected FULL or NONE for JitterStrategy but received "HALF"',
    ],
    [
      "a version to come",
      machine({ Type: "Pass", Next: "B" }, { Version: "2.0" }),
      'expected Version 1.0 but received "2.0"',
    ],
    [
      "a retrier of nothing",
      retry({ ErrorEquals: [] }),
      'state "A" Retry: expected ErrorEquals to name at least one error',
    ],
    [
      "a catcher of nothing",
      task({ Catch: [{ ErrorEquals: [], Next: "B" }] }),
      'state "A" Catch: expected ErrorEquals to name at least one error',
    ],
    [
      "an error that Step Functions has not",
      retry({ ErrorEquals: ["States.Timeuot"] }),
      'state "A" Retry: Step Functions has no error States.Timeuot',
    ],
    ["attempts below 0", retry({ MaxAttempts: -1 }), "MaxAttempts"],
    ["a delay of 0", retry({ MaxDelaySeconds: 0 }), "MaxDelaySeconds"],
    ["IsPresent: false", choice({ Variable: "$.a", IsPresent: false }), "IsPresent: false is not understood"],
    [
      "IsNull: false inside And",
      choice({ And: [{ Variable: "$.a", IsNull: false }] }),
      "IsNull: false is not understood",
    ],
    [
      "IsString: false inside Not",
      choice({ Not: { Variable: "$.a", IsString: false } }),
      "IsString: false is not understood",
    ],
    [
      "a Pass without a result in its Result",
      machine({ Type: "Pass", Result: false, Next: "B" }),
      "a Pass state with an empty Result is not understood",
    ],
    [
      "$$.State",
      task({ Parameters: { FunctionName: "f", "Payload.$": "$$.State.Name" } }),
      "the context object path $$.State.Name is not understood",
    ],
    [
      "$$.Task in a function",
      task({ Parameters: { FunctionName: "f", "Payload.$": "States.Array('a', $$.Task.Token)" } }),
      "the context object path $$.Task.Token is not understood",
    ],
    ...[
      ...[
        "Format('{}', $.a)",
        "JsonToString($.a)",
        "StringToJson($.a)",
        "StringSplit($.a, ',')",
        "JsonMerge($.a, $.b, false)",
      ],
      ...["Base64Encode($.a)", "Base64Decode($.a)", "Hash($.a, 'SHA-256')", "MathRandom(1, 2)", "MathAdd(1, 2)"],
      ...["ArrayGetItem($.a, 0)", "ArrayPartition($.a, 2)", "ArrayRange(1, 9, 2)"],
    ].map((call): [string, JsonObject, string] => [
      `States.${call}`,
      machine({ Type: "Pass", Parameters: { list: [{ "a.$": `States.Array(States.${call})` }] }, Next: "B" }),
      `state "A" a.$: the function States.${call.split("(")[0]} is not understood; understood are States.Array, `,
    ]),
    ...["'it\\'s'", "'a ('", "$['a b']", "$.a[0,1]"].map((argument): [string, JsonObject, string] => [
      `the argument ${argument}`,
      machine({ Type: "Pass", Parameters: { "a.$": `States.Array(${argument})` }, Next: "B" }),
      `state "A" a.$: "States.Array(${argument})" is not understood from "`,
    ]),
  ])("refuses %s", (_what, definition, message) => {
    expect(() => guardDefinition(definition, "aws_sfn_state_machine.m")).toThrow(message);
  });

  it("names the machine and the state", () => {
    expect(() => guardDefinition(task({ HeartbeatSeconds: 5 }), "aws_sfn_state_machine.m")).toThrow(
      /^aws_sfn_state_machine\.m state "A": /,
    );
  });

  it("lets the execution's own context pass", () => {
    expect(() =>
      guardDefinition(task({ Parameters: { FunctionName: "f", "Payload.$": "$$.Execution.Id" } }), "m"),
    ).not.toThrow();
  });

  it.each<[string, JsonObject]>([
    ["a comment", machine({ Type: "Pass", Comment: "costs $$ 5", Next: "B" })],
    ["a result", machine({ Type: "Pass", Result: { "a.$": "$$.Task" }, Next: "B" })],
    ["a text in the parameters", machine({ Type: "Pass", Parameters: { a: "$$.Task" }, Next: "B" })],
  ])("takes no dollars in %s for a path", (_what, definition) => {
    expect(() => guardDefinition(definition, "m")).not.toThrow();
  });
});
