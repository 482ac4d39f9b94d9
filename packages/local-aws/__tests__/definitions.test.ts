import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json, JsonObject } from "../json";
import { runTypeScript } from "./support/local-project";

const TASK = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: "f", "Payload.$": "$" },
  TimeoutSeconds: 10,
};
const machine = (state: JsonObject): JsonObject => ({
  StartAt: "A",
  States: { A: { ...state, Next: "B" }, B: { Type: "Pass", End: true } },
});

/** What a definition makes of an input. */
interface Trial {
  readonly definition: JsonObject;
  readonly input: Json;
  readonly becomes: object;
}

const RESULT_PATHS: Readonly<Record<string, Trial>> = {
  "the whole result of a Pass takes the place of the input": {
    definition: machine({ Type: "Pass", Result: { x: 1 }, ResultPath: "$" }),
    input: { k: 1 },
    becomes: { output: { x: 1 } },
  },
  "the whole result of a Task takes the place of the input": {
    definition: machine({ ...TASK, ResultSelector: { "of.$": "$.Payload" }, ResultPath: "$" }),
    input: { k: 1 },
    becomes: { output: { of: { k: 1 } } },
  },
  "the whole error takes the place of the input": {
    definition: machine({ ...TASK, Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$", Next: "B" }] }),
    input: { fail: "E" },
    becomes: { output: { Error: "E", Cause: "why" } },
  },
  "a part of the input takes the result": {
    definition: machine({ Type: "Pass", Result: 1, ResultPath: "$.a.b" }),
    input: { a: { c: 2 } },
    becomes: { output: { a: { b: 1, c: 2 } } },
  },
};

/** A call, and what it gives of `{"a": [1, {"b": 2, "c": 3}, 1], "d": {"c": 3, "b": 2}, "e": "C:\\f"}`. */
const CALLS: readonly (readonly [string, Json])[] = [
  ["States.Array('x, y', $.e, 15, true, null)", ["x, y", "C:\\f", 15, true, null]],
  ["States.Array(States.ArrayLength($.a), $$.StateMachine.Name)", [3, "m"]],
  ["States.ArrayContains($.a, $.d)", true],
  ["States.ArrayContains($.a, '1')", false],
  ["States.ArrayUnique($.a)", [1, { b: 2, c: 3 }]],
];

function calls(): Readonly<Record<string, Trial>> {
  const input = { a: [1, { b: 2, c: 3 }, 1], d: { c: 3, b: 2 }, e: "C:\\f" };
  return Object.fromEntries(
    CALLS.map(([call, result]) => [
      `${call} is ${JSON.stringify(result)}`,
      { definition: machine({ Type: "Pass", Parameters: { "r.$": call } }), input, becomes: { output: { r: result } } },
    ]),
  );
}

/** The rule, what it is asked about, and whether it matches. */
const RULES: readonly (readonly [JsonObject, Json, boolean])[] = [
  [{ NumericLessThan: 1000 }, 200, true],
  [{ NumericLessThan: 1000 }, "200", false],
  [{ NumericLessThan: 1000 }, null, false],
  [{ NumericLessThanPath: "$.limit" }, "200", false],
  [{ NumericGreaterThanEquals: 0 }, 0, true],
  [{ NumericGreaterThanEquals: 0 }, true, false],
  [{ StringLessThan: "9" }, "5", true],
  [{ StringLessThan: "9" }, 5, false],
  [{ StringEquals: "a" }, "a", true],
  [{ BooleanEquals: true }, "true", false],
  [{ TimestampLessThan: "2030-01-01T00:00:00Z" }, "2020-01-01T00:00:00Z", true],
  [{ TimestampLessThan: "2030-01-01T00:00:00Z" }, "2020-01-01", false],
  [{ TimestampLessThan: "2030-01-01T00:00:00Z" }, 5, false],
  [{ StringMatches: "*.jpg" }, "a/b.jpg", true],
  [{ StringMatches: "*.jpg" }, 5, false],
  [{ StringMatches: "photo?.jpg" }, "photo1.jpg", false],
  [{ StringMatches: "photo?.jpg" }, "photo?.jpg", true],
  [{ StringMatches: "a\\*[b]?" }, "a*[b]?", true],
  [{ StringMatches: "a\\*[b]?" }, "aab?", false],
];

function comparisons(): Readonly<Record<string, Trial>> {
  const choice = (rule: JsonObject): JsonObject => ({
    StartAt: "A",
    States: {
      A: { Type: "Choice", Choices: [{ ...rule, Next: "Match" }], Default: "Other" },
      Match: { Type: "Pass", Result: "match", End: true },
      Other: { Type: "Pass", Result: "other", End: true },
    },
  });
  return Object.fromEntries(
    RULES.flatMap(([comparison, value, matches]) => {
      const rule = { Variable: "$.value", ...comparison };
      const shapes = [
        { shape: rule, holds: matches },
        { shape: { Not: rule }, holds: !matches },
        { shape: { And: [rule, { Or: [rule, rule] }] }, holds: matches },
      ];
      return shapes.map(({ shape, holds }) => [
        `${JSON.stringify(shape)} is ${holds} of ${JSON.stringify(value)}`,
        { definition: choice(shape), input: { value, limit: 1000 }, becomes: { output: holds ? "match" : "other" } },
      ]);
    }),
  );
}

describe("a definition", () => {
  const trials: Readonly<Record<string, Trial>> = { ...RESULT_PATHS, ...comparisons(), ...calls() };
  let outcomes: Readonly<Record<string, unknown>> = {};

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "definitions-"));
    writeFileSync(join(folder, "trials.json"), JSON.stringify(trials));
    try {
      outcomes = JSON.parse(
        await runTypeScript("packages/local-aws/__tests__/support/run-definitions.ts", [join(folder, "trials.json")]),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  it.each(Object.keys(trials))("means that %s", (name) => {
    expect(outcomes[name]).toEqual(trials[name]?.becomes);
  });
});
