import { evaluateIntrinsic, parseIntrinsic } from "../intrinsic";
import { type Json, QueryError } from "../scope";

const scope = { context: { State: { Name: "S" } }, variables: { v: [3, 4] } };
const input = {
  list: [1, 2, 3, 4, 5],
  double: [1, 1, { a: 1, b: 2 }, { b: 2, a: 1 }, "1", [1], [1]],
  name: "Arnav",
  template: "Hello, {}. \\{\\}",
  text: "a,b;c",
  object: { x: 1, y: { z: 2 } },
  json: '{"foo": ["bar", 1.5]}',
  "odd,name": "odd",
  none: null,
};

function call(text: string, data: Json = input): Json {
  return evaluateIntrinsic(parseIntrinsic(text), data, scope);
}

function failure(text: string, data: Json = input): QueryError {
  try {
    call(text, data);
  } catch (cause) {
    if (cause instanceof QueryError) return cause;
    throw cause;
  }
  throw new Error("expected a QueryError");
}

describe("the 18 functions", () => {
  it.each<[string, Json]>([
    ["States.Array()", []],
    ["States.Array('a', 1, -2.5, true, null, $.list[0], States.Array())", ["a", 1, -2.5, true, null, 1, []]],
    ["States.ArrayPartition($.list, 2)", [[1, 2], [3, 4], [5]]],
    ["States.ArrayPartition($.list, 5)", [[1, 2, 3, 4, 5]]],
    ["States.ArrayPartition($.list, 1.6)", [[1, 2], [3, 4], [5]]],
    ["States.ArrayPartition(States.Array(), 3)", []],
    ["States.ArrayContains($.list, 5)", true],
    ["States.ArrayContains($.list, '5')", false],
    ["States.ArrayContains($.double, $.double[3])", true],
    ["States.ArrayContains($.list, null)", false],
    ["States.ArrayRange(1, 9, 2)", [1, 3, 5, 7, 9]],
    ["States.ArrayRange(1, 8, 2)", [1, 3, 5, 7]],
    ["States.ArrayRange(3, 1, -1)", [3, 2, 1]],
    ["States.ArrayRange(1, 3, -1)", []],
    ["States.ArrayRange(5, 5, 1)", [5]],
    ["States.ArrayGetItem($.list, 4)", 5],
    ["States.ArrayGetItem($v, 0)", 3],
    ["States.ArrayLength($.list[*])", 5],
    ["States.ArrayLength($.list[?(@ > 3)])", 2],
    ["States.ArrayUnique($.double)", [1, { a: 1, b: 2 }, "1", [1]]],
    ["States.Base64Encode('Data to encode')", "RGF0YSB0byBlbmNvZGU="],
    ["States.Base64Decode('RGVjb2RlZCBkYXRh')", "Decoded data"],
    ["States.Base64Encode('größe')", "Z3LDtsOfZQ=="],
    ["States.Hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"],
    ["States.Hash('', 'MD5')", "d41d8cd98f00b204e9800998ecf8427e"],
    ['States.JsonMerge($.object, States.StringToJson(\'\\{"y":3,"w":4\\}\'), false)', { x: 1, y: 3, w: 4 }],
    ["States.StringToJson($.json)", { foo: ["bar", 1.5] }],
    ["States.StringToJson('null')", null],
    ["States.StringToJson('{\"a\": {}}')", { a: {} }],
    ["States.JsonToString($.object)", '{"x":1,"y":{"z":2}}'],
    ["States.JsonToString('a')", '"a"'],
    ["States.MathAdd(111, -1)", 110],
    ["States.MathAdd(1.5, 1.4)", 3],
    ["States.StringSplit($.text, ',;')", ["a", "b", "c"]],
    ["States.StringSplit('This.is+a,test=string', '.+,=')", ["This", "is", "a", "test", "string"]],
    ["States.StringSplit(',,a,,b,', ',')", ["a", "b"]],
    ["States.StringSplit('abc', ',')", ["abc"]],
    ["States.StringSplit('', ',')", []],
    ["States.Format('Hello, {}.', $.name)", "Hello, Arnav."],
    ["States.Format($.template, $.name)", "Hello, Arnav. {}"],
    ["States.Format('{} {} {} {}', 1, 2.5, true, null)", "1 2.5 true null"],
    ["States.Format('{}', $.object)", '{"x":1,"y":{"z":2}}'],
    ["States.Format('no values')", "no values"],
    ["States.Format('\\'\\{\\}\\\\{}', 'x')", "'{}\\x"],
    ["States.Format('{}', '{}')", "{}"],
    ["States.Format('{}', $['odd,name'])", "odd"],
    ["States.Format('{}', $$.State.Name)", "S"],
    [" States.Format('{}', $.none)".trim(), "null"],
    ["States.Format( 'a, b) {}' , States.Format('{}' , 1 ) )", "a, b) 1"],
  ])("%s", (text, expected) => {
    expect(call(text)).toEqual(expected);
  });

  it("States.UUID gives identifiers of version 4", () => {
    expect(call("States.UUID()")).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  it("States.MathRandom includes its start and excludes its end", () => {
    const seen = new Set(Array.from({ length: 200 }, () => call("States.MathRandom(1, 3)")));
    expect([...seen].sort()).toEqual([1, 2]);
  });

  // From the first nextInt() of java.util.Random: -1170105035 for seed 42, -1155484576 for seed 0.
  it.each([
    [42, 10, 0],
    [42, 100, 30],
    [42, 2_147_483_647, 1_562_431_130],
    [0, 100, 60],
  ])("States.MathRandom of seed %i below %i is Java's %i", (seed, bound, expected) => {
    expect(call(`States.MathRandom(0, ${bound}, ${seed})`)).toBe(expected);
  });

  it("States.MathRandom gives the same for the same seed", () => {
    const [first, again, other] = [42, 42, 43].map((seed) => call(`States.MathRandom(0, 1000000, ${seed})`));
    expect(first).toBe(again);
    expect(first).not.toBe(other);
  });
});

describe("what a function refuses is States.IntrinsicFailure", () => {
  const long = `'${"x".repeat(10_001)}'`;
  it.each([
    ["States.ArrayPartition($.list, 0)", "Expected a positive integer as chunk size but received 0"],
    ["States.ArrayPartition($.list, -1)", "Expected a positive integer as chunk size but received -1"],
    ["States.ArrayPartition($.name, 2)", 'Expected an array as first argument but received "Arnav"'],
    ["States.ArrayContains('abc', 'a')", 'Expected an array as first argument but received "abc"'],
    ["States.ArrayRange(1, 1001.4, 1)", "Expected a range of at most 1000 elements but received 1001"],
    ["States.ArrayRange(1, 2, 0)", "Expected an increment that is not zero but received 0"],
    ["States.ArrayRange(1, '2', 1)", 'Expected an integer as last value but received "2"'],
    ["States.ArrayGetItem($.list, 5)", "Expected an index from 0 to 4 but received 5"],
    ["States.ArrayGetItem($.list, -1)", "Expected an index from 0 to 4 but received -1"],
    ["States.ArrayLength($.object)", "Expected an array as first argument but received"],
    ["States.ArrayUnique(1)", "Expected an array as first argument but received 1"],
    [`States.Base64Encode(${long})`, "Expected at most 10000 characters as data"],
    [`States.Base64Decode(${long})`, "Expected at most 10000 characters as data"],
    ["States.Base64Decode('a')", 'Expected a Base64 string but received "a"'],
    ["States.Base64Decode('@@@@')", 'Expected a Base64 string but received "@@@@"'],
    ["States.Base64Encode(1)", "Expected a string as data but received 1"],
    [`States.Hash(${long}, 'MD5')`, "Expected at most 10000 characters as data"],
    ["States.Hash('a', 'SHA1')", 'Expected one of MD5, SHA-1, SHA-256, SHA-384, SHA-512 but received "SHA1"'],
    ["States.JsonMerge($.object, $.object, true)", "Expected false as third argument"],
    ["States.JsonMerge($.object, $.list, false)", "Expected an object to merge but received [1,2,3,4,5]"],
    ["States.StringToJson($.name)", 'Expected a string that is JSON text but received "Arnav"'],
    ["States.StringToJson('')", 'Expected a string that is JSON text but received ""'],
    ["States.StringToJson($.object)", "Expected a string as text but received"],
    ["States.MathAdd(2147483647, 1)", "Expected an integer from -2147483648 to 2147483647 as sum"],
    ["States.MathAdd(2147483648, 1)", "Expected an integer from -2147483648 to 2147483647 as first number"],
    ["States.MathAdd('1', 1)", 'Expected an integer as first number but received "1"'],
    ["States.MathRandom(3, 3)", "Expected an end number above 3 but received 3"],
    ["States.StringSplit(1, ',')", "Expected a string as text but received 1"],
    ["States.Format('{}')", "Expected 1 values for the template's {} but received 0"],
    ["States.Format('a', 1)", "Expected 0 values for the template's {} but received 1"],
    ["States.Format(1)", "Expected a string as template but received 1"],
    ["States.UUID(1)", "Expected 0 arguments but received 1"],
    ["States.MathRandom(1)", "Expected 2 to 3 arguments but received 1"],
    ["States.Format()", "Expected 1 or more arguments but received 0"],
  ])("%.60s", (text, reason) => {
    const failed = failure(text);
    expect(failed.error).toBe("States.IntrinsicFailure");
    expect(failed.message.startsWith(`The function '${text}' had the following error: ${reason}`)).toBe(true);
  });

  it("names the function inside that failed", () => {
    expect(failure("States.Array(States.ArrayLength(1))").message).toMatch(/^The function 'States.ArrayLength\(1\)' /);
  });

  it.each([
    ["StringToJson", "States.StringToJson($)", `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
    ["JsonToString", "States.JsonToString($)", JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`)],
    ["ArrayUnique", "States.ArrayUnique($)", JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`)],
    ["MathAdd", "States.MathAdd($, 1)", JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`)],
  ])("%s ends in an error for 10,000 levels", (_name, text, data) => {
    expect(failure(text, data).error).toBe("States.IntrinsicFailure");
  });
});

