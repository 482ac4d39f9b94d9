import { parseResultPath, writeResult } from "../result-path";
import type { Json } from "../scope";

describe("writeResult", () => {
  it.each<[string | null | undefined, Json, Json]>([
    [undefined, { a: 1 }, "R"],
    ["$", { a: 1 }, "R"],
    [null, { a: 1 }, { a: 1 }],
    ["$.b", { a: 1 }, { a: 1, b: "R" }],
    ["$.a", { a: 1, c: 2 }, { a: "R", c: 2 }],
    ["$.x.y.z", { a: 1 }, { a: 1, x: { y: { z: "R" } } }],
    ["$.a.b", { a: { c: 1 } }, { a: { c: 1, b: "R" } }],
    ["$.list[1]", { list: [1, 2, 3] }, { list: [1, "R", 3] }],
    ["$.list[0].x", { list: [{ y: 1 }] }, { list: [{ y: 1, x: "R" }] }],
    ["$[0]", [1, 2], ["R", 2]],
    ["$['a b']", {}, { "a b": "R" }],
  ])("%s of %j", (path, input, expected) => {
    expect(writeResult(parseResultPath(path), input, "R")).toEqual(expected);
  });

  it("keeps the place of a field that it replaces, and the input", () => {
    const input = { b: 1, a: 2 };
    expect(JSON.stringify(writeResult(parseResultPath("$.b"), input, 3))).toBe('{"b":3,"a":2}');
    expect(input).toEqual({ b: 1, a: 2 });
  });

  it.each<[string, Json]>([
    ["$.a", "text"],
    ["$.a", [1]],
    ["$.a", null],
    ["$.a.b", { a: 1 }],
    ["$.a.b", { a: null }],
    ["$.list[3]", { list: [1] }],
    ["$.x[0]", {}],
  ])("%s does not fit %j", (path, input) => {
    expect(() => writeResult(parseResultPath(path), input, "R")).toThrow(
      expect.objectContaining({
        error: "States.ResultPathMatchFailure",
        message: `Unable to apply ReferencePath ${path} to input ${JSON.stringify(input)}`,
      }),
    );
  });

  it.each(["$$.a", "$v.a", "$.a[*]", "$..a", "a", "$['a','b']"])("refuses %s", (path) => {
    expect(() => parseResultPath(path)).toThrow(expect.objectContaining({ name: "DefinitionError" }));
  });
});
