import validate = require("asl-validator");

import { TRANSITIONS_OF_A_PICTURE } from "@image-pipeline/price-list";
import { stateMachineDefinition } from "../../stacks/state-machine-definition";

const definition = stateMachineDefinition({
  functionArn: "arn:aws:lambda:eu-west-1:1:function:f",
  functionTimeoutSeconds: 30,
});
const { ResizeImage, WasResizeSuccessful, FailState } = definition.States;

describe("stateMachineDefinition", () => {
  it("is valid Amazon States Language", () => {
    expect(validate(JSON.parse(JSON.stringify(definition)))).toMatchObject({ isValid: true, errors: [] });
  });

  it("has the four states of the contract", () => {
    expect(Object.entries(definition.States).map(([name, { Type }]) => `${name}: ${Type}`)).toEqual([
      "ResizeImage: Task",
      "WasResizeSuccessful: Choice",
      "SuccessState: Succeed",
      "FailState: Fail",
    ]);
  });

  it("gives the function whatever it was started with, null too, which has nothing that a path could be applied to", () => {
    expect(ResizeImage.Parameters["Payload.$"]).toBe("$$.Execution.Input");
  });

  it("succeeds only when the function says SUCCESS", () => {
    expect(WasResizeSuccessful).toMatchObject({
      Choices: [{ Variable: "$.status", StringEquals: "SUCCESS", Next: "SuccessState" }],
      Default: "FailState",
    });
  });

  it("gives the function more time than its own timeout, so that the function's error is the one that is seen", () => {
    expect(ResizeImage.TimeoutSeconds).toBe(45);
  });

  it("lasts at least as long as all its attempts and waits", () => {
    const waits = ResizeImage.Retry.reduce(
      (sum, { MaxAttempts, MaxDelaySeconds }) => sum + MaxAttempts * MaxDelaySeconds,
      0,
    );
    const attempts = 1 + ResizeImage.Retry.reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0);
    expect(definition.TimeoutSeconds).toBeGreaterThanOrEqual(attempts * ResizeImage.TimeoutSeconds + waits);
  });

  it("retries only what is transient", () => {
    expect(ResizeImage.Retry.flatMap(({ ErrorEquals }) => [...ErrorEquals]).sort()).toEqual([
      "Lambda.AWSLambdaException",
      "Lambda.ClientExecutionTimeoutException",
      "Lambda.ResourceConflictException",
      "Lambda.ResourceNotReadyException",
      "Lambda.SdkClientException",
      "Lambda.ServiceException",
      "Lambda.TooManyRequestsException",
      "Lambda.Unknown",
      "Runtime.ExitError",
      "SourceKeepsChanging",
      "StorageUnavailable",
    ]);
  });

  it.each(ResizeImage.Retry)("waits longer each time, up to a limit, with jitter, for $ErrorEquals.0", (retry) => {
    expect(retry.BackoffRate).toBeGreaterThan(1);
    expect(retry.MaxDelaySeconds).toBeGreaterThan(retry.IntervalSeconds);
    expect(retry.JitterStrategy).toBe("FULL");
  });

  it("waits for a day when there is no room, without filling the history of 25,000 events", () => {
    const throttled = ResizeImage.Retry.find(({ ErrorEquals }) =>
      [...ErrorEquals].some((name) => name === "Lambda.TooManyRequestsException"),
    );
    const { MaxAttempts = 0, MaxDelaySeconds = 0 } = throttled ?? {};
    const meanSeconds = (MaxAttempts * MaxDelaySeconds) / 2;
    expect(meanSeconds).toBeGreaterThan(20 * 3_600);
    // https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: TaskScheduled, TaskStarted, TaskFailed each.
    expect(MaxAttempts * 3).toBeLessThan(25_000 / 2);
  });

  it("takes as many transitions for a picture as its cost is reckoned with", () => {
    const [success] = WasResizeSuccessful.Choices;
    const path = [definition.StartAt, ResizeImage.Next, success?.Next];
    expect(path).toEqual(["ResizeImage", "WasResizeSuccessful", "SuccessState"]);
    expect(TRANSITIONS_OF_A_PICTURE).toBe(path.length + 1);
  });

  it("fails ResizeImage itself for what retries did not mend, so that a redrive resumes there", () => {
    expect(ResizeImage).not.toHaveProperty("Catch");
  });

  it("ends a refusal in FailState, with its error and cause", () => {
    expect(FailState).toEqual({ Type: "Fail", ErrorPath: "$.Error", CausePath: "$.Cause" });
  });
});