describe("a path that finds nothing", () => {
  it.each(["$.x", "$.list[9]", "$none", "$.x[*]"])("%s is an error of the function, in AWS's words", (path) => {
    expect(failure(`States.Array(${path})`, { list: [1] })).toMatchObject({
      error: "States.Runtime",
      message:
        `The function 'States.Array(${path})' had the following error: ` +
        `The JsonPath argument for the field '${path}' could not be found in the input '{"list":[1]}'`,
    });
  });
});

describe("parseIntrinsic refuses", () => {
  it.each([
    "States.Array",
    "States.Array(",
    "States.Array(1",
    "States.Array(1,)",
    "States.Array(1 2)",
    "States.Array(1) ",
    "States.Array(1)[0]",
    'States.Array("a")',
    "States.Array('a)",
    "States.Array('it's')",
    "States.Array('\\n')",
    "States.Array('a\\')",
    "States.Format('{')",
    "States.Format('a}')",
    "States.Array(01)",
    "States.Array(abc)",
    "States.Array($.a b)",
    "States.Array({})",
    "States.Reverse('a')",
    "states.array()",
    "Format('a')",
    `${"States.Array(".repeat(11)}${")".repeat(11)}`,
  ])("%s", (text) => {
    expect(() => parseIntrinsic(text)).toThrow(expect.objectContaining({ name: "DefinitionError" }));
  });

  it("takes ten functions in one field", () => {
    expect(call(`${"States.Array(".repeat(10)}${")".repeat(10)}`)).toEqual([[[[[[[[[[]]]]]]]]]]);
  });
});
