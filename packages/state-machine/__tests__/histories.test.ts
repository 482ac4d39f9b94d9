import type { Json, JsonObject, TaskCall } from "../index";
import { TaskError } from "../index";
import { type Answer, linesOf, outcomeOf, run, type World } from "./support/run-machine";

const TASK = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: "f", "Payload.$": "$" },
};
const FUNCTION = { Type: "Task", Resource: "arn:aws:lambda:eu-central-1:111111111111:function:f" };
const one = (state: JsonObject): JsonObject => ({ StartAt: "A", States: { A: { ...state, End: true } } });
const inline = (state: JsonObject) => ({ StartAt: "I", States: { I: { ...state } } });
const fails =
  (error: string): Answer =>
  () => {
    throw new TaskError(error, "why");
  };
const failsUntil =
  (attempt: number): Answer =>
  (_call, n) => {
    if (n < attempt) throw new TaskError("E", "why");
    return n;
  };

/** Whether a task was called for the item 1. */
const isFirst = ({ input }: TaskCall) => JSON.stringify(input).endsWith(":1}");

/** By what it shows: a definition, its input, its world, and the history the documentation leads to. */
const GALLERY: Readonly<
  Record<string, { definition: JsonObject; input?: Json; world?: World; history: readonly string[] }>
> = {
  "a Pass": {
    definition: one({ Type: "Pass" }),
    history: ["1<0 ExecutionStarted", "2<0 PassStateEntered A", "3<2 PassStateExited A", "4<3 ExecutionSucceeded"],
  },
  "a Choice and a Succeed": {
    definition: {
      StartAt: "C",
      States: {
        C: { Type: "Choice", Choices: [{ Variable: "$.n", NumericGreaterThan: 1, Next: "S" }], Default: "F" },
        S: { Type: "Succeed" },
        F: { Type: "Fail" },
      },
    },
    input: { n: 2 },
    history: [
      ...["1<0 ExecutionStarted", "2<0 ChoiceStateEntered C", "3<2 ChoiceStateExited C"],
      ...["4<3 SucceedStateEntered S", "5<4 SucceedStateExited S", "6<5 ExecutionSucceeded"],
    ],
  },
  "a Fail": {
    definition: { StartAt: "F", States: { F: { Type: "Fail", Error: "E", Cause: "c" } } },
    history: ["1<0 ExecutionStarted", "2<0 FailStateEntered F", "3<2 ExecutionFailed E"],
  },
  "a task that is retried and caught": {
    definition: {
      StartAt: "A",
      States: {
        A: {
          ...TASK,
          Retry: [{ ErrorEquals: ["E"], MaxAttempts: 1 }],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "B" }],
          Next: "B",
        },
        B: { Type: "Pass", End: true },
      },
    },
    world: { task: fails("E") },
    history: [
      ...["1<0 ExecutionStarted", "2<0 TaskStateEntered A"],
      ...["3<2 TaskScheduled", "4<3 TaskStarted", "5<4 TaskFailed E"],
      ...["6<5 TaskScheduled", "7<6 TaskStarted", "8<7 TaskFailed E", "9<8 TaskStateExited A"],
      ...["10<9 PassStateEntered B", "11<10 PassStateExited B", "12<11 ExecutionSucceeded"],
    ],
  },
  "a function by its ARN": {
    definition: one(FUNCTION),
    history: [
      ...["1<0 ExecutionStarted", "2<0 TaskStateEntered A", "3<2 LambdaFunctionScheduled", "4<3 LambdaFunctionStarted"],
      ...["5<4 LambdaFunctionSucceeded", "6<5 TaskStateExited A", "7<6 ExecutionSucceeded"],
    ],
  },
  "a function that fails": {
    definition: one(FUNCTION),
    world: { task: fails("E") },
    history: [
      ...["1<0 ExecutionStarted", "2<0 TaskStateEntered A", "3<2 LambdaFunctionScheduled", "4<3 LambdaFunctionStarted"],
      ...["5<4 LambdaFunctionFailed E", "6<5 ExecutionFailed E"],
    ],
  },
  "a Parallel": {
    definition: one({
      Type: "Parallel",
      Branches: [
        { StartAt: "X", States: { X: { Type: "Wait", Seconds: 2, End: true } } },
        { StartAt: "Y", States: { Y: { Type: "Wait", Seconds: 1, End: true } } },
      ],
    }),
    history: [
      ...["1<0 ExecutionStarted", "2<0 ParallelStateEntered A", "3<2 ParallelStateStarted"],
      ...["4<3 WaitStateEntered X", "5<3 WaitStateEntered Y", "6<5 WaitStateExited Y", "7<4 WaitStateExited X"],
      ...["8<7 ParallelStateSucceeded", "9<7 ParallelStateExited A", "10<9 ExecutionSucceeded"],
    ],
  },
  "a Parallel with a branch that fails": {
    definition: one({
      Type: "Parallel",
      Branches: [
        { StartAt: "X", States: { X: { Type: "Wait", Seconds: 2, End: true } } },
        { StartAt: "Y", States: { Y: { Type: "Fail", Error: "E" } } },
      ],
    }),
    history: [
      ...["1<0 ExecutionStarted", "2<0 ParallelStateEntered A", "3<2 ParallelStateStarted"],
      ...["4<3 WaitStateEntered X", "5<3 FailStateEntered Y", "6<5 WaitStateAborted"],
      ...["7<5 ParallelStateFailed", "8<7 ExecutionFailed E"],
    ],
  },
  "a Parallel with a branch that ends the execution": {
    definition: one({
      Type: "Parallel",
      Branches: [
        { StartAt: "X", States: { X: { Type: "Wait", Seconds: 2, End: true } } },
        { StartAt: "Y", States: { Y: { Type: "Pass", Parameters: { "a.$": "$.b" }, End: true } } },
      ],
    }),
    history: [
      ...["1<0 ExecutionStarted", "2<0 ParallelStateEntered A", "3<2 ParallelStateStarted"],
      ...["4<3 WaitStateEntered X", "5<3 PassStateEntered Y", "6<5 ExecutionFailed States.Runtime"],
    ],
  },
  "a Parallel with a task that fails and is caught outside": {
    definition: {
      StartAt: "A",
      States: {
        A: {
          Type: "Parallel",
          Branches: [inline({ ...TASK, End: true })],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "B" }],
          Next: "B",
        },
        B: { Type: "Succeed" },
      },
    },
    world: { task: fails("E") },
    history: [
      ...["1<0 ExecutionStarted", "2<0 ParallelStateEntered A", "3<2 ParallelStateStarted", "4<3 TaskStateEntered I"],
      ...[
        "5<4 TaskScheduled",
        "6<5 TaskStarted",
        "7<6 TaskFailed E",
        "8<7 TaskStateAborted",
        "9<7 ParallelStateFailed",
      ],
      ...["10<9 ParallelStateExited A", "11<10 SucceedStateEntered B", "12<11 SucceedStateExited B"],
      "13<12 ExecutionSucceeded",
    ],
  },
  "a Parallel whose own selection fails": {
    definition: one({
      Type: "Parallel",
      Branches: [inline({ Type: "Pass", End: true })],
      ResultSelector: { "a.$": "$.b" },
    }),
    history: [
      ...["1<0 ExecutionStarted", "2<0 ParallelStateEntered A", "3<2 ParallelStateStarted", "4<3 PassStateEntered I"],
      ...["5<4 PassStateExited I", "6<5 ParallelStateSucceeded", "7<6 ExecutionFailed States.Runtime"],
    ],
  },
  "a Parallel with a catcher that fails": {
    definition: {
      QueryLanguage: "JSONata",
      StartAt: "A",
      States: {
        A: {
          Type: "Parallel",
          Branches: [inline({ Type: "Fail", Error: "E" })],
          Catch: [{ ErrorEquals: ["E"], Output: "{% $nothing %}", Next: "B" }],
          Next: "B",
        },
        B: { Type: "Succeed" },
      },
    },
    history: [
      ...["1<0 ExecutionStarted", "2<0 ParallelStateEntered A", "3<2 ParallelStateStarted", "4<3 FailStateEntered I"],
      ...["5<4 ParallelStateFailed", "6<4 EvaluationFailed States.QueryEvaluationError"],
      ...["7<6 ParallelStateFailed", "8<7 ExecutionFailed States.QueryEvaluationError"],
    ],
  },
  "an execution that takes too long": {
    definition: { TimeoutSeconds: 1, ...one({ Type: "Wait", Seconds: 2 }) },
    history: ["1<0 ExecutionStarted", "2<0 WaitStateEntered A", "3<0 ExecutionTimedOut States.Timeout"],
  },
  "an inline Map": {
    definition: one({ Type: "Map", ItemProcessor: inline({ Type: "Pass", End: true }) }),
    input: [1],
    history: [
      ...["1<0 ExecutionStarted", "2<0 MapStateEntered A", "3<2 MapStateStarted 1", "4<3 MapIterationStarted A 0"],
      ...["5<4 PassStateEntered I", "6<5 PassStateExited I", "7<6 MapIterationSucceeded A 0"],
      ...["8<7 MapStateSucceeded", "9<7 MapStateExited A", "10<9 ExecutionSucceeded"],
    ],
  },
  "an inline Map of nothing": {
    definition: one({ Type: "Map", ItemProcessor: inline({ Type: "Pass", End: true }) }),
    input: [],
    history: [
      ...["1<0 ExecutionStarted", "2<0 MapStateEntered A", "3<2 MapStateStarted 0"],
      ...["4<3 MapStateSucceeded", "5<3 MapStateExited A", "6<5 ExecutionSucceeded"],
    ],
  },
  "an inline Map with an item that fails": {
    definition: one({
      Type: "Map",
      MaxConcurrency: 1,
      ItemProcessor: inline({ Type: "Fail", Error: "E" }),
    }),
    input: [1, 2],
    history: [
      ...["1<0 ExecutionStarted", "2<0 MapStateEntered A", "3<2 MapStateStarted 2", "4<3 MapIterationStarted A 0"],
      ...["5<4 FailStateEntered I", "6<5 MapIterationFailed A 0", "7<5 MapStateFailed", "8<7 ExecutionFailed E"],
    ],
  },
  "an inline Map, one item after the other": {
    definition: one({ Type: "Map", MaxConcurrency: 1, ItemProcessor: inline({ Type: "Pass", End: true }) }),
    input: [1, 2],
    history: [
      ...["1<0 ExecutionStarted", "2<0 MapStateEntered A", "3<2 MapStateStarted 2", "4<3 MapIterationStarted A 0"],
      ...["5<4 PassStateEntered I", "6<5 PassStateExited I", "7<6 MapIterationSucceeded A 0"],
      ...["8<6 MapIterationStarted A 1", "9<8 PassStateEntered I", "10<9 PassStateExited I"],
      ...["11<10 MapIterationSucceeded A 1", "12<11 MapStateSucceeded", "13<11 MapStateExited A"],
      "14<13 ExecutionSucceeded",
    ],
  },
  "an inline Map whose items begin together and end with the first that fails": {
    definition: one({ Type: "Map", ItemProcessor: inline({ ...TASK, TimeoutSeconds: 5, End: true }) }),
    input: [1, 2],
    world: { task: (call) => (isFirst(call) ? fails("E")(call, 1) : new Promise(() => {})) },
    history: [
      ...["1<0 ExecutionStarted", "2<0 MapStateEntered A", "3<2 MapStateStarted 2"],
      ...["4<3 MapIterationStarted A 0", "5<3 MapIterationStarted A 1"],
      ...["6<4 TaskStateEntered I", "7<5 TaskStateEntered I"],
      ...["8<6 TaskScheduled", "9<8 TaskStarted", "10<7 TaskScheduled", "11<10 TaskStarted"],
      ...["12<9 TaskFailed E", "13<12 MapIterationFailed A 0", "14<12 TaskStateAborted"],
      ...["15<12 MapIterationAborted A 1", "16<12 TaskStateAborted", "17<12 MapStateFailed", "18<17 ExecutionFailed E"],
    ],
  },
  "an inline Map with an item that ends the execution": {
    definition: one({
      Type: "Map",
      MaxConcurrency: 1,
      ItemProcessor: inline({ Type: "Pass", Parameters: { "a.$": "$.b" }, End: true }),
    }),
    input: [1, 2],
    history: [
      ...["1<0 ExecutionStarted", "2<0 MapStateEntered A", "3<2 MapStateStarted 2", "4<3 MapIterationStarted A 0"],
      ...["5<4 PassStateEntered I", "6<5 ExecutionFailed States.Runtime"],
    ],
  },
  "an inline Map with an item whose expression fails": {
    definition: {
      QueryLanguage: "JSONata",
      ...one({ Type: "Map", ItemProcessor: inline({ Type: "Pass", Output: "{% $nothing %}", End: true }) }),
    },
    input: [1],
    history: [
      ...["1<0 ExecutionStarted", "2<0 MapStateEntered A", "3<2 MapStateStarted 1", "4<3 MapIterationStarted A 0"],
      ...["5<4 PassStateEntered I", "6<5 EvaluationFailed States.QueryEvaluationError"],
      ...["7<6 MapIterationFailed A 0", "8<6 MapStateFailed", "9<8 ExecutionFailed States.QueryEvaluationError"],
    ],
  },
  "a Map whose items are none": {
    definition: one({ Type: "Map", ItemsPath: "$.a", ItemProcessor: inline({ Type: "Pass", End: true }) }),
    input: { a: 1 },
    history: ["1<0 ExecutionStarted", "2<0 MapStateEntered A", "3<2 ExecutionFailed States.Runtime"],
  },
  "an inline Map that is retried": {
    definition: one({
      Type: "Map",
      Retry: [{ ErrorEquals: ["E"] }],
      ItemProcessor: inline({ ...FUNCTION, End: true }),
    }),
    input: [1],
    world: { task: failsUntil(2) },
    history: [
      ...["1<0 ExecutionStarted", "2<0 MapStateEntered A", "3<2 MapStateStarted 1", "4<3 MapIterationStarted A 0"],
      ...["5<4 TaskStateEntered I", "6<5 LambdaFunctionScheduled", "7<6 LambdaFunctionStarted"],
      ...[
        "8<7 LambdaFunctionFailed E",
        "9<8 MapIterationFailed A 0",
        "10<8 TaskStateAborted",
        "11<8 MapStateStarted 1",
      ],
      ...["12<11 MapIterationStarted A 0", "13<12 TaskStateEntered I", "14<13 LambdaFunctionScheduled"],
      ...["15<14 LambdaFunctionStarted", "16<15 LambdaFunctionSucceeded", "17<16 TaskStateExited I"],
      ...["18<17 MapIterationSucceeded A 0", "19<18 MapStateSucceeded", "20<18 MapStateExited A"],
      "21<20 ExecutionSucceeded",
    ],
  },
  "an inline Map inside a Parallel that fails": {
    definition: one({
      Type: "Parallel",
      Branches: [
        {
          StartAt: "M",
          States: {
            M: { Type: "Map", ItemProcessor: inline({ Type: "Wait", Seconds: 9, End: true }), End: true },
          },
        },
        {
          StartAt: "W",
          States: { W: { Type: "Wait", Seconds: 1, Next: "F" }, F: { Type: "Fail", Error: "E" } },
        },
      ],
    }),
    input: [1],
    history: [
      ...["1<0 ExecutionStarted", "2<0 ParallelStateEntered A", "3<2 ParallelStateStarted", "4<3 MapStateEntered M"],
      ...["5<3 WaitStateEntered W", "6<4 MapStateStarted 1", "7<6 MapIterationStarted M 0", "8<7 WaitStateEntered I"],
      ...["9<5 WaitStateExited W", "10<9 FailStateEntered F", "11<10 MapStateAborted", "12<10 MapIterationAborted M 0"],
      ...["13<10 WaitStateAborted", "14<10 ParallelStateFailed", "15<14 ExecutionFailed E"],
    ],
  },
  "a distributed Map": {
    definition: one({
      Type: "Map",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        ...inline({ Type: "Pass", End: true }),
      },
    }),
    input: [1, 2],
    history: [
      ...["1<0 ExecutionStarted", "2<0 MapStateEntered A", "3<2 MapStateStarted 2", "4<3 MapRunStarted"],
      ...["5<4 MapRunSucceeded", "6<5 MapStateSucceeded", "7<5 MapStateExited A", "8<7 ExecutionSucceeded"],
    ],
  },
  "a distributed Map with more failures than are tolerated": {
    definition: one({
      Type: "Map",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
        ...inline({ Type: "Fail" }),
      },
    }),
    input: [1],
    history: [
      ...["1<0 ExecutionStarted", "2<0 MapStateEntered A", "3<2 MapStateStarted 1", "4<3 MapRunStarted"],
      "5<4 MapRunFailed States.ExceedToleratedFailureThreshold",
      ...["6<5 MapStateFailed", "7<6 ExecutionFailed States.ExceedToleratedFailureThreshold"],
    ],
  },
  "an expression that fails": {
    definition: { QueryLanguage: "JSONata", ...one({ Type: "Pass", Output: "{% $nothing %}" }) },
    history: [
      ...["1<0 ExecutionStarted", "2<0 PassStateEntered A"],
      ...["3<2 EvaluationFailed States.QueryEvaluationError", "4<3 ExecutionFailed States.QueryEvaluationError"],
    ],
  },
  "an output of more than 256 KiB": {
    definition: one({ Type: "Pass", Parameters: { "a.$": "$", "b.$": "$" } }),
    input: "x".repeat(200_000),
    history: ["1<0 ExecutionStarted", "2<0 PassStateEntered A", "3<2 ExecutionFailed States.DataLimitExceeded"],
  },
};

