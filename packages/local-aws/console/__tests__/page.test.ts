import { keyPath } from "../key-path";
import { postCommand, quoted, readCommand, startCommand, uploadCommand } from "../page/curl";
import { bytesText, countText, durationText, readableCause } from "../page/format";
import { drawingOf, pathOf } from "../page/graph-layout";
import { graphOf, ruleText } from "../page/machine-graph";
import { hrefOf, parseRoute, type Route, titleOf } from "../page/route";
import { pagesOf, rowWindow } from "../page/row-window";
import { stateMarks, takenEdges } from "../page/state-marks";
import type { Visit } from "../wire";

describe("format", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [12_345, "12.3 kB"],
    [999_499, "999 kB"],
    [999_500, "1.00 MB"],
    [5_242_880, "5.24 MB"],
    [3.2e12, "3200 GB"],
  ])("writes %i bytes as %s", (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it.each([
    [-1, "< 1 ms"],
    [0, "< 1 ms"],
    [1, "1 ms"],
    [999, "999 ms"],
    [999.6, "1.00 s"],
    [12_340, "12.3 s"],
    [61_000, "1 min 1 s"],
    [7_260_000, "2 h 1 min"],
  ])("writes %d milliseconds as %s", (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });

  it("counts in the right number", () => {
    expect([countText(1, "retry", "retries"), countText(1200, "object")]).toEqual(["1 retry", "1,200 objects"]);
  });

  it("reads the message out of a function's cause, and plain text as it is", () => {
    expect([readableCause('{"errorMessage":"no room","trace":[]}'), readableCause("plain")]).toEqual([
      "no room",
      "plain",
    ]);
  });
});

describe("rowWindow", () => {
  it.each([
    [0, 600, 58, 10_000, { from: 0, to: 19 }],
    [58_000, 600, 58, 10_000, { from: 992, to: 1019 }],
    [580_000, 600, 58, 10_000, { from: 9992, to: 10_000 }],
    [5000, 600, 58, 3, { from: 3, to: 3 }],
    [0, 600, 58, 0, { from: 0, to: 0 }],
  ])("at %i of %i pixels", (top, height, row, total, window) => {
    expect(rowWindow(top, height, row, total)).toEqual(window);
  });

  it.each([
    [{ from: 0, to: 0 }, []],
    [{ from: 0, to: 100 }, [0]],
    [{ from: 95, to: 205 }, [0, 1, 2]],
  ])("%o is on the pages %o", (window, pages) => {
    expect(pagesOf(window, 100)).toEqual(pages);
  });
});

describe("route", () => {
  const routes: readonly Route[] = [
    { view: "executions" },
    { view: "executions", machine: "m", name: "a name" },
    { view: "buckets" },
    { view: "buckets", bucket: "b" },
    { view: "buckets", bucket: "b", key: "folder/100 %/ü?#.jpg" },
    { view: "map-runs" },
    { view: "log" },
    { view: "log", of: "decisions" },
  ];
  it.each(routes)("reads what it writes: %o", (route) => {
    expect(parseRoute(hrefOf(route))).toEqual(route);
  });

  it.each(["", "#", "#/", "#/none", "#/executions/only", "#/%ff"])("shows the executions for %s", (hash) => {
    expect(parseRoute(hash)).toEqual({ view: "executions" });
  });
});

describe("title", () => {
  it.each<[Route, string]>([
    [{ view: "executions" }, "Executions - s"],
    [{ view: "executions", machine: "m", name: "n" }, "n - Executions - s"],
    [{ view: "buckets", bucket: "b" }, "Buckets - s"],
    [{ view: "workshop", key: "a/b.jpg" }, "a/b.jpg - Workshop - s"],
    [{ view: "map-runs" }, "Map runs - s"],
    [{ view: "log", of: "decisions" }, "Log - s"],
  ])("of %o is %s", (route, title) => {
    expect(titleOf(route, "s")).toBe(title);
  });
});

describe("keyPath", () => {
  it.each([
    ["cat.jpg", "cat.jpg"],
    ["a b/ü?#%.jpg", "a%20b/%C3%BC%3F%23%25.jpg"],
    ["a//b/", "a//b/"],
  ])("writes %s as %s", (key, path) => {
    expect(keyPath(key)).toBe(path);
  });
});

