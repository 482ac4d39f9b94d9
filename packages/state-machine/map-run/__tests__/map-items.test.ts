import { type Language, parsePayload } from "../../data/payload";
import type { Json } from "../../data/scope";
import { selectItem } from "../item-selector";
import { itemInput, itemsOf } from "../map-items";

const input = { factor: 2 };
const context = { State: { Name: "S" } };
const data = { input, scope: { context, variables: {} }, states: { input, context } };

describe("itemsOf", () => {
  it.each<[Json, Json[] | undefined]>([
    [
      ["a", { b: 1 }],
      ["a", { b: 1 }],
    ],
    [[], []],
    [
      { x: 1, y: [2] },
      [
        { Key: "x", Value: 1 },
        { Key: "y", Value: [2] },
      ],
    ],
    ["text", undefined],
    [1, undefined],
    [null, undefined],
  ])("%j", (value, expected) => {
    expect(itemsOf(value)?.map(itemInput)).toEqual(expected);
  });
});

describe("selectItem", () => {
  it.each<[string, Language, Json]>([
    [
      "in JSONPath",
      "JSONPath",
      { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value.x", "f.$": "$.factor", "s.$": "$$.State.Name" },
    ],
    [
      "in JSONata",
      "JSONata",
      {
        i: "{% $states.context.Map.Item.Index %}",
        v: "{% $states.context.Map.Item.Value.x %}",
        f: "{% $states.input.factor %}",
        s: "{% $states.context.State.Name %}",
      },
    ],
  ])("knows the item, its index and the state's input %s", async (_how, language, selector) => {
    const payload = parsePayload(selector, language, "ItemSelector");
    expect(await selectItem(payload, data, { value: { x: 7 } }, 3)).toEqual({ i: 3, v: 7, f: 2, s: "S" });
  });

  it("knows the key of a pair", async () => {
    const payload = parsePayload({ "k.$": "$$.Map.Item.Key", "v.$": "$$.Map.Item.Value" }, "JSONPath", "ItemSelector");
    expect(await selectItem(payload, data, { key: "x", value: 7 }, 0)).toEqual({ k: "x", v: 7 });
  });

  it("hands on the item when there is no selector", async () => {
    expect(await selectItem(undefined, data, { value: [1] }, 0)).toEqual([1]);
    expect(await selectItem(undefined, data, { key: "x", value: 7 }, 0)).toEqual({ Key: "x", Value: 7 });
  });
});
