import fc from "fast-check";
import type { Json } from "../../data/scope";
import { type BatchLimits, batchItems, evaluateItemBatcher, parseItemBatcher } from "../item-batcher";

const input = { most: 3, bytes: 40, text: "3", factory: "f" };
const data = { input, scope: { context: {}, variables: {} }, states: { input, context: {} } };

async function* each(items: readonly Json[]): AsyncGenerator<Json> {
  yield* items;
}

async function batches(limits: Partial<BatchLimits>, items: readonly Json[]): Promise<Json[]> {
  const all = { maxItems: Number.POSITIVE_INFINITY, maxBytes: 262_144, batchInput: undefined, ...limits };
  const inputs: Json[] = [];
  for await (const batch of batchItems(each(items), all)) inputs.push(batch.input);
  return inputs;
}

describe("batchItems", () => {
  it("fills batches to the number of items", async () => {
    expect(await batches({ maxItems: 2 }, [1, 2, 3])).toEqual([{ Items: [1, 2] }, { Items: [3] }]);
  });

  it("puts BatchInput before the items of every batch", async () => {
    const made = await batches({ maxItems: 1, batchInput: { a: 1 } }, [1, 2]);
    expect(made.map((batch) => JSON.stringify(batch))).toEqual([
      '{"BatchInput":{"a":1},"Items":[1]}',
      '{"BatchInput":{"a":1},"Items":[2]}',
    ]);
  });

  it("makes no batch of no items", async () => {
    expect(await batches({ maxItems: 2 }, [])).toEqual([]);
  });

  it("keeps every batch within its limits, and loses, adds and reorders nothing", async () => {
    const limits = fc.record({
      maxItems: fc.integer({ min: 1, max: 5 }),
      maxBytes: fc.integer({ min: 60, max: 120 }),
      batchInput: fc.option(fc.constant({ f: "ü" }), { nil: undefined }),
    });
    const items = fc.array(
      fc.oneof(fc.string({ unit: "grapheme", maxLength: 4 }), fc.integer(), fc.constant({ a: [1] })),
    );
    await fc.assert(
      fc.asyncProperty(limits, items, async (bounds, list) => {
        const all: Json[] = [];
        let before: Json[] | undefined;
        for await (const batch of batchItems(each(list), bounds)) {
          const made = JSON.parse(JSON.stringify(batch.input)).Items;
          expect(Buffer.byteLength(JSON.stringify(batch.input))).toBeLessThanOrEqual(bounds.maxBytes);
          expect(made.length).toBe(batch.items);
          expect(batch.items).toBeLessThanOrEqual(bounds.maxItems);
          // The batch before would have passed a limit with this one's first item.
          if (before !== undefined) {
            const fuller = { ...Object(batch.input), Items: [...before, made[0]] };
            const bytes = Buffer.byteLength(JSON.stringify(fuller));
            expect(before.length === bounds.maxItems || bytes > bounds.maxBytes).toBe(true);
          }
          before = made;
          all.push(...made);
        }
        expect(all).toEqual(list);
      }),
    );
  });

  it("fails for an item that fits into no batch", async () => {
    await expect(batches({ maxBytes: 20 }, ["x".repeat(10)])).rejects.toMatchObject({
      error: "States.Runtime",
      message: "Expected items that fit into a batch of 20 bytes but received one that makes 24",
    });
  });
});

describe("evaluateItemBatcher", () => {
  it.each<[Json, "JSONPath" | "JSONata", BatchLimits]>([
    [{ MaxItemsPerBatch: 2 }, "JSONPath", { maxItems: 2, maxBytes: 262_144, batchInput: undefined }],
    [
      { MaxItemsPerBatchPath: "$.most", MaxInputBytesPerBatchPath: "$.bytes", BatchInput: { "f.$": "$.factory" } },
      "JSONPath",
      { maxItems: 3, maxBytes: 40, batchInput: { f: "f" } },
    ],
    [
      { MaxInputBytesPerBatch: "{% $states.input.bytes %}", BatchInput: { f: "{% $states.input.factory %}" } },
      "JSONata",
      { maxItems: Number.POSITIVE_INFINITY, maxBytes: 40, batchInput: { f: "f" } },
    ],
  ])("%j", async (json, language, expected) => {
    expect(await evaluateItemBatcher(parseItemBatcher(json, language), data)).toEqual(expected);
  });

  it.each<[string, Json, "JSONPath" | "JSONata"]>([
    [
      'The MaxItemsPerBatchPath field refers to value "3" which is not a valid integer: $.text',
      { MaxItemsPerBatchPath: "$.text" },
      "JSONPath",
    ],
    ["Invalid path '$.none' : No results for path: $['none']", { MaxItemsPerBatchPath: "$.none" }, "JSONPath"],
    [
      'Expected an integer as MaxItemsPerBatch but received "3"',
      { MaxItemsPerBatch: "{% $states.input.text %}" },
      "JSONata",
    ],
    ["Expected MaxItemsPerBatch above 0 but received 0", { MaxItemsPerBatch: "{% 0 %}" }, "JSONata"],
    [
      "Expected MaxInputBytesPerBatch from 1 to 262144 but received 262145",
      { MaxInputBytesPerBatch: "{% 262145 %}" },
      "JSONata",
    ],
  ])("%s", async (message, json, language) => {
    await expect(evaluateItemBatcher(parseItemBatcher(json, language), data)).rejects.toThrow(message);
  });
});

describe("parseItemBatcher refuses", () => {
  it.each<[string, Json]>([
    ["Expected an object as ItemBatcher", 5],
    ["Expected MaxItemsPerBatch or MaxInputBytesPerBatch", { BatchInput: {} }],
    ["The field Size of ItemBatcher is not supported", { MaxItemsPerBatch: 1, Size: 1 }],
    ["Expected MaxItemsPerBatch from 1", { MaxItemsPerBatch: 0 }],
    ["Expected MaxInputBytesPerBatch from 1 to 262144", { MaxInputBytesPerBatch: 262_145 }],
    ["Expected an integer as MaxItemsPerBatch", { MaxItemsPerBatch: "2" }],
  ])("%s", (message, json) => {
    expect(() => parseItemBatcher(json, "JSONPath")).toThrow(message);
  });
});
