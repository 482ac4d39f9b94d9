import type { Json, JsonObject } from "../index";
import { TaskError } from "../index";
import { type Answer, linesOf, outcomeOf, run, start, type World } from "./support/run-machine";

const FUNCTION = { Type: "Task", Resource: "arn:aws:lambda:eu-central-1:111111111111:function:f" };
const one = (state: JsonObject): JsonObject => ({ StartAt: "A", States: { A: { ...state, End: true } } });
const jsonata = (state: JsonObject): JsonObject => ({ QueryLanguage: "JSONata", ...one(state) });
const two = (state: JsonObject, more: JsonObject = {}): JsonObject => ({
  ...more,
  StartAt: "A",
  States: { A: { ...state, Next: "B" }, B: { Type: "Pass", End: true } },
});
const fails =
  (error: string, cause = "why"): Answer =>
  () => {
    throw new TaskError(error, cause);
  };

describe("the data of a state", () => {
  it.each<[string, JsonObject, Json, unknown]>([
    [
      "InputPath, Parameters, ResultPath and OutputPath",
      one({ Type: "Pass", InputPath: "$.a", Parameters: { "x.$": "$.b" }, ResultPath: "$.r", OutputPath: "$.r" }),
      { a: { b: 1 } },
      { x: 1 },
    ],
    ["an InputPath of null", one({ Type: "Pass", InputPath: null }), { a: 1 }, {}],
    ["an OutputPath of null", one({ Type: "Pass", OutputPath: null }), { a: 1 }, {}],
    ["a ResultPath of null", one({ ...FUNCTION, ResultPath: null }), { a: 1 }, { a: 1 }],
    [
      "a ResultSelector",
      one({ ...FUNCTION, ResultSelector: { "of.$": "$.a" }, ResultPath: "$.r" }),
      { a: 1 },
      { a: 1, r: { of: 1 } },
    ],
    ["a Result that is nothing", one({ Type: "Pass", Result: null }), { a: 1 }, null],
    [
      "the context object",
      one({
        Type: "Pass",
        Parameters: {
          "n.$": "$$.State.Name",
          "m.$": "$$.StateMachine.Name",
          "t.$": "$$.State.EnteredTime",
        },
      }),
      {},
      { n: "A", m: "m", t: "2030-01-01T00:00:00.000Z" },
    ],
    [
      "how often it was tried again, where that can be",
      one({ ...FUNCTION, Parameters: { "s.$": "$$.State" } }),
      {},
      { s: { Name: "A", EnteredTime: "2030-01-01T00:00:00.000Z", RetryCount: 0 } },
    ],
    [
      "no such count elsewhere",
      one({ Type: "Pass", Parameters: { "s.$": "$$.State" } }),
      {},
      { s: { Name: "A", EnteredTime: "2030-01-01T00:00:00.000Z" } },
    ],
    [
      "Arguments and Output",
      jsonata({ ...FUNCTION, Arguments: { b: "{% $states.input.a + 1 %}" }, Output: "{% $states.result.b * 2 %}" }),
      { a: 1 },
      4,
    ],
    ["an input without Arguments", jsonata({ ...FUNCTION }), { a: 1 }, { a: 1 }],
    [
      "variables of a state before",
      {
        StartAt: "A",
        States: {
          A: { Type: "Pass", Assign: { "x.$": "$" }, Result: 5, Next: "B" },
          B: { Type: "Pass", Parameters: { "y.$": "$x" }, End: true },
        },
      },
      { a: 1 },
      { y: 5 },
    ],
    [
      "variables that are all read before one is set",
      {
        QueryLanguage: "JSONata",
        StartAt: "A",
        States: {
          A: { Type: "Pass", Assign: { x: 1, y: 2 }, Next: "B" },
          B: { Type: "Pass", Assign: { x: "{% $y %}", y: "{% $x %}" }, Next: "C" },
          C: { Type: "Pass", Output: "{% [$x, $y] %}", End: true },
        },
      },
      {},
      [2, 1],
    ],
    [
      "a rule's Output and Assign",
      {
        QueryLanguage: "JSONata",
        StartAt: "A",
        States: {
          A: {
            Type: "Choice",
            Choices: [{ Condition: "{% $states.input.a = 1 %}", Output: { o: 1 }, Assign: { x: 3 }, Next: "B" }],
            Default: "B",
            Output: "no",
          },
          B: { Type: "Pass", Output: "{% [$states.input.o, $x] %}", End: true },
        },
      },
      { a: 1 },
      [1, 3],
    ],
    [
      "JSONata in one state of a machine in JSONPath",
      two({ Type: "Pass", QueryLanguage: "JSONata", Output: "{% $states.input.a %}" }),
      { a: 1 },
      1,
    ],
    [
      "the parts of a Parallel in their order",
      one({
        Type: "Parallel",
        Branches: [
          { StartAt: "X", States: { X: { Type: "Wait", Seconds: 9, End: true } } },
          { StartAt: "Y", States: { Y: { Type: "Pass", Result: 2, End: true } } },
        ],
        ResultPath: "$.p",
      }),
      { a: 1 },
      { a: 1, p: [{ a: 1 }, 2] },
    ],
    [
      "items with ItemSelector and the context",
      one({
        Type: "Map",
        ItemsPath: "$.l",
        ItemSelector: { "v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "all.$": "$.k" },
        ItemProcessor: { StartAt: "I", States: { I: { Type: "Pass", End: true } } },
      }),
      { l: [5, 6], k: 1 },
      [
        { v: 5, i: 0, all: 1 },
        { v: 6, i: 1, all: 1 },
      ],
    ],
    [
      "Iterator and Parameters, as a Map had them before",
      one({
        Type: "Map",
        Parameters: { "v.$": "$$.Map.Item.Value" },
        Iterator: { StartAt: "I", States: { I: { Type: "Pass", End: true } } },
      }),
      [1],
      [{ v: 1 }],
    ],
    [
      "Items in JSONata",
      jsonata({
        Type: "Map",
        Items: "{% [1..3] %}",
        ItemProcessor: { StartAt: "I", States: { I: { Type: "Pass", Output: "{% $states.input * 2 %}", End: true } } },
      }),
      {},
      [2, 4, 6],
    ],
    [
      "variables of the outside in a branch",
      {
        QueryLanguage: "JSONata",
        StartAt: "V",
        States: {
          V: { Type: "Pass", Assign: { x: 1 }, Next: "P" },
          P: {
            Type: "Parallel",
            Branches: [{ StartAt: "X", States: { X: { Type: "Pass", Output: "{% $x %}", End: true } } }],
            End: true,
          },
        },
      },
      {},
      [1],
    ],
  ])("has %s", async (_what, definition, input, output) => {
    expect(await outcomeOf(definition, input)).toEqual(output);
  });
});

describe("a failure", () => {
  const caught = (errors: readonly string[]) => two({ ...FUNCTION, Catch: [{ ErrorEquals: errors, Next: "B" }] });

  it.each<[string, string, boolean]>([
    ["E", "E", true],
    ["E", "F", false],
    ["States.ALL", "E", true],
    ["States.TaskFailed", "E", true],
    ["States.TaskFailed", "States.Timeout", false],
    ["States.Timeout", "States.HeartbeatTimeout", true],
    ["States.ALL", "States.Timeout", true],
    ["States.ALL", "States.Runtime", false],
    ["States.Runtime", "States.Runtime", false],
    ["States.ALL", "States.DataLimitExceeded", true],
  ])("%s catches %s: %j", async (pattern, error, catches) => {
    const outcome = await outcomeOf(caught([pattern]), {}, { task: fails(error) });

    expect(outcome).toEqual(catches ? { Error: error, Cause: "why" } : { status: "FAILED", error, cause: "why" });
  });

  it("of a timeout has no cause, and is caught with an empty one", async () => {
    const world: World = { task: () => new Promise(() => {}) };
    const state = { ...FUNCTION, TimeoutSeconds: 3 };

    expect(await outcomeOf(one(state), {}, world)).toEqual({ status: "FAILED", error: "States.Timeout" });
    expect(
      await outcomeOf(two({ ...state, Catch: [{ ErrorEquals: ["States.Timeout"], Next: "B" }] }), {}, world),
    ).toEqual({ Error: "States.Timeout", Cause: "" });
  });

  it("goes into the input at a catcher's ResultPath, and into variables", async () => {
    const definition = {
      StartAt: "A",
      States: {
        A: {
          ...FUNCTION,
          Catch: [{ ErrorEquals: ["E"], ResultPath: "$.e", Assign: { "c.$": "$.Cause" }, Next: "B" }],
          End: true,
        },
        B: { Type: "Pass", Parameters: { "c.$": "$c", "e.$": "$.e.Error", "a.$": "$.a" }, End: true },
      },
    };

    expect(await outcomeOf(definition, { a: 1 }, { task: fails("E") })).toEqual({ c: "why", e: "E", a: 1 });
  });

  it("is $states.errorOutput in JSONata", async () => {
    const definition = two(
      { ...FUNCTION, Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput.Error %}", Next: "B" }] },
      { QueryLanguage: "JSONata" },
    );

    expect(await outcomeOf(definition, {}, { task: fails("E") })).toBe("E");
  });

  it.each<[string, JsonObject, string, string]>([
    [
      "a Choice that leads nowhere",
      choiceWithoutDefault(),
      "States.Runtime",
      "Failed to transition out of the state. The state does not point to a next state.",
    ],
    [
      "a path to nothing as InputPath",
      one({ Type: "Pass", InputPath: "$.x" }),
      "States.Runtime",
      "Invalid path '$.x' : No results for path: $['x']",
    ],
    [
      "items that are no array",
      one({ Type: "Map", ItemsPath: "$.a", ItemProcessor: { StartAt: "I", States: { I: { Type: "Succeed" } } } }),
      "States.Runtime",
      'Reference path "$.a" must point to array.',
    ],
    [
      "items in JSONata that are no array",
      jsonata({ Type: "Map", Items: "{% 1 %}", ItemProcessor: { StartAt: "I", States: { I: { Type: "Succeed" } } } }),
      "States.QueryEvaluationError",
      "Map state input must be an array but was: 1",
    ],
    [
      "a moment that is none",
      one({ Type: "Wait", TimestampPath: "$.a" }),
      "States.Runtime",
      "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.a == 1",
    ],
  ])("is %s", async (_what, definition, error, cause) => {
    expect(await outcomeOf(definition, { a: 1 })).toEqual({
      status: "FAILED",
      error,
      cause: `An error occurred while executing the state 'A' (entered at the event id #2). ${cause}`,
    });
  });

  it("of data nested deeper than 1,000 levels ends the execution at once", async () => {
    const deep = JSON.parse(`${"[".repeat(2_000)}${"]".repeat(2_000)}`);

    const { execution } = await run(one({ Type: "Pass" }), deep);

    expect(execution.outcome).toMatchObject({ status: "FAILED", error: "States.Runtime" });
    expect(linesOf(execution.events)).toEqual(["1<0 ExecutionStarted", "2<0 ExecutionFailed States.Runtime"]);
  });
});

function choiceWithoutDefault(): JsonObject {
  return {
    StartAt: "A",
    States: {
      A: { Type: "Choice", Choices: [{ Variable: "$.a", NumericEquals: 2, Next: "B" }] },
      B: { Type: "Succeed" },
    },
  };
}

describe("a retrier", () => {
  it.each<[string, JsonObject, readonly number[]]>([
    ["doubles its interval", {}, [1, 3, 7]],
    ["begins with its interval", { IntervalSeconds: 3_600, BackoffRate: 1 }, [3_600, 7_200, 10_800]],
    ["waits at most so long", { IntervalSeconds: 10, BackoffRate: 10, MaxDelaySeconds: 20 }, [10, 30, 50]],
    ["waits a part of it with jitter", { IntervalSeconds: 10, BackoffRate: 1, JitterStrategy: "FULL" }, [5, 10, 15]],
  ])("%s", async (_what, retrier, expected) => {
    const times: number[] = [];
    const definition = one({ ...FUNCTION, Retry: [{ ErrorEquals: ["E"], ...retrier }] });
    const trial = start(
      definition,
      {},
      {
        task: () => {
          times.push(trial.clock.elapsed);
          throw new TaskError("E", "why");
        },
      },
    );
    await trial.execution.done;

    expect(times).toEqual([0, ...expected]);
    expect(trial.execution.outcome).toMatchObject({ status: "FAILED", error: "E" });
  });

  it("counts its own attempts, whatever other retriers did", async () => {
    const errors = ["E", "F", "E", "F", "F"];
    const definition = one({
      ...FUNCTION,
      Retry: [
        { ErrorEquals: ["E"], MaxAttempts: 2 },
        { ErrorEquals: ["F"], MaxAttempts: 2 },
      ],
    });
    let calls = 0;
    await outcomeOf(
      definition,
      {},
      {
        task: () => {
          throw new TaskError(errors[calls++] ?? "E", "why");
        },
      },
    );

    expect(calls).toBe(5);
  });
});

describe("time", () => {
  it.each<[string, JsonObject, number]>([
    ["seconds", { Seconds: 7_200 }, 7_200],
    ["seconds at a path", { SecondsPath: "$.s" }, 5],
    ["a moment", { Timestamp: "2030-01-01T01:00:00Z" }, 3_600],
    ["a moment at a path", { TimestampPath: "$.t" }, 60],
    ["a moment that has passed", { Timestamp: "2020-01-01T01:00:00Z" }, 0],
  ])("passes in a Wait for %s", async (_what, fields, seconds) => {
    const { clock } = await run(one({ Type: "Wait", ...fields }), { s: 5, t: "2030-01-01T00:01:00Z" });

    expect(clock.elapsed).toBe(seconds);
  });

  it("ends a machine with a timeout", async () => {
    const { execution, clock } = await run({ ...one({ Type: "Wait", Seconds: 100 }), TimeoutSeconds: 10 });

    expect(execution.outcome).toEqual({ status: "TIMED_OUT" });
    expect(clock.elapsed).toBe(10);
    expect(linesOf(execution.events).at(-1)).toBe("3<0 ExecutionTimedOut States.Timeout");
  });

  it("stops with the execution", async () => {
    const { execution } = start(one({ Type: "Wait", Seconds: 100 }));
    await execution.stop("Asked", "by a person");

    expect(execution.outcome).toEqual({ status: "ABORTED", error: "Asked", cause: "by a person" });
    expect(linesOf(execution.events)).toEqual([
      "1<0 ExecutionStarted",
      "2<0 WaitStateEntered A",
      "3<0 ExecutionAborted Asked",
    ]);
  });
});

describe("a redrive", () => {
  it("goes on with the state that failed, and its input", async () => {
    let calls = 0;
    const definition = two({ Type: "Pass", Result: 7 });
    const states = { ...definition, States: { ...Object(definition.States), B: { ...FUNCTION, End: true } } };
    const { execution } = await run(
      states,
      {},
      {
        task: ({ input }) => {
          if (++calls === 1) throw new TaskError("E", "why");
          return input;
        },
      },
    );
    const before = execution.events.length;
    execution.redrive();
    await execution.done;

    expect(execution.outcome).toEqual({ status: "SUCCEEDED", output: "7" });
    expect(execution.redriveCount).toBe(1);
    expect(linesOf(execution.events.slice(before)).map((line) => line.split(" ")[1])).toEqual([
      "ExecutionRedriven",
      "LambdaFunctionScheduled",
      "LambdaFunctionStarted",
      "LambdaFunctionSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
  });

  it("runs only those branches again that did not end well", async () => {
    const calls: Json[] = [];
    const branch = (name: string) => ({
      StartAt: name,
      States: { [name]: { ...FUNCTION, Parameters: name, End: true } },
    });
    const { execution } = await run(
      one({ Type: "Parallel", Branches: [branch("x"), branch("y")] }),
      {},
      {
        task: ({ input }) => {
          calls.push(input);
          if (input === "y" && calls.length === 2) throw new TaskError("E", "why");
          return input;
        },
      },
    );
    execution.redrive();
    await execution.done;

    expect(execution.outcome).toEqual({ status: "SUCCEEDED", output: '["x","y"]' });
    expect(calls).toEqual(["x", "y", "y"]);
  });

  it("goes on after a stop", async () => {
    const { execution } = start(one({ Type: "Wait", Seconds: 100 }), 1);
    await execution.stop();
    execution.redrive();
    await execution.done;

    expect(execution.outcome).toEqual({ status: "SUCCEEDED", output: "1" });
  });
});
