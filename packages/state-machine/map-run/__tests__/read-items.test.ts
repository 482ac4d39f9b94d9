import { evaluateNumberField } from "../../data/number-field";
import { evaluatePayload } from "../../data/payload";
import type { Json } from "../../data/scope";
import { parseItemReader } from "../item-reader";
import { itemInput } from "../map-items";
import { readItems } from "../read-items";
import { MemoryObjects } from "./support/memory-objects";

const input = { bucket: "b", most: 2, text: "2" };
const data = {
  input,
  scope: { context: {}, variables: {} },
  states: { input, context: {} },
};

async function read(
  reader: Json,
  objects: MemoryObjects,
  language: "JSONPath" | "JSONata" = "JSONPath",
): Promise<Json[]> {
  const { source, parameters, maxItems } = parseItemReader(reader, language);
  const items: Json[] = [];
  const limit = await evaluateNumberField(maxItems, data);
  for await (const item of readItems(source, await evaluatePayload(parameters, data), limit, objects)) {
    items.push(itemInput(item));
  }
  return items;
}

function object(config: { readonly [name: string]: Json }): Json {
  const Resource = "arn:aws:states:::s3:getObject";
  return { Resource, ReaderConfig: config, Parameters: { "Bucket.$": "$.bucket", Key: "k" } };
}

function readText(text: string, config: { readonly [name: string]: Json }, chunkBytes?: number): Promise<Json[]> {
  return read(object(config), new MemoryObjects({ k: text }, chunkBytes));
}

describe("listObjectsV2", () => {
  const reader = { Resource: "arn:aws:states:::s3:listObjectsV2", Parameters: { Bucket: "b", Prefix: "in/" } };

  it("gives what S3 lists under the prefix, folder markers too", async () => {
    const objects = new MemoryObjects({ "in/": "", "in/a.jpg": "12345", "out/b.jpg": "1" });
    const about = { Etag: '"e1"', LastModified: 1_668_699_881, StorageClass: "STANDARD" };
    expect(await read(reader, objects)).toEqual([
      { ...about, Key: "in/", Size: 0 },
      { ...about, Key: "in/a.jpg", Size: 5 },
    ]);
  });

  it("gives nothing for a prefix without objects", async () => {
    expect(await read(reader, new MemoryObjects())).toEqual([]);
  });
});

