import type { Json } from "../../data/scope";
import type { ChildResult } from "../child-result";
import type { Objects } from "../objects";
import { noResultWriter, parseResultWriter, resultsAsOutput } from "../result-writer";
import { ResultFiles } from "../write-results";
import { MemoryObjects } from "./support/memory-objects";

const arn = "arn:aws:states:eu-central-1:000000000000:mapRun:m/Label:6f3b9d3e-0000-4000-8000-000000000000";
const folder = "out/6f3b9d3e-0000-4000-8000-000000000000";
const put = { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "results", Prefix: "out" } };

function child(name: string, output: Json): ChildResult {
  return {
    status: "SUCCEEDED",
    name,
    executionArn: `arn:aws:states:eu-central-1:000000000000:execution:m/Label:${name}`,
    stateMachineArn: "arn:aws:states:eu-central-1:000000000000:stateMachine:m/Label",
    input: { item: name },
    output,
    startDate: new Date("2026-01-02T03:04:05.006Z"),
    stopDate: new Date("2026-01-02T03:04:06.007Z"),
    redriveCount: 0,
    redriveStatus: "NOT_REDRIVABLE",
    redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
  };
}

function failed(name: string): ChildResult {
  const { output: _output, redriveStatusReason: _reason, ...rest } = child(name, null);
  return { ...rest, status: "FAILED", error: "E", cause: "C", redriveStatus: "REDRIVABLE" };
}

const metadata = {
  ExecutionArn: "arn:aws:states:eu-central-1:000000000000:execution:m/Label:a",
  Input: '{"item":"a"}',
  InputDetails: { Included: true },
  Name: "a",
  Output: '[1,{"b":2}]',
  OutputDetails: { Included: true },
  RedriveCount: 0,
  RedriveStatus: "NOT_REDRIVABLE",
  RedriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
  StartDate: "2026-01-02T03:04:05.006Z",
  StateMachineArn: "arn:aws:states:eu-central-1:000000000000:stateMachine:m/Label",
  Status: "SUCCEEDED",
  StopDate: "2026-01-02T03:04:06.007Z",
};

async function write(
  writer: Json,
  results: readonly ChildResult[],
  maxFileBytes?: number,
): Promise<{ output: Json; objects: MemoryObjects }> {
  const objects = new MemoryObjects();
  const target = { Bucket: "results", Prefix: "out" };
  const files = new ResultFiles(parseResultWriter(writer, "JSONPath"), target, arn, objects, maxFileBytes);
  await Promise.all(results.map((result) => files.add(result)));
  return { output: await files.finish(), objects };
}

