import type { Json, JsonObject } from "../index";
import { TaskError } from "../index";
import { linesOf, outcomeOf, run, start, type World } from "./support/run-machine";

const FUNCTION = { Type: "Task", Resource: "arn:aws:lambda:eu-central-1:111111111111:function:f", End: true };
const map = (more: JsonObject = {}, childType = "STANDARD"): JsonObject => ({
  StartAt: "M",
  States: {
    M: {
      Type: "Map",
      Label: "label",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: childType },
        StartAt: "F",
        States: { F: FUNCTION },
      },
      ...more,
      End: true,
    },
  },
});
const reader = (config: JsonObject) => ({
  ItemReader: {
    Resource: "arn:aws:states:::s3:getObject",
    ReaderConfig: config,
    Parameters: { Bucket: "b", Key: "k" },
  },
});
const objects = (text: string): World => ({ objects: new Map([["k", text]]) });
const failsFor =
  (bad: (input: Json) => boolean) =>
  ({ input }: { readonly input: Json }): Json => {
    if (bad(input)) throw new TaskError("E", "why");
    return input;
  };

describe("a Map run", () => {
  it.each<[string, JsonObject, World, Json, unknown]>([
    ["an array of the input", map(), {}, [1, 2], [1, 2]],
    ["the pairs of an object", map(), {}, { a: 1 }, [{ Key: "a", Value: 1 }]],
    ["JSON", map(reader({ InputType: "JSON" })), objects('[{"a":1},2]'), {}, [{ a: 1 }, 2]],
    ["JSONL", map(reader({ InputType: "JSONL" })), objects('{"a":1}\n{"a":2}\n'), {}, [{ a: 1 }, { a: 2 }]],
    [
      "CSV",
      map(reader({ InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" })),
      objects("a,b\n1,2\n"),
      {},
      [{ a: "1", b: "2" }],
    ],
    ["at most so many", map(reader({ InputType: "JSONL", MaxItems: 1 })), objects("1\n2\n"), {}, [1]],
    [
      "a list of objects",
      map({ ItemReader: { Resource: "arn:aws:states:::s3:listObjectsV2", Parameters: { Bucket: "b", Prefix: "k" } } }),
      objects("12"),
      {},
      [{ Etag: '"e"', LastModified: 1, Key: "k", Size: 2, StorageClass: "STANDARD" }],
    ],
    [
      "batches",
      map({ ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { "x.$": "$[0]" } } }),
      {},
      [1, 2, 3],
      [
        { BatchInput: { x: 1 }, Items: [1, 2] },
        { BatchInput: { x: 1 }, Items: [3] },
      ],
    ],
    [
      "selected items",
      map({ ItemSelector: { "v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index" } }),
      {},
      ["a"],
      [{ v: "a", i: 0 }],
    ],
  ])("takes %s", async (_what, definition, world, input, output) => {
    expect(await outcomeOf(definition, input, world)).toEqual(output);
  });

  it("names itself, its children and their machine after its label", async () => {
    const { mapRuns } = await run(map(), [1]);
    const [mapRun] = mapRuns;

    expect(mapRun?.arn).toMatch(/^arn:aws:states:eu-central-1:111111111111:mapRun:m\/label:[0-9a-f-]{36}$/);
    expect(mapRun?.childMachineArn).toBe("arn:aws:states:eu-central-1:111111111111:stateMachine:m/label");
    expect(mapRun?.children[0]).toMatchObject({
      arn: expect.stringMatching(/^arn:aws:states:eu-central-1:111111111111:execution:m\/label:[0-9a-f-]{36}$/),
      mapRunArn: mapRun?.arn,
      input: "1",
      outcome: { status: "SUCCEEDED", output: "1" },
    });
  });

  it.each([
    ["STANDARD", 6],
    ["EXPRESS", 0],
  ])("keeps the history of %s children: %d events", async (childType, events) => {
    const { mapRuns } = await run(map({}, childType), [1]);

    expect(mapRuns[0]?.children[0]?.events).toHaveLength(events === 0 ? 0 : events + 1);
  });

  it.each<[string, JsonObject, string]>([
    ["no failure when nothing is said", {}, "FAILED"],
    ["a count", { ToleratedFailureCount: 2 }, "SUCCEEDED"],
    ["a count that is passed", { ToleratedFailureCount: 1 }, "FAILED"],
    ["a share", { ToleratedFailurePercentage: 50 }, "SUCCEEDED"],
    ["a share that is passed", { ToleratedFailurePercentage: 49 }, "FAILED"],
  ])("tolerates %s", async (_what, more, status) => {
    const { execution, mapRuns } = await run(map(more), [1, 2, 3, 4], { task: failsFor((n) => Number(n) > 2) });

    expect(execution.outcome?.status).toBe(status);
    expect(mapRuns[0]?.status).toBe(status);
    if (status === "SUCCEEDED") {
      expect(mapRuns[0]?.counts.executions).toMatchObject({ total: 4, succeeded: 2, failed: 2, running: 0 });
    }
  });

  it("counts the items of its batches", async () => {
    const { mapRuns } = await run(map({ ItemBatcher: { MaxItemsPerBatch: 2 } }), [1, 2, 3]);

    expect(mapRuns[0]?.counts.executions).toMatchObject({ total: 2, succeeded: 2, resultsWritten: 2 });
    expect(mapRuns[0]?.counts.items).toMatchObject({ total: 3, succeeded: 3, resultsWritten: 3 });
  });

  it("runs as many children at a time as it may, and more when that is changed", async () => {
    let running = 0;
    let most = 0;
    const gates: (() => void)[] = [];
    const { execution, mapRuns } = start(map({ MaxConcurrency: 2 }), [1, 2, 3, 4, 5, 6], {
      task: async ({ input }) => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => gates.push(resolve));
        running--;
        return input;
      },
    });
    await until(() => gates.length === 2);
    expect(most).toBe(2);
    mapRuns[0]?.update({ maxConcurrency: 4 });
    await until(() => gates.length === 4);
    expect(most).toBe(4);
    for (let opened = 0; execution.outcome === undefined; opened++) {
      gates[opened]?.();
      await new Promise(setImmediate);
    }
    expect(execution.outcome?.status).toBe("SUCCEEDED");
  });

  it("writes its results, and what became of every child", async () => {
    const world: World = { objects: new Map(), task: failsFor((n) => n === 2) };
    const definition = map({
      ToleratedFailureCount: 1,
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "b", Prefix: "r" } },
    });

    const output = await outcomeOf(definition, [1, 2], world);

    const manifestKey = JSON.parse(JSON.stringify(output)).ResultWriterDetails.Key;
    const manifest = JSON.parse(world.objects?.get(manifestKey) ?? "");
    const [succeeded] = manifest.ResultFiles.SUCCEEDED;
    const [failed] = manifest.ResultFiles.FAILED;
    expect(JSON.parse(world.objects?.get(succeeded.Key) ?? "")).toMatchObject([{ Input: "1", Status: "SUCCEEDED" }]);
    expect(JSON.parse(world.objects?.get(failed.Key) ?? "")).toMatchObject([
      { Input: "2", Status: "FAILED", Error: "E", Cause: "why" },
    ]);
  });

  it.each<[string, JsonObject, World, Json, object]>([
    [
      "headers that repeat",
      map(reader({ InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" })),
      objects("a,a\n1,2\n"),
      {},
      { error: "States.ItemReaderFailed", cause: "CSV headers cannot contain duplicates." },
    ],
    [
      "JSON that is no list",
      map(reader({ InputType: "JSON" })),
      objects("5"),
      {},
      { error: "States.ItemReaderFailed", cause: "Attempting to map over non-iterable node." },
    ],
    [
      "an object that is not there",
      map(reader({ InputType: "JSON" })),
      {},
      {},
      { error: "States.ItemReaderFailed", cause: "There is no object k" },
    ],
    [
      "a limit that is none",
      map({ ...reader({ InputType: "JSON", MaxItemsPath: "$.n" }) }),
      objects("[]"),
      { n: -1 },
      { error: "States.ItemReaderFailed", cause: "field MaxItems must be positive" },
    ],
    [
      "a share that is none",
      map({ ToleratedFailurePercentagePath: "$[0]" }),
      {},
      [101],
      { error: "States.Runtime", cause: "ToleratedFailurePercentage must be between 0 and 100." },
    ],
    [
      "a concurrency that is none",
      map({ MaxConcurrencyPath: "$[0]" }),
      {},
      ["x"],
      {
        error: "States.Runtime",
        cause: 'The MaxConcurrencyPath field refers to value "x" which is not a valid integer: $[0]',
      },
    ],
    [
      "results larger than an output may be",
      map(),
      {},
      Array.from({ length: 3 }, () => "x".repeat(90_000)),
      { error: "States.DataLimitExceeded" },
    ],
  ])("fails for %s", async (_what, definition, world, input, outcome) => {
    expect(await outcomeOf(definition, input, world)).toMatchObject({ status: "FAILED", ...outcome });
  });

  it("stops its children with the execution", async () => {
    const { execution, mapRuns } = start(map(), [1, 2], { task: () => new Promise(() => {}) });
    await until(() => mapRuns[0]?.counts.executions.running === 2);
    await execution.stop();

    expect(mapRuns[0]).toMatchObject({ status: "ABORTED" });
    expect(mapRuns[0]?.counts.executions).toMatchObject({ aborted: 2, running: 0 });
    expect(linesOf(execution.events).slice(-3)).toEqual([
      "5<4 MapRunAborted",
      "6<5 MapStateAborted",
      "7<0 ExecutionAborted",
    ]);
  });

  it.each(["STANDARD", "EXPRESS"])(
    "goes on with its %s children that failed when it is redriven",
    async (childType) => {
      const calls: Json[] = [];
      let mended = false;
      const { execution, mapRuns } = await run(map({ ToleratedFailureCount: 1 }, childType), [1, 2, 3, 4], {
        task: ({ input }) => {
          calls.push(input);
          if (!mended && Number(input) % 2 === 0) throw new TaskError("E", "why");
          return input;
        },
      });
      expect(execution.outcome).toMatchObject({ status: "FAILED", error: "States.ExceedToleratedFailureThreshold" });
      mended = true;
      execution.redrive();
      await execution.done;

      expect(execution.outcome).toEqual({ status: "SUCCEEDED", output: "[1,2,3,4]" });
      expect(calls.slice(4).sort()).toEqual([2, 4]);
      expect(mapRuns).toHaveLength(1);
      expect(mapRuns[0]).toMatchObject({ status: "SUCCEEDED", redriveCount: 1 });
      expect(mapRuns[0]?.counts.executions).toMatchObject({ total: 4, succeeded: 4, failed: 0 });
      expect(
        linesOf(execution.events)
          .slice(-6)
          .map((line) => line.split(" ")[1]),
      ).toEqual([
        "ExecutionRedriven",
        "MapRunRedriven",
        "MapRunSucceeded",
        "MapStateSucceeded",
        "MapStateExited",
        "ExecutionSucceeded",
      ]);
    },
  );

  it("forgets children that ended well, but for the last 500", async () => {
    const { mapRuns } = await run(
      map(
        {
          ...reader({ InputType: "JSONL" }),
          ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "b" } },
        },
        "EXPRESS",
      ),
      {},
      objects("1\n".repeat(2_000)),
    );

    expect(mapRuns[0]?.counts.executions.succeeded).toBe(2_000);
    expect(mapRuns[0]?.children).toHaveLength(500);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}