describe("commands", () => {
  const stack = {
    name: "s",
    region: "eu-central-1",
    apiUrl: "http://127.0.0.1:3000",
    awsUrl: "http://127.0.0.1:4566",
    accessKeyId: "AKIA",
    secretAccessKey: "secret",
    buckets: [],
    machines: [],
  };

  it("are one word each for a shell, whatever is in them", () => {
    expect([quoted("cat.jpg"), quoted("a cat's.jpg"), quoted("$(rm)")]).toEqual([
      "cat.jpg",
      "'a cat'\\''s.jpg'",
      "'$(rm)'",
    ]);
  });

  it("upload, read and post what the page shows", () => {
    const signed = '--aws-sigv4 "aws:amz:eu-central-1:s3" --user AKIA:secret';
    expect(uploadCommand(stack, "b", "f/a cat.jpg")).toBe(
      `curl -T 'a cat.jpg' \\\n  ${signed} \\\n  http://127.0.0.1:4566/b/f/a%20cat.jpg`,
    );
    expect(readCommand(stack, "b", "x.png")).toBe(`curl -o x.png \\\n  ${signed} \\\n  http://127.0.0.1:4566/b/x.png`);
    expect(postCommand(stack, '{"key":"x"}')).toBe(
      `curl http://127.0.0.1:3000/process \\\n  -H 'content-type: application/json' \\\n  -d '{"key":"x"}'`,
    );
    expect(startCommand(stack, "arn:aws:states:eu-central-1:1:execution:m:e", "{}")).toBe(
      "aws stepfunctions start-execution --endpoint-url http://127.0.0.1:4566 --region eu-central-1 \\\n  --state-machine-arn arn:aws:states:eu-central-1:1:stateMachine:m \\\n  --input '{}'",
    );
  });

  it.each([
    ["iam", '--aws-sigv4 "aws:amz:eu-central-1:execute-api" --user AKIA:secret'],
    ["jwt", '-H "authorization: Bearer $TOKEN"'],
  ])("say who calls where the API asks for it: %s", (apiAuth, line) => {
    expect(postCommand({ ...stack, apiAuth }, "{}").split(" \\\n  ")[1]).toBe(line);
  });
});

const DEFINITION = {
  StartAt: "First",
  States: {
    First: {
      Type: "Task",
      Next: "Which",
      Catch: [{ ErrorEquals: ["A", "B"], Next: "Sorry" }],
    },
    Which: {
      Type: "Choice",
      Choices: [
        { Variable: "$.n", NumericGreaterThan: 3, Next: "Each" },
        { And: [{ Variable: "$.a", StringEquals: "x" }, { Not: { Variable: "$.b", IsNull: true } }], Next: "First" },
      ],
      Default: "Sorry",
    },
    Each: {
      Type: "Map",
      ItemProcessor: {
        StartAt: "Inside",
        States: { Inside: { Type: "Pass", Next: "Last" }, Last: { Type: "Succeed" } },
      },
      Next: "Both",
    },
    Both: {
      Type: "Parallel",
      Branches: [
        { StartAt: "Left", States: { Left: { Type: "Pass", End: true } } },
        { StartAt: "Right", States: { Right: { Type: "Pass", End: true } } },
      ],
      End: true,
    },
    Sorry: { Type: "Fail" },
  },
};

