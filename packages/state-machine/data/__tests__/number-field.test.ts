import { evaluateNumberField, type Numbers, parseNumberField } from "../number-field";
import type { Language } from "../payload";
import type { JsonObject } from "../scope";

const input = { one: 1, half: 0.5, text: "1", none: null };
const data = { input, scope: { context: {}, variables: { v: 9 } }, states: { input, context: {} } };

function evaluate(object: JsonObject, language: Language, numbers: Numbers): Promise<number | undefined> {
  return evaluateNumberField(parseNumberField(object, "N", language, numbers), data);
}

describe("a number field", () => {
  it.each<[JsonObject, Language, Numbers, number | undefined]>([
    [{}, "JSONPath", "integer", undefined],
    [{ N: 3 }, "JSONPath", "integer", 3],
    [{ N: -3 }, "JSONata", "integer", -3],
    [{ N: 0.5 }, "JSONPath", "number", 0.5],
    [{ NPath: "$.one" }, "JSONPath", "integer", 1],
    [{ NPath: "$.half" }, "JSONPath", "number", 0.5],
    [{ NPath: "$v" }, "JSONPath", "integer", 9],
    [{ N: "{% $v + $states.input.one %}" }, "JSONata", "integer", 10],
  ])("%j in %s as %s", async (object, language, numbers, expected) => {
    expect(await evaluate(object, language, numbers)).toBe(expected);
  });

  it.each<[string, JsonObject, Language, Numbers]>([
    [
      'The NPath field refers to value "1" which is not a valid integer: $.text',
      { NPath: "$.text" },
      "JSONPath",
      "integer",
    ],
    [
      "The NPath field refers to value null which is not a valid integer: $.none",
      { NPath: "$.none" },
      "JSONPath",
      "integer",
    ],
    [
      "The NPath field refers to value 0.5 which is not a valid integer: $.half",
      { NPath: "$.half" },
      "JSONPath",
      "integer",
    ],
    [
      "The NPath field refers to value null which is not a valid number: $.none",
      { NPath: "$.none" },
      "JSONPath",
      "number",
    ],
    ["Invalid path '$.x' : No results for path: $['x']", { NPath: "$.x" }, "JSONPath", "integer"],
    ['Expected an integer as N but received "1"', { N: "{% $states.input.text %}" }, "JSONata", "integer"],
    ["Expected a number as N but received null", { N: "{% null %}" }, "JSONata", "number"],
  ])("fails: %s", async (message, object, language, numbers) => {
    await expect(evaluate(object, language, numbers)).rejects.toThrow(message);
  });

  it.each<[string, JsonObject, Language, Numbers]>([
    ['Expected an integer as N but received "3"', { N: "3" }, "JSONPath", "integer"],
    ['Expected an integer as N but received "3"', { N: "3" }, "JSONata", "integer"],
    ["Expected an integer as N but received 0.5", { N: 0.5 }, "JSONPath", "integer"],
    ["Expected an integer as N but received null", { N: null }, "JSONPath", "integer"],
    ["Expected one of N and NPath but received both", { N: 1, NPath: "$.one" }, "JSONPath", "integer"],
    ["Expected no NPath in a state in JSONata", { NPath: "$.one" }, "JSONata", "integer"],
    ["Expected a path as NPath", { NPath: 1 }, "JSONPath", "integer"],
    ["Value is not a Reference Path", { NPath: "$..one" }, "JSONPath", "integer"],
  ])("is refused: %s", (message, object, language, numbers) => {
    expect(() => parseNumberField(object, "N", language, numbers)).toThrow(message);
  });
});