describe.each([1, 2, 3, 7, 1_000])("objects that come in chunks of %i bytes", (chunkBytes) => {
  it.each<[string, Json[]]>([
    ["[]", []],
    [" [ ] \n", []],
    ["[1]", [1]],
    [
      '[1, "a,]\\"[", {"b": [{"c": "}"}], "d": {}}, [2, [3]], null, true]',
      [1, 'a,]"[', { b: [{ c: "}" }], d: {} }, [2, [3]], null, true],
    ],
    ['["größe", "🙂"]', ["größe", "🙂"]],
    ['\uFEFF["\\\\"]', ["\\"]],
    [
      '{"x": 1, "y": [2]}',
      [
        { Key: "x", Value: 1 },
        { Key: "y", Value: [2] },
      ],
    ],
  ])("JSON %s", async (text, expected) => {
    expect(await readText(text, { InputType: "JSON" }, chunkBytes)).toEqual(expected);
  });

  it.each<[string, string, Json[]]>([
    ["an array", "/a/b~1c/1", ["y"]],
    ["an object", "/a/o", [{ Key: "p", Value: 1 }]],
  ])("JSON with a pointer to %s", async (_what, ItemsPointer, expected) => {
    const text = '{"a": {"b/c": [["x"], ["y"]], "o": {"p": 1}}}';
    expect(await readText(text, { InputType: "JSON", ItemsPointer }, chunkBytes)).toEqual(expected);
  });

  it.each<[string, Json[]]>([
    ["", []],
    ['{"a": "ü"}\n[1]\r\n\n"x"\n', [{ a: "ü" }, [1], "x"]],
    ["1\n2", [1, 2]],
  ])("JSONL %j", async (text, expected) => {
    expect(await readText(text, { InputType: "JSONL" }, chunkBytes)).toEqual(expected);
  });

  it.each<[string, Json[]]>([
    ["", []],
    ["a,b", []],
    [
      "a,b\n1,2\n3,4\n",
      [
        { a: "1", b: "2" },
        { a: "3", b: "4" },
      ],
    ],
    [
      "a,b\r\n1,2\r\n3,4",
      [
        { a: "1", b: "2" },
        { a: "3", b: "4" },
      ],
    ],
    ["\uFEFFa,b\nü,🙂", [{ a: "ü", b: "🙂" }]],
    ['a,b\n"1,\n2","say ""hi"""\n', [{ a: "1,\n2", b: 'say "hi"' }]],
    ['a,b\n"",x', [{ a: "", b: "x" }]],
    ["a,b\n1\n", [{ a: "1", b: "" }]],
    ["a,b\n1,2,3\n", [{ a: "1", b: "2" }]],
    ["a,b\n\n1,2\n\n", [{ a: "1", b: "2" }]],
    ["a,b\n,\n", [{ a: "", b: "" }]],
    ["a,b\nC:\\\\x\\, y,1\\2\n", [{ a: "C:\\x, y", b: "12" }]],
    ['a,b\n\\"x\\",y', [{ a: '"x"', b: "y" }]],
    ['a,b\nx"y,z', [{ a: 'x"y', b: "z" }]],
    ["a,b\n 1 , 2 ", [{ a: " 1 ", b: " 2 " }]],
  ])("CSV %j", async (text, expected) => {
    expect(await readText(text, { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" }, chunkBytes)).toEqual(expected);
  });

  it.each([
    ["COMMA", ","],
    ["PIPE", "|"],
    ["SEMICOLON", ";"],
    ["SPACE", " "],
    ["TAB", "\t"],
  ])("CSV by %s under given headers", async (CSVDelimiter, delimiter) => {
    const config = { InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["p", "q"], CSVDelimiter };
    expect(await readText(`1${delimiter}2\n"3${delimiter}4"`, config, chunkBytes)).toEqual([
      { p: "1", q: "2" },
      { p: `3${delimiter}4`, q: "" },
    ]);
  });
});

describe("MaxItems", () => {
  it.each([
    ["a number", { MaxItems: 2 }],
    ["a path", { MaxItemsPath: "$.most" }],
  ])("%s ends the reading, and the store's stream", async (_what, limit) => {
    const objects = new MemoryObjects({ k: JSON.stringify([1, 2, 3, 4, 5, 6, 7, 8, 9]) }, 3);
    expect(await read(object({ InputType: "JSON", ...limit }), objects)).toEqual([1, 2]);
    expect(objects.abandoned).toBe(1);
  });

  it.each([0, -1])("%i is States.ItemReaderFailed", async (MaxItems) => {
    await expect(readText("[1]", { InputType: "JSON", MaxItems })).rejects.toMatchObject({
      error: "States.ItemReaderFailed",
      message: "field MaxItems must be positive",
    });
  });

  it("refuses digits in a string", async () => {
    await expect(readText("[1]", { InputType: "JSON", MaxItemsPath: "$.text" })).rejects.toMatchObject({
      error: "States.Runtime",
      message: 'The MaxItemsPath field refers to value "2" which is not a valid integer: $.text',
    });
  });
});

describe("what is no collection of items is States.ItemReaderFailed", () => {
  it.each<[string, string, { readonly [name: string]: Json }]>([
    ["Attempting to map over non-iterable node.", "1", { InputType: "JSON" }],
    ["Attempting to map over non-iterable node.", '"[]"', { InputType: "JSON" }],
    ["Attempting to map over non-iterable node.", "", { InputType: "JSON" }],
    ["Attempting to map over non-iterable node.", '{"a": 1}', { InputType: "JSON", ItemsPointer: "/a" }],
    ["Expected a value at ItemsPointer /b", '{"a": 1}', { InputType: "JSON", ItemsPointer: "/b" }],
    ["Expected ']' at the end of the JSON array", "[1, 2", { InputType: "JSON" }],
    ["Expected the end after the JSON array but received '1'", "[] 1", { InputType: "JSON" }],
    ["Expected JSON but received 'x'", "[1, x]", { InputType: "JSON" }],
    ["Expected JSON but received ''", "[1,,2]", { InputType: "JSON" }],
    ["Expected JSON but received ''", "[1,]", { InputType: "JSON" }],
    ["Expected JSON but received '1 2'", "1 2", { InputType: "JSONL" }],
    ["CSV headers cannot contain duplicates.", "a,b,a\n", { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" }],
    [
      "CSV headers cannot contain duplicates.",
      "1",
      { InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["a", "a"] },
    ],
  ])("%s (%s)", async (message, text, config) => {
    await expect(readText(text, config)).rejects.toMatchObject({ error: "States.ItemReaderFailed", message });
  });

  it("passes on why the store gave nothing", async () => {
    await expect(read(object({ InputType: "JSON" }), new MemoryObjects())).rejects.toMatchObject({
      error: "States.ItemReaderFailed",
      message: "No object k in b",
    });
  });
});

it("reads Arguments in JSONata, whole or field by field", async () => {
  const objects = new MemoryObjects({ k: "[1]" });
  const reader = { Resource: "arn:aws:states:::s3:getObject", ReaderConfig: { InputType: "JSON" } };
  const fields = { Bucket: "{% $states.input.bucket %}", Key: "k" };
  expect(await read({ ...reader, Arguments: fields }, objects, "JSONata")).toEqual([1]);
  const whole = "{% {'Bucket': $states.input.bucket, 'Key': 'k'} %}";
  expect(await read({ ...reader, Arguments: whole }, objects, "JSONata")).toEqual([1]);
});

describe("parseItemReader refuses", () => {
  const list = { Resource: "arn:aws:states:::s3:listObjectsV2", Parameters: { Bucket: "b" } };
  const csv = { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" };
  it.each<[string, Json]>([
    ["Expected an object as ItemReader", "s3"],
    ["Expected arn:aws:states:::s3:getObject or", { ...list, Resource: "arn:aws:states:::s3:getObjectAcl" }],
    ["Expected a string as Resource", { Parameters: {} }],
    ["Expected an object as Parameters", { Resource: list.Resource }],
    ["The field Arguments of ItemReader is not supported", { ...list, Arguments: {} }],
    ["The field Delimiter of Parameters of ItemReader", { ...list, Parameters: { Bucket: "b", Delimiter: "/" } }],
    [
      "Transformation LOAD_AND_FLATTEN is not supported",
      { ...list, ReaderConfig: { Transformation: "LOAD_AND_FLATTEN" } },
    ],
    ["Expected a string as InputType", object({})],
    ["InputType PARQUET is not supported", object({ InputType: "PARQUET" })],
    ["InputType MANIFEST is not supported", object({ InputType: "MANIFEST" })],
    ["Expected a JSON Pointer as ItemsPointer", object({ InputType: "JSON", ItemsPointer: "a" })],
    ["Expected a string as CSVHeaderLocation", object({ InputType: "CSV" })],
    ["Expected FIRST_ROW or GIVEN", object({ InputType: "CSV", CSVHeaderLocation: "LAST" })],
    ["Expected no CSVHeaders beside", object({ ...csv, CSVHeaders: ["a"] })],
    ["Expected an array of strings as CSVHeaders", object({ ...csv, CSVHeaderLocation: "GIVEN" })],
    ["Expected an array of strings as CSVHeaders", object({ ...csv, CSVHeaderLocation: "GIVEN", CSVHeaders: [1] })],
    ["at most 10240 bytes", object({ ...csv, CSVHeaderLocation: "GIVEN", CSVHeaders: ["x".repeat(10_241)] })],
    ["Expected one of COMMA, PIPE, SEMICOLON, SPACE, TAB", object({ ...csv, CSVDelimiter: "," })],
    ["The field CSVDelimiter of ReaderConfig of JSON", object({ InputType: "JSON", CSVDelimiter: "TAB" })],
    ["Expected an integer as MaxItems", object({ InputType: "JSON", MaxItems: 1.5 })],
    ["Expected one of MaxItems and MaxItemsPath", object({ InputType: "JSON", MaxItems: 1, MaxItemsPath: "$.a" })],
    ["Value is not a Reference Path", object({ InputType: "JSON", MaxItemsPath: "$.a[*]" })],
  ])("%s", (message, reader) => {
    expect(() => parseItemReader(reader, "JSONPath")).toThrow(message);
  });
});
