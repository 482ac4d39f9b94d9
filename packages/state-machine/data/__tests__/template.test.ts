import { type Json, QueryError } from "../scope";
import { evaluateTemplate, parseTemplate } from "../template";

const scope = { context: { State: { Name: "S" } }, variables: { v: { w: 1 } } };

function evaluate(template: Json, input: Json): Json {
  return evaluateTemplate(parseTemplate(template), input, scope);
}

function failure(template: Json, input: Json): QueryError {
  try {
    evaluate(template, input);
  } catch (cause) {
    if (cause instanceof QueryError) return cause;
    throw cause;
  }
  throw new Error("expected a QueryError");
}

describe("evaluateTemplate", () => {
  const input = { a: 1, list: [{ x: 1 }, { x: 2 }], text: "$.a" };
  it.each<[string, Json, Json]>([
    ["keeps constants", { a: [1, { b: null }], text: "$.a" }, { a: [1, { b: null }], text: "$.a" }],
    [
      "reads paths at any depth",
      { p: { "q.$": "$.a" }, r: [{ "s.$": "$.list[0].x" }] },
      { p: { q: 1 }, r: [{ s: 1 }] },
    ],
    ["reads the context object and variables", { "n.$": "$$.State.Name", "w.$": "$v.w" }, { n: "S", w: 1 }],
    [
      "gives arrays for paths that may find many",
      { "xs.$": "$.list[*].x", "none.$": "$.list[*].y" },
      { xs: [1, 2], none: [] },
    ],
    ["does not read what a path found", { "t.$": "$.text" }, { t: "$.a" }],
    ["calls functions", { "l.$": "States.ArrayLength($.list)" }, { l: 2 }],
    ["gives null for an index past the end", { "x.$": "$.list[9]" }, { x: null }],
    ["keeps fields named like prototypes", { "__proto__.$": "$.a" }, JSON.parse('{"__proto__":1}')],
    ["takes values that are no object", "text", "text"],
  ])("%s", (_promise, template, expected) => {
    expect(evaluate(template, input)).toEqual(expected);
  });

  it("keeps the order of fields", () => {
    expect(JSON.stringify(evaluate({ b: 1, "a.$": "$.a", c: 2 }, input))).toBe('{"b":1,"a":1,"c":2}');
  });

  it("says which field's path found nothing, in AWS's words", () => {
    expect(failure({ in: { "value.$": "$.x" } }, { a: "b" })).toMatchObject({
      error: "States.Runtime",
      message: `The JSONPath '$.x' specified for the field 'value.$' could not be found in the input '{"a":"b"}'`,
    });
  });

  it("says that null has no fields", () => {
    expect(failure({ "value.$": "$.x" }, null).message).toBe(
      "Unable to apply Path transformation to null or empty input.",
    );
  });

  it("ends in an error for input too deep to be written into the cause", () => {
    const deep: Json = JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`);
    expect(failure({ "value.$": "$.x" }, { deep }).error).toBe("States.Runtime");
  });
});

describe("parseTemplate", () => {
  it.each<[Json]>([
    ["text"],
    [1],
    [null],
    [{}],
    ["$.a b"],
    ["States.None()"],
    ["States.Format('a'"],
    [" $.a"],
    ["Format('a')"],
  ])("refuses %j in a field that ends with .$", (value) => {
    expect(() => parseTemplate({ deep: [{ "name.$": value }] })).toThrow(
      "The value for the field 'name.$' must be a valid JSONPath or a valid intrinsic function call",
    );
  });

  it("refuses templates of more than a thousand levels", () => {
    const deep: Json = JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`);
    expect(() => parseTemplate(deep)).toThrow("at most 1000 levels");
  });
});
