import { evaluateJsonata, parseJsonata } from "../jsonata";
import { DefinitionError, ExpressionError, type Json, QueryError } from "../scope";

const input = { a: 1, text: "t", list: [{ x: 1, on: true }, { x: 2 }, { x: 3 }], nested: { b: { c: null } } };
const states = { input, context: { State: { Name: "S" } } };

function evaluate(template: Json, variables: Record<string, Json> = {}): Promise<Json> {
  return evaluateJsonata(parseJsonata(template, "Output"), states, variables);
}

async function failure(template: Json): Promise<QueryError> {
  try {
    await evaluate(template);
  } catch (cause) {
    if (cause instanceof QueryError) return cause;
    throw cause;
  }
  throw new Error("expected a QueryError");
}

function refusalOf(template: Json): { readonly thrown: unknown } {
  try {
    parseJsonata(template, "Output");
  } catch (thrown) {
    return { thrown };
  }
  throw new Error("expected a refusal");
}

describe("evaluateJsonata", () => {
  it.each<[string, Json, Json]>([
    ["keeps what is no expression", { a: ["{ % x", 1, null], b: "50%" }, { a: ["{ % x", 1, null], b: "50%" }],
    ["reads the input", "{% $states.input.a %}", 1],
    ["reads the context object", "{% $states.context.State.Name %}", "S"],
    ["reads variables", "{% $v.w + 1 %}", 3],
    ["evaluates at any depth", { p: [{ q: "{%$states.input.text%}" }, 2] }, { p: [{ q: "t" }, 2] }],
    ["gives null as null", "{% $states.input.nested.b.c %}", null],
    ["gives arrays", "{% $states.input.list.x %}", [1, 2, 3]],
    ["gives one match without its array", "{% $states.input.list[x > 2].x %}", 3],
    ["gives one match in an array where that is asked", "{% $states.input.list[x > 2].x[] %}", [3]],
    ["leaves undefined fields out", '{% {"a": $states.input.none, "b": 1} %}', { b: 1 }],
    ["knows names inside steps", "{% $states.input.list.(x * 2) %}", [2, 4, 6]],
    ["knows $ inside steps", "{% $states.input.list.x.($ + 1) %}", [2, 3, 4]],
    ["sorts and groups", "{% $states.input.list^(>x){$string(x): on} %}", { "1": true }],
    ["transforms", "{% $states.input.nested ~> |b|{'d': 2}| %}", { b: { c: null, d: 2 } }],
    ["calls functions of its own", "{% ($f := function($n){ $n <= 1 ? 1 : $n * $f($n - 1) }; $f(5)) %}", 120],
    ["maps with indexes", "{% $map($states.input.list, function($i, $n){ $i.x * $n }) %}", [0, 2, 6]],
  ])("%s", async (_promise, template, expected) => {
    expect(await evaluate(template, { v: { w: 2 } })).toEqual(expected);
  });

  it("evaluates one template many times at once, each with its own data", async () => {
    const template = parseJsonata("{% $sum($map([1..100], function($n){ $n * $states.input })) %}", "Output");
    const inputs = [1, 2, 3, 4, 5];
    const results = inputs.map((each) => evaluateJsonata(template, { input: each, context: {} }, {}));
    expect(await Promise.all(results)).toEqual(inputs.map((each) => each * 5050));
  });
});

