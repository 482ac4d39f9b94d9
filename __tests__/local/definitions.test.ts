import type { Json, JsonObject } from "../../local/json";
import { runTypeScript } from "../support/local-project";

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

describe("a definition", () => {
  const trials = { ...RESULT_PATHS };
  let outcomes: Readonly<Record<string, unknown>> = {};

  beforeAll(async () => {
    outcomes = JSON.parse(await runTypeScript("__tests__/support/run-definitions.ts", [JSON.stringify(trials)]));
  }, 60_000);

  it.each(Object.keys(trials))("means that %s", (name) => {
    expect(outcomes[name]).toEqual(trials[name]?.becomes);
  });
});