describe("machine graph", () => {
  const graph = graphOf(DEFINITION);

  it("has every way from one state to another", () => {
    expect(graph.edges).toEqual([
      { from: "First", to: "Which", kind: "next", label: "" },
      { from: "First", to: "Sorry", kind: "catch", label: "A, B" },
      { from: "Which", to: "Each", kind: "choice", label: "n > 3" },
      { from: "Which", to: "First", kind: "choice", label: "a = x and not b IsNull true" },
      { from: "Which", to: "Sorry", kind: "default", label: "otherwise" },
      { from: "Each", to: "Both", kind: "next", label: "" },
    ]);
  });

  it("has what is inside of states", () => {
    const inside = graph.states.map(({ name, inside: parts }) => [name, parts.map(({ startAt }) => startAt)]);

    expect(inside).toEqual([
      ["First", []],
      ["Which", []],
      ["Each", ["Inside"]],
      ["Both", ["Left", "Right"]],
      ["Sorry", []],
    ]);
  });

  it.each([
    [{ Condition: "{% $n > 3 %}" }, "$n > 3"],
    [{ Variable: "$.s", StringMatches: "a*" }, "s ~ a*"],
    [{ Variable: "$.s", NumericLessThanEqualsPath: "$.t" }, "s ≤ $.t"],
    [
      {
        Or: [
          { Variable: "$.a", BooleanEquals: true },
          { Variable: "$.b", IsPresent: false },
        ],
      },
      "a = true or b IsPresent false",
    ],
  ])("writes the rule %o as %s", (rule, text) => {
    expect(ruleText(rule)).toBe(text);
  });

  it("is drawn with each state below those that lead to it, none over another, and branches inside", () => {
    const { states, width, height } = drawingOf(graph);
    const at = new Map(states.map((placed) => [placed.state.name, placed]));
    const y = (name: string) => at.get(name)?.y ?? Number.NaN;
    const contains = (outer: string, inner: string) => {
      const [one, other] = [at.get(outer), at.get(inner)];
      if (one === undefined || other === undefined) return false;
      const across = one.x <= other.x && other.x + other.width <= one.x + one.width;
      return across && one.y <= other.y && other.y + other.height <= one.y + one.height;
    };

    expect(y("First")).toBeLessThan(y("Which"));
    expect(y("Which")).toBeLessThan(y("Each"));
    expect(y("Each")).toBeLessThan(y("Both"));
    expect([
      contains("Each", "Inside"),
      contains("Each", "Last"),
      contains("Both", "Left"),
      contains("Both", "Right"),
    ]).toEqual([true, true, true, true]);
    const leaves = states.filter(({ state }) => state.inside.length === 0);
    const overlaps = leaves.flatMap((one, index) =>
      leaves
        .slice(index + 1)
        .filter(
          (other) =>
            one.x < other.x + other.width &&
            other.x < one.x + one.width &&
            one.y < other.y + other.height &&
            other.y < one.y + one.height,
        ),
    );
    expect(overlaps).toEqual([]);
    expect(states.every((one) => one.x >= 0 && one.x + one.width <= width && one.y + one.height <= height)).toBe(true);
  });

  it("is drawn changed where the machine is changed", () => {
    const changed = {
      ...DEFINITION,
      States: { ...DEFINITION.States, Sorry: { Type: "Pass", Next: "Added" }, Added: { Type: "Fail" } },
    };

    expect(drawingOf(graphOf(changed)).states.map(({ state }) => state.name)).toContain("Added");
  });

  it.each([{}, { StartAt: "None", States: {} }, { StartAt: "A", States: { A: { Type: "Pass", Next: "None" } } }])(
    "is drawn as far as it goes: %j",
    (definition) => {
      expect(() => drawingOf(graphOf(definition))).not.toThrow();
    },
  );

  it("bends an arrow so that it leaves and arrives upright", () => {
    expect(
      pathOf(
        [
          { x: 0, y: 0 },
          { x: 10, y: 20 },
        ],
        false,
      ),
    ).toBe("M0,0C0,10 10,10 10,20");
  });
});

describe("what an execution has done with a machine", () => {
  const visit = (state: string, more: Partial<Visit> = {}): Visit => ({
    state,
    type: "Task",
    depth: 0,
    enteredAt: 0,
    how: "left",
    input: "{}",
    attempts: [],
    ...more,
  });

  it("lights a state that runs anywhere, and counts retries and visits", () => {
    const attempt = { startedAt: 0 };
    const marks = stateMarks([
      visit("A", { attempts: [attempt, attempt, attempt] }),
      visit("B", { how: "running", attempts: [attempt] }),
      visit("B"),
    ]);

    expect([...marks]).toEqual([
      ["A", { how: "left", visits: 1, retries: 2 }],
      ["B", { how: "running", visits: 2, retries: 0 }],
    ]);
  });

  it("takes the arrows between states of the same level", () => {
    expect([
      ...takenEdges([visit("A"), visit("Map"), visit("In", { depth: 1 }), visit("Out", { depth: 1 }), visit("Z")]),
    ]).toEqual(["A Map", "In Out", "Map Z"]);
  });
});
