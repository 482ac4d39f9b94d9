import { MAX_BACKFILL_FUNCTION_SECONDS } from "../../environments/backfill";
import { BACKFILL_LABELS, backfillDefinition } from "../../stacks/backfill-definition";
import type { Retrier } from "../../stacks/resize-states";
import { stateMachineDefinition } from "../../stacks/state-machine-definition";

import validate = require("asl-validator");

const props = {
  functionArn: "arn:aws:lambda:eu-west-1:1:function:f",
  functionTimeoutSeconds: MAX_BACKFILL_FUNCTION_SECONDS,
  originalBucket: "originals",
  resizedBucket: "renditions",
  backfillBucket: "backfills",
  maxConcurrency: 40,
};
const definition = backfillDefinition(props);
const { BackfillBucket, BackfillCsv, BackfillJsonl } = definition.States;
const MAPS = [BackfillBucket, BackfillCsv, BackfillJsonl];
const SUFFIXES = ["", "Csv", "Jsonl"];
const EXPRESS_SECONDS = 300; // https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html

describe("backfillDefinition", () => {
  it("is valid Amazon States Language", () => {
    expect(validate(JSON.parse(JSON.stringify(definition)))).toMatchObject({ isValid: true, errors: [] });
  });

  it.each(MAPS)("runs Express children of $Label, so many at once, and goes on whatever fails", (map) => {
    expect(map).toMatchObject({
      MaxConcurrency: 40,
      ToleratedFailurePercentage: 100,
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" } },
    });
  });

  it("gives each Map a label of its own, which the role's permissions name", () => {
    expect(MAPS.map(({ Label }) => Label)).toEqual(BACKFILL_LABELS);
  });

  it.each(SUFFIXES)(
    "makes of each picture what an upload makes, by the same states, named with '%s' behind",
    (suffix) => {
      const { States } = stateMachineDefinition(props);
      const made = MAPS[SUFFIXES.indexOf(suffix)]?.ItemProcessor.States ?? {};
      expect(made[`ResizeImage${suffix}`]).toEqual({
        ...States.ResizeImage,
        Parameters: { FunctionName: props.functionArn, "Payload.$": "$.request" },
        Next: `WasResizeSuccessful${suffix}`,
        Retry: expect.anything(),
      });
      expect(made[`WasResizeSuccessful${suffix}`]).toEqual({
        Type: "Choice",
        Choices: [{ Variable: "$.status", StringEquals: "SUCCESS", Next: `SuccessState${suffix}` }],
        Default: `FailState${suffix}`,
      });
      expect(made[`FailState${suffix}`]).toEqual(States.FailState);
    },
  );

  it("retries what an upload retries, and is done within the five minutes of an Express execution", () => {
    const task: { readonly Retry: readonly Retrier[]; readonly TimeoutSeconds: number } = JSON.parse(
      JSON.stringify(BackfillBucket.ItemProcessor.States.ResizeImage),
    );
    const { Retry, TimeoutSeconds } = task;
    const pipeline = stateMachineDefinition(props).States.ResizeImage.Retry;
    expect(Retry.map(({ ErrorEquals }) => ErrorEquals)).toEqual(pipeline.map(({ ErrorEquals }) => ErrorEquals));
    const waits = Retry.flatMap(({ IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds }) =>
      Array.from({ length: MaxAttempts }, (_, attempt) =>
        Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds),
      ),
    ).reduce((sum, wait) => sum + wait, 0);
    // One attempt that takes nearly all its time and another one: the rest of the attempts, on a fault, end at once.
    expect(waits + 2 * TimeoutSeconds).toBeLessThanOrEqual(EXPRESS_SECONDS);
    expect(waits + 2 * (TimeoutSeconds + 10)).toBeGreaterThan(EXPRESS_SECONDS);
  });

  it("reads lists from its own bucket, and nothing but the listing of the pictures'", () => {
    expect(MAPS.map(({ ItemReader }) => ItemReader)).toMatchObject([
      { Resource: "arn:aws:states:::s3:listObjectsV2", Parameters: { Bucket: "originals", "Prefix.$": "$.prefix" } },
      { Resource: "arn:aws:states:::s3:getObject", Parameters: { Bucket: "backfills", "Key.$": "$.keys" } },
      { Resource: "arn:aws:states:::s3:getObject", Parameters: { Bucket: "backfills", "Key.$": "$.keys" } },
    ]);
  });
});