describe("ResultFiles", () => {
  it("writes each child's metadata into the file of its status, and a manifest that names the files", async () => {
    const pending: ChildResult = { ...failed("p"), status: "PENDING" };
    const results = [
      child("a", [1, { b: 2 }]),
      failed("f"),
      { ...failed("t"), status: "TIMED_OUT" as const },
      pending,
      child("c", "ü"),
    ];
    const { output, objects } = await write(put, results);
    expect(output).toEqual({
      MapRunArn: arn,
      ResultWriterDetails: { Bucket: "results", Key: `${folder}/manifest.json` },
    });
    const files = ["FAILED", "PENDING", "SUCCEEDED"].map((kind) => `${folder}/${kind}_0.json`);
    expect([...objects.bodies.keys()].sort()).toEqual([...files, `${folder}/manifest.json`]);
    const [failedKey = "", pendingKey = "", succeededKey = ""] = files;
    const succeeded = JSON.parse(objects.text(succeededKey));
    expect(succeeded[0]).toEqual(metadata);
    expect(Object.keys(succeeded[0])).toEqual(Object.keys(metadata));
    expect(succeeded[1].Output).toBe('"ü"');
    expect(JSON.parse(objects.text(failedKey))).toMatchObject([
      { Name: "f", Status: "FAILED", Error: "E", Cause: "C", RedriveStatus: "REDRIVABLE" },
      { Name: "t", Status: "TIMED_OUT" },
    ]);
    expect(JSON.parse(objects.text(failedKey))[0]).not.toHaveProperty("Output");
    expect(JSON.parse(objects.text(pendingKey))).toMatchObject([{ Name: "p", Status: "PENDING" }]);
    expect(JSON.parse(objects.text(`${folder}/manifest.json`))).toEqual({
      DestinationBucket: "results",
      MapRunArn: arn,
      ResultFiles: {
        FAILED: [{ Key: failedKey, Size: objects.bodies.get(failedKey)?.length }],
        PENDING: [{ Key: pendingKey, Size: objects.bodies.get(pendingKey)?.length }],
        SUCCEEDED: [{ Key: succeededKey, Size: objects.bodies.get(succeededKey)?.length }],
      },
    });
  });

  it("writes a manifest without files when there are no results", async () => {
    const { objects } = await write(put, []);
    expect(JSON.parse(objects.text(`${folder}/manifest.json`)).ResultFiles).toEqual({
      FAILED: [],
      PENDING: [],
      SUCCEEDED: [],
    });
    expect(objects.bodies.size).toBe(1);
  });

  it.each<[string, string, string, string]>([
    ["COMPACT", "JSON", "SUCCEEDED_0.json", '[[1,{"b":2}],"x"]'],
    ["COMPACT", "JSONL", "SUCCEEDED_0.jsonl", '[1,{"b":2}]\n"x"\n'],
    ["FLATTEN", "JSON", "SUCCEEDED_0.json", '[1,{"b":2},"x"]'],
    ["FLATTEN", "JSONL", "SUCCEEDED_0.jsonl", '1\n{"b":2}\n"x"\n'],
  ])("%s as %s", async (Transformation, OutputType, name, text) => {
    const writer = { ...put, WriterConfig: { Transformation, OutputType } };
    const { objects } = await write(writer, [child("a", [1, { b: 2 }]), child("c", "x"), failed("f")]);
    expect(objects.text(`${folder}/${name}`)).toBe(text);
    expect(objects.text(`${folder}/${name.replace("SUCCEEDED", "FAILED")}`)).toContain('"Error":"E"');
  });

  it("begins a next file when one is full, and each is whole JSON", async () => {
    const big = "x".repeat(70_000);
    const { objects } = await write(
      { ...put, WriterConfig: { Transformation: "COMPACT" } },
      [1, 2, 3].map((each) => child(`${each}`, `${each}${big}`)),
      100_000,
    );
    const { SUCCEEDED } = JSON.parse(objects.text(`${folder}/manifest.json`)).ResultFiles;
    expect(SUCCEEDED.map(({ Key }: { Key: string }) => Key)).toEqual([
      `${folder}/SUCCEEDED_0.json`,
      `${folder}/SUCCEEDED_1.json`,
    ]);
    const all = SUCCEEDED.flatMap(({ Key }: { Key: string }) => JSON.parse(objects.text(Key)));
    expect(all.map((text: string) => text.charAt(0))).toEqual(["1", "2", "3"]);
  });

  it.each([
    ["", "6f3b9d3e-0000-4000-8000-000000000000/manifest.json"],
    ["a/b/", "a/b/6f3b9d3e-0000-4000-8000-000000000000/manifest.json"],
  ])("puts files below the prefix %j", async (Prefix, key) => {
    const objects = new MemoryObjects();
    await new ResultFiles(parseResultWriter(put, "JSONPath"), { Bucket: "results", Prefix }, arn, objects).finish();
    expect([...objects.bodies.keys()]).toEqual([key]);
  });

  it("fails with the store's words, whichever write the store refuses", async () => {
    const objects: Objects = new MemoryObjects();
    objects.put = () => Promise.reject(new Error("Access Denied"));
    const files = new ResultFiles(parseResultWriter(put, "JSONPath"), { Bucket: "results" }, arn, objects);
    const failure = { error: "States.ResultWriterFailed", message: "Access Denied" };
    await expect(files.add(child("a", "x".repeat(1_000_000)))).rejects.toMatchObject(failure);
    await expect(files.finish()).rejects.toMatchObject(failure);
  });

  it("refuses a target without a bucket", () => {
    const writer = parseResultWriter(put, "JSONPath");
    expect(() => new ResultFiles(writer, { Bucket: 1 }, arn, new MemoryObjects())).toThrow(
      "Expected strings as Bucket",
    );
  });
});

describe("resultsAsOutput", () => {
  const results = [child("a", [1, 2]), child("b", "x"), failed("f")];
  it.each<[string, Json | undefined, Json]>([
    ["without a ResultWriter", undefined, [[1, 2], "x", expect.objectContaining({ Error: "E" })]],
    ["flattened", { Transformation: "FLATTEN" }, [1, 2, "x", expect.objectContaining({ Error: "E" })]],
    ["unchanged", { Transformation: "NONE" }, ["a", "b", "f"].map((Name) => expect.objectContaining({ Name }))],
  ])("%s", (_what, WriterConfig, expected) => {
    const writer = WriterConfig === undefined ? noResultWriter : parseResultWriter({ WriterConfig }, "JSONPath");
    expect(resultsAsOutput(writer, results)).toEqual(expected);
  });
});

describe("parseResultWriter refuses", () => {
  it.each<[string, Json]>([
    ["Expected an object as ResultWriter", "s3"],
    ["Expected WriterConfig, or Resource and Parameters", {}],
    ["Expected Resource and Parameters together", { Resource: put.Resource }],
    ["Expected Resource and Parameters together", { Parameters: put.Parameters }],
    ["Expected arn:aws:states:::s3:putObject", { ...put, Resource: "arn:aws:states:::s3:copyObject" }],
    ["The field Acl of Parameters of ResultWriter", { ...put, Parameters: { Bucket: "b", Acl: "private" } }],
    ["The field Arguments of ResultWriter", { ...put, Arguments: {} }],
    ["Expected NONE, COMPACT or FLATTEN", { ...put, WriterConfig: { Transformation: "ZIP" } }],
    ["Expected JSON or JSONL", { ...put, WriterConfig: { OutputType: "CSV" } }],
    ["OutputType JSONL is not supported", { WriterConfig: { OutputType: "JSONL" } }],
    ["The field Size of WriterConfig", { ...put, WriterConfig: { Size: 1 } }],
  ])("%s", (message, writer) => {
    expect(() => parseResultWriter(writer, "JSONPath")).toThrow(message);
  });
});
