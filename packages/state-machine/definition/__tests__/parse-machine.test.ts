import type { Json, JsonObject } from "../../index";
import { DefinitionFault, parseMachine } from "../../index";

const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: "f" } };
const machine = (state: JsonObject, more: JsonObject = {}): JsonObject => ({
  StartAt: "A",
  States: { A: state, B: { Type: "Succeed" } },
  ...more,
});
const step = (state: JsonObject, more: JsonObject = {}) => machine({ ...state, Next: "B" }, more);
const jsonataTask = (more: JsonObject) =>
  step({ Type: "Task", Resource: TASK.Resource, QueryLanguage: "JSONata", Arguments: { FunctionName: "f" }, ...more });
const task = (more: JsonObject) => step({ ...TASK, ...more });
const retry = (more: JsonObject) => task({ Retry: [{ ErrorEquals: ["E"], ...more }] });
const inner = { StartAt: "X", States: { X: { Type: "Succeed" } } };
const map = (more: JsonObject, processor: JsonObject = {}) =>
  step({ Type: "Map", ItemProcessor: { ...inner, ...processor }, ...more });
const distributed = (more: JsonObject, config: JsonObject = {}) =>
  map(more, { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS", ...config } });

function faultOf(definition: Json): string | undefined {
  try {
    parseMachine(definition);
    return undefined;
  } catch (error) {
    if (error instanceof DefinitionFault) return error.message;
    throw error;
  }
}

describe("a definition", () => {
  it.each<[string, JsonObject]>([
    [
      "every field of a Task",
      task({
        Comment: "c",
        InputPath: "$",
        OutputPath: "$",
        ResultSelector: {},
        ResultPath: null,
        TimeoutSeconds: 9,
        HeartbeatSeconds: 3,
        Assign: { a: 1 },
        Retry: [
          {
            ErrorEquals: ["States.ALL"],
            IntervalSeconds: 1,
            MaxAttempts: 0,
            BackoffRate: 1,
            MaxDelaySeconds: 5,
            JitterStrategy: "FULL",
            Comment: "c",
          },
        ],
        Catch: [{ ErrorEquals: ["A", "B"], ResultPath: "$.e", Next: "B", Assign: {} }],
      }),
    ],
    ["a Task without a timeout, and paths of them", task({ TimeoutSecondsPath: "$.t", HeartbeatSecondsPath: "$.h" })],
    ["a Fail of nothing", { StartAt: "F", States: { F: { Type: "Fail" } } }],
    [
      "a Fail whose texts are paths and functions",
      { StartAt: "F", States: { F: { Type: "Fail", ErrorPath: "$.e", CausePath: "States.Format('{}', $.c)" } } },
    ],
    [
      "every field of a distributed Map",
      distributed({
        Label: "l",
        MaxConcurrency: 5,
        ItemReader: { Resource: "arn:aws:states:::s3:listObjectsV2", Parameters: { Bucket: "b" } },
        ItemBatcher: { MaxItemsPerBatch: 5 },
        ItemSelector: {},
        ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "b" } },
        ToleratedFailurePercentage: 2.5,
        ToleratedFailureCountPath: "$.n",
      }),
    ],
    [
      "the same names of states in the children of a distributed Map",
      {
        StartAt: "A",
        States: {
          A: {
            Type: "Map",
            ItemProcessor: {
              ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
              StartAt: "A",
              States: { A: { Type: "Succeed" } },
            },
            End: true,
          },
        },
      },
    ],
    [
      "a Choice by a boolean in JSONata",
      machine({ Type: "Choice", Choices: [{ Condition: true, Next: "B" }] }, { QueryLanguage: "JSONata" }),
    ],
    ["dollars in texts that are no paths", step({ Type: "Pass", Parameters: { a: "$$.Task" }, Comment: "costs $$ 5" })],
  ])("may have %s", (_what, definition) => {
    expect(faultOf(definition)).toBeUndefined();
  });

  it.each<[string, Json, string]>([
    ["no object", [], "SCHEMA_VALIDATION_FAILED: Expected value of type [OBJECT] at /"],
    [
      "another version",
      step({ Type: "Pass" }, { Version: "2.0" }),
      "Value should be one of the following: [1.0] at /Version",
    ],
    ["a field that is not known", step({ Type: "Pass" }, { Sates: {} }), "Field 'Sates' is not supported at /"],
    ["nothing", {}, "SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /"],
    [
      "no end",
      { StartAt: "A", States: { A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } } },
      "MISSING_END_STATE: Workflow has no terminal state at null",
    ],
    ["no StartAt", { States: {} }, "These fields are required: [StartAt] at /"],
    [
      "a StartAt that is nowhere",
      { StartAt: "Z", States: { A: { Type: "Succeed" } } },
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: Z at /StartAt",
    ],
    [
      "a Next that is nowhere",
      machine({ Type: "Pass", Next: "Z" }),
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: Z at /States/A/Next",
    ],
    [
      "a Default that is nowhere",
      machine({ Type: "Choice", Choices: [{ Variable: "$", IsNull: true, Next: "B" }], Default: "Z" }),
      "Missing 'Next' target: Z at /States/A/Default",
    ],
    [
      "a catcher that leads nowhere",
      task({ Catch: [{ ErrorEquals: ["E"], Next: "Z" }] }),
      "Missing 'Next' target: Z at /States/A/Catch[0]/Next",
    ],
    [
      "a state nobody reaches",
      { StartAt: "A", States: { A: { Type: "Succeed" }, B: { Type: "Succeed" } } },
      'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B',
    ],
    [
      "a name twice",
      step({ Type: "Parallel", Branches: [{ StartAt: "A", States: { A: { Type: "Succeed" } } }] }),
      "DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A/Branches[0]/States/A",
    ],
    [
      "a type that is none",
      machine({ Type: "Activity" }),
      "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type",
    ],
    ["neither Next nor End", machine({ Type: "Pass" }), "These fields are required: [Next] at /States/A/Next"],
    [
      "both Next and End",
      machine({ Type: "Pass", Next: "B", End: true }),
      "Expected one of Next and End but received both",
    ],
    ["a path that is none", step({ Type: "Pass", InputPath: "a" }), "/States/A/InputPath"],
    [
      "a function that is not there",
      step({ Type: "Pass", Parameters: { "a.$": "States.Nothing()" } }),
      "/States/A/Parameters",
    ],
    [
      "fields of JSONata in JSONPath",
      step({ Type: "Pass", Output: 1 }),
      "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/A",
    ],
    [
      "fields of JSONPath in JSONata",
      step({ Type: "Pass", ResultPath: "$.a" }, { QueryLanguage: "JSONata" }),
      "The QueryLanguage is set to 'JSONata', but field 'ResultPath' is only supported for the 'JSONPath' QueryLanguage at /States/A",
    ],
    [
      "JSONPath inside JSONata",
      step({ Type: "Pass", QueryLanguage: "JSONPath" }, { QueryLanguage: "JSONata" }),
      "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A",
    ],
    [
      "a query language that is none",
      step({ Type: "Pass", QueryLanguage: "jsonpath" }),
      "Value should be one of the following: [JSONPath, JSONata] at /States/A/QueryLanguage",
    ],
    [
      "a query language of an ItemProcessor",
      map({}, { QueryLanguage: "JSONata" }),
      "Field 'QueryLanguage' is not supported at /States/A/ItemProcessor",
    ],
    [
      "fields of JSONata inside a state in JSONata, where the machine is in JSONPath",
      step({
        Type: "Parallel",
        QueryLanguage: "JSONata",
        Branches: [{ StartAt: "X", States: { X: { Type: "Pass", Output: 1, End: true } } }],
      }),
      "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported",
    ],
    [
      "a result where there is none",
      step({ Type: "Pass", Output: { v: "{% $states.result %}" } }, { QueryLanguage: "JSONata" }),
      "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/A/Output/v",
    ],
    [
      "the error of a catcher outside of it",
      jsonataTask({
        Assign: { e: "{% $states.errorOutput %}" },
      }),
      "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist. at /States/A/Assign/e",
    ],
    [
      "a plain name in a catcher",
      jsonataTask({
        Catch: [{ ErrorEquals: ["E"], Next: "B", Output: { v: "{% phone %}" } }],
      }),
      "Reference to 'phone' at the top level is not supported. at /States/A/Catch[0]/Output/v",
    ],
    [
      "an expression that is none",
      step({ Type: "Pass", Output: "{% 1 + %}" }, { QueryLanguage: "JSONata" }),
      "INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/A/Output",
    ],
    [
      "another resource",
      task({ Resource: "arn:aws:states:::sqs:sendMessage" }),
      "The resource arn:aws:states:::sqs:sendMessage is not supported here",
    ],
    ["a callback", task({ Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken" }), "is not supported here"],
    [
      "credentials",
      task({ Credentials: { RoleArn: "r" } }),
      "The field is not supported here at /States/A/Credentials",
    ],
    [
      "a parameter that is mistyped",
      task({ Parameters: { FunctionName: "f", "Paylod.$": "$" } }),
      'The field "Paylod" is not supported here at /States/A/Parameters/Paylod.$',
    ],
    [
      "a task that names no function",
      task({ Parameters: {} }),
      'The field "FunctionName" is required but was missing at /States/A/Parameters',
    ],
    [
      "a heartbeat as long as the timeout",
      task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }),
      "HeartbeatSeconds must be smaller than TimeoutSeconds",
    ],
    ["a timeout of nothing", task({ TimeoutSeconds: 0 }), "Expected an integer from 1 to 99999999 but received 0"],
    ["an interval of 0", retry({ IntervalSeconds: 0 }), "/States/A/Retry[0]/IntervalSeconds"],
    ["a backoff below 1", retry({ BackoffRate: 0.5 }), "Expected a number of at least 1 but received 0.5"],
    ["attempts below 0", retry({ MaxAttempts: -1 }), "/States/A/Retry[0]/MaxAttempts"],
    ["an unknown jitter", retry({ JitterStrategy: "HALF" }), "Value should be one of the following: [FULL, NONE]"],
    ["a retrier of nothing", retry({ ErrorEquals: [] }), "Expected at least one error"],
    [
      "an error that Step Functions has not",
      retry({ ErrorEquals: ["States.Timeuot"] }),
      "There is no error States.Timeuot",
    ],
    [
      "States.ALL that is not last",
      task({ Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["E"] }] }),
      "States.ALL must appear alone and at end of list",
    ],
    [
      "States.ALL with others",
      task({ Catch: [{ ErrorEquals: ["States.ALL", "E"], Next: "B" }] }),
      "States.ALL must appear alone and at end of list",
    ],
    ["no choice", machine({ Type: "Choice", Choices: [] }), "Expected at least one choice"],
    [
      "two operators in a rule",
      machine({ Type: "Choice", Choices: [{ Variable: "$", IsNull: true, IsString: true, Next: "B" }] }),
      "/States/A/Choices[0]/",
    ],
    [
      "a condition that is no expression",
      machine({ Type: "Choice", Choices: [{ Condition: "yes", Next: "B" }] }, { QueryLanguage: "JSONata" }),
      "Expected a JSONata expression or a boolean",
    ],
    [
      "a Wait for nothing",
      step({ Type: "Wait" }),
      "Expected exactly one of Seconds, Timestamp, SecondsPath, TimestampPath",
    ],
    ["a Wait for two things", step({ Type: "Wait", Seconds: 1, TimestampPath: "$.t" }), "Expected exactly one of"],
    ["a moment that is none", step({ Type: "Wait", Timestamp: "tomorrow" }), "Expected a timestamp such as"],
    ["a Parallel without branches", step({ Type: "Parallel", Branches: [] }), "Expected at least one branch"],
    [
      "a variable with a name that is none",
      step({ Type: "Pass", Assign: { "a-b": 1 } }),
      "'a-b' is not a valid variable name",
    ],
    [
      "a variable named states",
      step({ Type: "Pass", Assign: { states: 1 } }),
      "The variable name 'states' is reserved",
    ],
    [
      "a variable of a branch with the name of one outside",
      {
        StartAt: "A",
        States: {
          A: { Type: "Pass", Assign: { "x.$": "$" }, Next: "P" },
          P: {
            Type: "Parallel",
            Branches: [{ StartAt: "X", States: { X: { Type: "Pass", Assign: { x: 1 }, End: true } } }],
            End: true,
          },
        },
      },
      "The variable 'x' is assigned in an outer scope at /States/P/Branches[0]/States/X/Assign",
    ],
    ["an ItemReader in an inline Map", map({ ItemReader: {} }), "Field 'ItemReader' is not supported"],
    [
      "a distributed Map without a type of its children",
      map({}, { ProcessorConfig: { Mode: "DISTRIBUTED" } }),
      "These fields are required: [ExecutionType]",
    ],
    ["a label with a space", distributed({ Label: "a b" }), "/States/A/Label"],
    ["a share above 100", distributed({ ToleratedFailurePercentage: 101 }), "Expected a number from 0 to 100"],
    [
      "items beside a reader",
      distributed({
        ItemsPath: "$.a",
        ItemReader: { Resource: "arn:aws:states:::s3:listObjectsV2", Parameters: { Bucket: "b" } },
      }),
      "Expected no other items beside an ItemReader",
    ],
  ])("may not have %s", (_what, definition, message) => {
    expect(faultOf(definition)).toContain(message);
  });
});