describe("the functions of Step Functions", () => {
  it.each<[string, Json]>([
    ["$partition([1,2,3,4,5], 2)", [[1, 2], [3, 4], [5]]],
    ["$range(0, 10, 5)", [0, 5, 10]],
    ["$range(5, 1, -2)", [5, 3, 1]],
    ["$hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"],
    ["$parse('{\"a\":[1,null]}')", { a: [1, null] }],
    ["$random(7) = $random(7)", true],
    ["$random() < 1", true],
  ])("%s", async (expression, expected) => {
    expect(await evaluate(`{% ${expression} %}`)).toEqual(expected);
  });

  it("$uuid gives identifiers of version 4", async () => {
    const made = await evaluate("{% [$uuid(), $uuid()] %}");
    expect(new Set([made].flat()).size).toBe(2);
    expect(made).toEqual(
      Array(2).fill(expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)),
    );
  });

  it.each([
    ["$partition([1], -1)", ". D3137: Second argument must be zero or greater"],
    ["$range(1)", '. T0410: Argument 2 of function "range" does not match function signature'],
    ["$range(1, 360146, 1)", ": Expression evaluation memory limit exceeded: Check for excessive memory usage"],
    ["$range(0, 1e9, 1)", ": Expression evaluation memory limit exceeded: Check for excessive memory usage"],
    ["$hash('a', 'MD4')", ". D3137: Expected one of MD5, SHA-1, SHA-256, SHA-384, SHA-512 but received MD4"],
    ["$hash(1, 'MD5')", ". T0410: "],
    ["$parse('{')", ". D3137: Invalid JSON"],
    ["$parse(null)", '. T0410: Argument 1 of function "parse" does not match function signature'],
    ["$partition(1, 'a')", "T0410"],
    ["$uuid('seed')", "T0410"],
    ["$random(1, 2)", "T0410"],
    ["$eval('1')", ". T1006: Attempted to invoke a non-function"],
    ["($e := $eval; $e('1'))", ". T1006: Attempted to invoke a non-function"],
  ])("%s is refused", async (expression, part) => {
    expect((await failure(`{% ${expression} %}`)).message).toContain(part);
  });
});

describe("what the functions of Step Functions give nothing for", () => {
  it.each(["$partition([], 2)", "$partition([1], 0)", "$partition([1], -0.5)", "$range(1, 2)", "$range(5, 1, 1)"])(
    "%s",
    async (expression) => {
      expect((await failure(`{% ${expression} %}`)).message).toContain("returned nothing (undefined).");
    },
  );

  it.each(["$range(1, 5, 0)", "$hash('a')", "$parse()"])("%s", async (expression) => {
    expect((await failure(`{% ${expression} %}`)).message).toContain("returned nothing (undefined).");
  });
});

describe("numbers that JSON has not", () => {
  it.each<[string, Json]>([
    ["1/0", "Infinity"],
    ["-1/0", "-Infinity"],
    ["0/0", "NaN"],
    ["[1/0, 2]", ["Infinity", 2]],
    ["{'k': 1/0}", { k: "Infinity" }],
    ["$parseInteger('abc', '0')", "NaN"],
  ])("%s is written by its name", async (expression, expected) => {
    expect(await evaluate(`{% ${expression} %}`)).toEqual(expected);
  });
});

describe("what $states has only where there is some", () => {
  it.each(["result", "errorOutput"] as const)("%s", (field) => {
    const text = `{% $states.${field}.a %}`;

    expect(() => parseJsonata(text, "Output")).toThrow(
      expect.objectContaining({
        code: "UNSUPPORTED_JSONATA_EXPRESSION",
        message: `Field '$states.${field}' does not exist.`,
      }),
    );
    expect(() => parseJsonata(text, "Output", new Set([field]))).not.toThrow();
  });
});

