import type { HistoryEvent } from "../../state-machine";
import { runTypeScript } from "./support/local-project";

interface Walk {
  readonly status: string;
  readonly error?: string;
  readonly cause?: string;
  readonly calls: number;
  readonly events: readonly HistoryEvent[];
  readonly log: readonly string[];
}

const ATTEMPT = ["TaskScheduled", "TaskStarted"];
const FAILED_ATTEMPT = [...ATTEMPT, "TaskFailed"];
const CAUGHT = ["TaskStateExited", "FailStateEntered", "ExecutionFailed"];
const TOO_LARGE =
  "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.";
const SUCCEEDED = [
  ...ATTEMPT,
  ...["TaskSucceeded", "TaskStateExited", "ChoiceStateEntered", "ChoiceStateExited"],
  ...["SucceedStateEntered", "SucceedStateExited", "ExecutionSucceeded"],
];
const times = (count: number, events: readonly string[]) => Array.from({ length: count }, () => events).flat();

describe("the pipeline's state machine", () => {
  let paths: Readonly<Record<string, Walk>> = {};
  let starting: Readonly<Record<string, string>> = {};

  beforeAll(async () => {
    ({ paths, starting } = JSON.parse(
      await runTypeScript("packages/local-aws/__tests__/support/machine-trials.ts", []),
    ));
  }, 120_000);

  it.each([
    ["success", 1, SUCCEEDED],
    ["storage unavailable, then fine", 3, [...times(2, FAILED_ATTEMPT), ...SUCCEEDED]],
    ["crashed, then fine", 2, [...FAILED_ATTEMPT, ...SUCCEEDED]],
    ["throttled, then fine", 2, [...FAILED_ATTEMPT, ...SUCCEEDED]],
    ["service fault, then fine", 2, [...FAILED_ATTEMPT, ...SUCCEEDED]],
  ])("succeeds on the path: %s", (name, calls, events) => {
    const path = paths[name];

    expect(path).toMatchObject({ status: "SUCCEEDED", calls });
    expect(path?.events.map(({ type }) => type)).toEqual(["ExecutionStarted", "TaskStateEntered", ...events]);
  });

  it.each([
    [
      "a defect",
      1,
      "TypeError",
      '{"errorType":"TypeError","errorMessage":"why"}',
      [...FAILED_ATTEMPT, "ExecutionFailed"],
    ],
    ["function timed out", 1, "Sandbox.Timedout", expect.any(String), [...FAILED_ATTEMPT, "ExecutionFailed"]],
    [
      "service faults used up",
      7,
      "StorageUnavailable",
      expect.any(String),
      [...times(7, FAILED_ATTEMPT), "ExecutionFailed"],
    ],
    ["crashes used up", 3, "Runtime.ExitError", expect.any(String), [...times(3, FAILED_ATTEMPT), "ExecutionFailed"]],
    [
      "no permission",
      0,
      "Lambda.AWSLambdaException",
      expect.stringContaining("not authorized to perform: lambda:InvokeFunction"),
      [...times(7, FAILED_ATTEMPT), "ExecutionFailed"],
    ],
    [
      "permanent failure",
      1,
      "NotAnImage",
      "expected a picture",
      [
        ...ATTEMPT,
        "TaskSucceeded",
        "TaskStateExited",
        "ChoiceStateEntered",
        "ChoiceStateExited",
        "FailStateEntered",
        "ExecutionFailed",
      ],
    ],
    [
      "an answer of no shape",
      1,
      "States.Runtime",
      expect.any(String),
      [...ATTEMPT, "TaskSucceeded", "TaskStateExited", "ChoiceStateEntered", "ExecutionFailed"],
    ],
    ["too much data", 1, "States.DataLimitExceeded", TOO_LARGE, [...FAILED_ATTEMPT, "ExecutionFailed"]],
    [
      "too much data, though everything is retried",
      2,
      "States.DataLimitExceeded",
      TOO_LARGE,
      [...times(2, FAILED_ATTEMPT), "ExecutionFailed"],
    ],
    ["too much data, and a catcher", 1, "States.DataLimitExceeded", TOO_LARGE, [...FAILED_ATTEMPT, ...CAUGHT]],
  ])("fails on the path: %s", (name, calls, error, cause, events) => {
    const path = paths[name];

    expect(path).toMatchObject({ status: "FAILED", calls, error, cause });
    expect(path?.events.map(({ type }) => type)).toEqual(["ExecutionStarted", "TaskStateEntered", ...events]);
  });

  it.each([
    ["machine timed out", "TIMED_OUT", 1, [...ATTEMPT, "ExecutionTimedOut"]],
    ["stopped before the task", "ABORTED", 0, ["ExecutionAborted"]],
    ["stopped during the task", "ABORTED", 1, [...ATTEMPT, "ExecutionAborted"]],
    ["stopped before a retry", "ABORTED", 1, [...FAILED_ATTEMPT, "ExecutionAborted"]],
    ["machine timed out before a retry", "TIMED_OUT", 1, [...FAILED_ATTEMPT, "ExecutionTimedOut"]],
  ])("ends for good when %s", (name, status, calls, events) => {
    expect(paths[name]).toMatchObject({ status, calls });
    expect(paths[name]?.events.map(({ type }) => type)).toEqual(["ExecutionStarted", "TaskStateEntered", ...events]);
  });

  it("gives no cause when a task took too long, which is no States.TaskFailed", () => {
    const { status, error, cause, events = [] } = paths["task timed out, and no catcher"] ?? {};

    expect({ status, error, cause }).toEqual({ status: "FAILED", error: "States.Timeout" });
    expect(events.map(({ type }) => type).slice(2)).toEqual([...ATTEMPT, "TaskTimedOut", "ExecutionFailed"]);
  });

  it("numbers its history from 1, each event after the one before", () => {
    const { events = [] } = paths.success ?? {};

    expect(events.map(({ id }) => id)).toEqual(events.map((_event, index) => index + 1));
    expect(events.map(({ previousEventId }) => previousEventId)).toEqual([0, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("gives each event its details under Amazon's names", () => {
    const { events = [] } = paths.success ?? {};

    expect(events[1]).toMatchObject({ stateEnteredEventDetails: { name: "ResizeImage", input: '{"key":"cat.jpg"}' } });
    expect(events[2]).toMatchObject({
      taskScheduledEventDetails: {
        resourceType: "lambda",
        resource: "invoke",
        region: "eu-central-1",
        timeoutInSeconds: 45,
      },
    });
    expect(events[5]).toMatchObject({ stateExitedEventDetails: { name: "ResizeImage" } });
    expect(events.at(-1)).toHaveProperty("executionSucceededEventDetails.output");
  });

  it("tells a person what happened, one line a step", () => {
    expect(paths["crashed, then fine"]?.log).toEqual([
      'name  started with {"key":"cat.jpg"}',
      "name  state ResizeImage",
      "name  the task failed: Runtime.ExitError: why",
      expect.stringContaining("name  the function answered "),
      "name  state WasResizeSuccessful",
      "name  state SuccessState",
      "name  SUCCEEDED",
    ]);
  });

  it.each([
    ["the same name and input while it runs", "again", expect.stringMatching(/:execution:machine:one$/)],
    ["a name of 80 characters", "80 characters", expect.stringContaining(":execution:machine:x")],
    ["262,144 bytes of input", "largest input", expect.stringContaining(":execution:machine:large")],
  ])("starts with %s", (_what, name, arn) => {
    expect(starting[name]).toEqual(arn);
  });

  it.each([
    ["a name in use with another input", "another input", "ExecutionAlreadyExists"],
    ["a name of an execution that is over", "after the end", "ExecutionAlreadyExists"],
    ["a name with a space", "a space", "InvalidName"],
    ["a name with a slash", "a slash", "InvalidName"],
    ["a name of 81 characters", "81 characters", "InvalidName"],
    ["one byte more", "too large", "InvalidExecutionInput"],
    ["no JSON", "no JSON", "InvalidExecutionInput"],
    ["no input at all", "empty", "InvalidExecutionInput"],
  ])("does not start with %s", (_what, name, code) => {
    expect(starting[name]).toBe(code);
  });
});