describe("a history", () => {
  it.each(Object.keys(GALLERY))("tells of %s", async (name) => {
    const { definition = {}, input = {}, world = {}, history } = GALLERY[name] ?? {};

    const { execution } = await run(definition, input, world);

    expect(linesOf(execution.events)).toEqual(history);
  });

  it("ends after 25,000 events", async () => {
    const definition = {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Next: "B" },
        B: { Type: "Choice", Choices: [{ Variable: "$.end", IsPresent: true, Next: "C" }], Default: "A" },
        C: { Type: "Succeed" },
      },
    };

    const { execution } = await run(definition);

    expect(execution.events).toHaveLength(25_000);
    expect(execution.outcome).toEqual({
      status: "FAILED",
      error: "States.Runtime",
      cause: "The execution reached the maximum number of history events (25000).",
    });
  });

  it("carries data with what says that none is cut off, and assigned variables as JSON texts", async () => {
    const { execution } = await run(one({ Type: "Pass", Assign: { "x.$": "$.a", y: [1] } }), { a: "b" });
    const [started, entered, exited, succeeded] = execution.events;

    expect(started?.executionStartedEventDetails).toEqual({
      input: '{"a":"b"}',
      inputDetails: { truncated: false },
      roleArn: "arn:aws:iam::111111111111:role/r",
    });
    expect(entered?.stateEnteredEventDetails).toEqual({
      name: "A",
      input: '{"a":"b"}',
      inputDetails: { truncated: false },
    });
    expect(exited?.stateExitedEventDetails).toEqual({
      name: "A",
      output: '{"a":"b"}',
      outputDetails: { truncated: false },
      assignedVariables: { x: '"b"', y: "[1]" },
      assignedVariablesDetails: { truncated: false },
    });
    expect(succeeded?.executionSucceededEventDetails).toEqual({
      output: '{"a":"b"}',
      outputDetails: { truncated: false },
    });
  });

  it("gives the input as it came to the first state, and as compact JSON to the others", async () => {
    const { execution } = await run(one({ Type: "Pass" }), [1], {}, "[ 1 ]");
    const [started, entered, exited] = execution.events;

    expect(started?.executionStartedEventDetails?.input).toBe("[ 1 ]");
    expect(entered?.stateEnteredEventDetails?.input).toBe("[ 1 ]");
    expect(exited?.stateExitedEventDetails?.output).toBe("[1]");
  });

  it.each([
    ["the integration", TASK, "lambda"],
    ["a function", FUNCTION, "arn:aws:lambda:eu-central-1:111111111111:function:f"],
  ])("names %s whose result is too large", async (_what, state, called) => {
    const { execution } = await run(one(state), {}, { task: () => "x".repeat(300_000) });

    expect(execution.outcome).toMatchObject({
      error: "States.DataLimitExceeded",
      cause: `The state/task '${called}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    });
  });

  it("says in a cause which state failed, and since which event", async () => {
    expect(await outcomeOf(one({ Type: "Pass", Parameters: { "a.$": "$.b" } }))).toEqual({
      status: "FAILED",
      error: "States.Runtime",
      cause:
        "An error occurred while executing the state 'A' (entered at the event id #2). " +
        "The JSONPath '$.b' specified for the field 'a.$' could not be found in the input '{}'",
    });
  });
});