describe("what fails", () => {
  it.each<[string, Json, string, string]>([
    ["undefined", { x: "{% $states.input.none %}" }, "Output/x", "returned nothing (undefined)."],
    ["undefined in an array", ["{% 1 %}", { y: "{% $none %}" }], "Output[1]/y", "returned nothing (undefined)."],
    [
      "an error of JSONata",
      "{% $states.input.text + 1 %}",
      "Output",
      'threw an error during evaluation. T2001: The left side of the "+" operator must evaluate to a number',
    ],
    ["an error of its own", "{% $error('no') %}", "Output", "threw an error during evaluation. D3137: no"],
    ["a function", "{% $sum %}", "Output", "returned an unsupported result type."],
    ["a lambda", "{% [function($x){ $x }] %}", "Output", "returned an unsupported result type."],
    ["a regular expression", "{% /a/ %}", "Output", "returned an unsupported result type."],
  ])("%s", async (_what, template, location, ending) => {
    const failed = await failure(template);
    expect(failed).toMatchObject({ error: "States.QueryEvaluationError", location });
    expect(failed.message).toMatch(/^The JSONata expression '.*' specified for the field '.*' /);
    expect(failed.message.endsWith(ending)).toBe(true);
  });

  it.each([
    ["an endless loop", "($f := function($n){ $f($n + 1) }; $f(0))"],
    ["endless recursion", "($f := function($n){ 1 + $f($n + 1) }; $f(0))"],
    ["two that call each other", "($f := function(){ $g() }; $g := function(){ $f() }; $f())"],
    ["a range too long", "[1..100000000]"],
    ["JSON of 10,000 levels", `$parse("${"[".repeat(10_000)}${"]".repeat(10_000)}")`],
    ["a result nested too deep", "$reduce([1..2000], function($deep, $n){ [[$deep]] })"],
  ])("%s ends in an error", async (_what, expression) => {
    expect((await failure(`{% ${expression} %}`)).error).toBe("States.QueryEvaluationError");
  });
});

describe("parseJsonata refuses", () => {
  it.each([
    ["an expression that is not closed", "{% 1"],
    ["an expression that is not opened", "1 %}"],
    ["a space before the expression", " {% 1 %}"],
    ["a space behind the expression", "{% 1 %} "],
    ["opened and closed by the same sign", "{%}"],
    ["an empty expression", "{% %}"],
    ["wrong syntax", "{% 1 + %}"],
    ["operators of later versions of JSONata: ?:", "{% $x ?: 1 %}"],
    ["operators of later versions of JSONata: ??", "{% $x ?? 1 %}"],
    ["the input as $", "{% $ %}"],
    ["the input as $.", "{% $.a %}"],
    ["the input as $$", "{% $$.a %}"],
    ["a plain name", "{% a %}"],
    ["a plain name in an argument", "{% $sum(a) %}"],
    ["a plain name in a function", "{% $map([1], function($x){ a }) %}"],
    ["a wildcard at the top", "{% *.a %}"],
    ["descendants at the top", "{% **.a %}"],
    ["assigning $states", "{% ($states := 1; $states) %}"],
    ["ten thousand parentheses", `{% ${"(".repeat(10_000)}1${")".repeat(10_000)} %}`],
  ])("%s", (_what, text) => {
    const { thrown } = refusalOf({ deep: [text] });

    expect(thrown).toBeInstanceOf(DefinitionError);
    // The place of an expression is told beside its message, of anything else in it.
    const place = thrown instanceof ExpressionError ? thrown.field : String(thrown);
    expect(place).toContain("Output/deep[0]");
  });

  it.each([
    ["a[1,2)", 'Expected "]", got ","'],
    ['"unterminated', "String literal must be terminated by a matching quote"],
    ["1 +", "Unexpected end of expression"],
    ['{"a":}', 'The symbol "}" cannot be used as a unary operator'],
    ["$x :=", "Unexpected end of expression"],
    ['$match("a", /abc', "No terminating / in regular expression"],
    ["phone %.other", 'The symbol "." cannot be used as a unary operator'],
    ["", "Unexpected end of expression"],
  ])("%s as INVALID_JSONATA_EXPRESSION", (text, message) => {
    expect(refusalOf(`{% ${text} %}`).thrown).toMatchObject({ code: "INVALID_JSONATA_EXPRESSION", message });
  });

  it.each([
    ["phone[0]", "Reference to 'phone' at the top level is not supported."],
    ["$map($states.input.a, function($x){ b })", "Reference to 'b' at the top level is not supported."],
    ["$$", "Reference to '$$' is not supported."],
  ])("%s as UNSUPPORTED_JSONATA_EXPRESSION", (text, message) => {
    expect(refusalOf(`{% ${text} %}`).thrown).toMatchObject({ code: "UNSUPPORTED_JSONATA_EXPRESSION", message });
  });
});
