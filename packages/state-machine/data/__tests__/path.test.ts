import { parsePath, parseReferencePath, readPath } from "../path";
import type { Json } from "../scope";

const scope = {
  context: { Execution: { Id: "e1" } },
  variables: { x: 42, list: [1, 2], größe: "L", __proto__: null },
};

function read(text: string, input: Json): Json {
  return readPath(parsePath(text), input, scope);
}

describe("readPath: one value", () => {
  const input = { a: { "b-c": [10, [20, 21], { d: null }] }, "sp ace": 1, "quo'te": 2, "": 3, ünï: 4, "1st": 5 };
  it.each([
    ["$", input],
    ["$.a['b-c'][0]", 10],
    ["$.a.b-c[1][1]", 21],
    ["$.a.b-c[-1].d", null],
    ["$['sp ace']", 1],
    ['$["sp ace"]', 1],
    ["$['quo\\'te']", 2],
    ["$['']", 3],
    ["$.ünï", 4],
    ["$.1st", 5],
    ["$.['a'].b-c[0]", 10],
    ["$[ 'a' ].b-c[ 0 ]", 10],
    ["$['1st','ünï','none']", { "1st": 5, ünï: 4 }],
    ["$$", scope.context],
    ["$$.Execution.Id", "e1"],
    ["$x", 42],
    ["$list[1]", 2],
    ["$größe", "L"],
    ["$.a.b-c[9]", null],
  ])("%s", (text, expected) => {
    expect(read(text, input)).toEqual(expected);
  });
});

describe("readPath: many values", () => {
  const input = {
    list: [{ x: 1, y: { z: "a" } }, { x: 2, y: { z: "b" } }, { w: 3 }, "text"],
    grid: [[1, 2], [3], []],
    empty: [],
    odd: [
      { "a-b": 1.5, c: "x" },
      { "a-b": { d: { "e-f": 1 } }, c: "y" },
      { "a.b": { g: 2 }, c: "z" },
      { list: [{ "h-i": 3 }], c: "w" },
    ],
    object: { p: { x: 7 }, q: { x: 8 } },
  };
  it.each<[string, Json]>([
    ["$.list[*].x", [1, 2]],
    ["$.list[*].none", []],
    ["$.empty[*].x", []],
    ["$.empty[*]", []],
    ["$.list[5:9]", []],
    ["$.list[*].y.z", ["a", "b"]],
    ["$.object.*.x", [7, 8]],
    ["$.object[*].x", [7, 8]],
    ["$..x", [1, 2, 7, 8]],
    ["$..y.z", ["a", "b"]],
    ["$.list[0,1].x", [1, 2]],
    ["$.grid[*][0]", [1, 3, null]],
    ["$.grid[0,9]", [[1, 2], null]],
    ["$.grid[1:]", [[3], []]],
    ["$.grid[:1]", [[1, 2]]],
    ["$.grid[-1:]", [[]]],
    ["$.grid[:-1]", [[1, 2], [3]]],
    ["$.grid[0:2]", [[1, 2], [3]]],
    ["$.grid[1:9]", [[3], []]],
    ["$.grid[-2:-1]", [[3]]],
    ["$.grid[1:-1]", []],
    ["$.grid[-1:2]", [[], [1, 2], [3]]],
    ["$.empty[-2:5]", []],
    ["$.list[?(@.x)].x", [1, 2]],
    ["$.list[?(@.x == 2)].y.z", ["b"]],
    ["$.list[?(@.x > 1 || @.w == 3)]", [{ x: 2, y: { z: "b" } }, { w: 3 }]],
    ["$.list[?(@.y.z == 'a' && !(@.x == 2))].x", [1]],
    ["$.list[?(@['x'] < 2)].x", [1]],
    ["$.odd[?(@.a-b == 1.5)].c", ["x"]],
    ["$.odd[?(@.a-b.d.e-f && @.c != '@.a-b')].c", ["y"]],
    ["$.odd[?(@['a.b'].g == 2 || @.list[0].h-i == 3)].c", ["z", "w"]],
    ["$.list[?(@.x == $.object.p.x)]", []],
    ["$.object[?(@.p)]", [{ p: { x: 7 }, q: { x: 8 } }]],
    ["$..[?(@.z)]", [{ z: "a" }, { z: "b" }]],
    ["$.object['p','q'].x", [7, 8]],
    ["$.object.*.nothing.deeper", []],
  ])("%s", (text, expected) => {
    expect(read(text, input)).toEqual(expected);
  });
});

describe("readPath: nothing there", () => {
  const input = { a: { b: "text" }, list: [1], none: null };
  it.each([
    ["$.x", "Invalid path '$.x' : No results for path: $['x']"],
    ["$.a.x", "Invalid path '$.a.x' : No results for path: $['a']['x']"],
    ["$.x.y", "Invalid path '$.x.y' : Missing property in path $['x']"],
    ["$.x[*]", "Invalid path '$.x[*]' : Missing property in path $['x']"],
    ["$.list[0:1].x.y[", undefined],
    ["$.none[0]", "Invalid path '$.none[0]' : The path $['none'] is null"],
    ["$.a[0]", `Invalid path '$.a[0]' : Filter: [0] can only be applied to arrays. Current context is: {"b":"text"}`],
    [
      "$.a.b[?(@.x)]",
      `Invalid path '$.a.b[?(@.x)]' : Filter: [?] can not be applied to primitives. Current context is: "text"`,
    ],
    ["$missing", "Invalid path '$missing' : No value is assigned to the variable '$missing'"],
    ["$toString", "Invalid path '$toString' : No value is assigned to the variable '$toString'"],
    ["$.toString", "Invalid path '$.toString' : No results for path: $['toString']"],
    ["$.__proto__", "Invalid path '$.__proto__' : No results for path: $['__proto__']"],
  ])("%s", (text, message) => {
    if (message === undefined) expect(() => read(text, input)).toThrow("Invalid path");
    else expect(() => read(text, input)).toThrow(expect.objectContaining({ error: "States.Runtime", message }));
  });

  it.each([
    ["$.a.b.c", "property ['c'] in path $['a']['b'] but found 'com.fasterxml.jackson.databind.node.TextNode'"],
    ["$.list[7].c", "property ['c'] in path $['list'][7] but found 'null'"],
    ["$.none.c", "property ['c'] in path $['none'] but found 'null'"],
  ])("%s names what was found in place of an object", (text, part) => {
    expect(() => read(text, input)).toThrow(part);
  });
});

describe("parsePath", () => {
  it.each([
    "",
    "a",
    " $.a",
    "$.",
    "$..",
    "$...a",
    "$.a.",
    "$.a b",
    "$[",
    "$[]",
    "$[a]",
    "$['a'",
    "$['a]",
    "$[1.5]",
    "$[1,'a']",
    "$[::2]",
    "$[:]",
    "$.list.length()",
    "$.a()",
    "$[?(@.x)",
    "$[?(@.x =~ /a/)]",
    "$[?(@.x in [1])]",
    "$[?()]",
    "$[?(@.x,@.y)]",
    "$[?@.x]",
    "$.a[0]b",
    "$1.a",
    `$${"v".repeat(81)}`,
  ])("refuses %j", (text) => {
    expect(() => parsePath(text)).toThrow(expect.objectContaining({ name: "DefinitionError" }));
  });

  it("says what was expected, where, and what came", () => {
    expect(() => parsePath("$.a.")).toThrow(
      "Invalid path '$.a.': expected the name of a field at position 4 but received its end",
    );
  });
});

describe("parseReferencePath", () => {
  it.each(["$", "$.a[0]['b']", "$$.Map.Item", "$x.y"])("takes %s", (text) => {
    expect(parseReferencePath(text).text).toBe(text);
  });

  it.each(["$.a[*]", "$..a", "$.a[1:2]", "$.a[0,1]", "$.a[?(@.b)]", "$['a','b']"])("refuses %s", (text) => {
    expect(() => parseReferencePath(text)).toThrow("Value is not a Reference Path");
  });
});

it("walks 10,000 levels without overflowing the stack", () => {
  let deep: Json = { x: 1 };
  for (let level = 0; level < 10_000; level++) deep = { a: deep };
  expect(read("$..x", deep)).toEqual([1]);
});
