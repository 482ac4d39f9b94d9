import { TaskError } from "@image-pipeline/state-machine";
import { run, start } from "../../../state-machine/__tests__/support/run-machine";
import { visitsOf } from "../server/execution-visits";

const FUNCTION = "arn:aws:lambda:eu-central-1:111111111111:function:f";
const task = (more: object) => ({ Type: "Task", Resource: FUNCTION, ...more });
const machine = (states: object, startAt = "A") => JSON.parse(JSON.stringify({ StartAt: startAt, States: states }));
const lines = (visits: ReturnType<typeof visitsOf>) =>
  visits.map(({ state, how, depth, attempts }) => `${"  ".repeat(depth)}${state} ${how} ${attempts.length}`);

describe("visitsOf", () => {
  it("tells each stay with its input, its output and its time", async () => {
    const { execution } = await run(machine({ A: { Type: "Wait", Seconds: 5, Next: "B" }, B: { Type: "Succeed" } }), {
      n: 1,
    });
    const [first, second] = visitsOf(execution.events);

    expect(first).toMatchObject({
      state: "A",
      type: "Wait",
      how: "left",
      input: '{"n":1}',
      output: '{"n":1}',
      depth: 0,
    });
    expect((first?.leftAt ?? 0) - (first?.enteredAt ?? 0)).toBe(5000);
    expect(second).toMatchObject({ state: "B", type: "Succeed", how: "left" });
  });

  it("counts the tries of a task, with the error and cause of each", async () => {
    const Retry = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 2, BackoffRate: 1 }];
    const { execution } = await run(
      machine({ A: task({ Retry, End: true }) }),
      {},
      {
        task: (_call, attempt) => {
          if (attempt < 3) throw new TaskError("Busy", `attempt ${attempt}`);
          return "done";
        },
      },
    );
    const [visit] = visitsOf(execution.events);

    expect(visit?.how).toBe("left");
    expect(visit?.attempts.map(({ error, cause }) => [error, cause])).toEqual([
      ["Busy", "attempt 1"],
      ["Busy", "attempt 2"],
      [undefined, undefined],
    ]);
  });

  it("says that a state failed its machine, and goes on with it after a redrive", async () => {
    let fails = true;
    const { execution } = await run(
      machine({ A: task({ Next: "B" }), B: { Type: "Pass", End: true } }),
      {},
      {
        task: () => {
          if (fails) throw new TaskError("Broken", "why");
          return {};
        },
      },
    );
    const failed = visitsOf(execution.events);
    fails = false;
    execution.redrive();
    await execution.done;

    expect(lines(failed)).toEqual(["A failed 1"]);
    expect(lines(visitsOf(execution.events))).toEqual(["A left 2", "B left 0"]);
  });

  it("keeps apart what runs side by side, inside of the state that holds it", async () => {
    const inside = (name: string) => ({
      StartAt: `${name}1`,
      States: {
        [`${name}1`]: { Type: "Wait", Seconds: 1, Next: `${name}2` },
        [`${name}2`]: { Type: "Pass", End: true },
      },
    });
    const { execution } = await run(
      machine({
        A: { Type: "Parallel", Branches: [inside("L"), inside("R")], ResultPath: null, Next: "M" },
        M: { Type: "Map", ItemsPath: "$.items", ItemProcessor: inside("I"), Next: "Z" },
        Z: { Type: "Pass", End: true },
      }),
      { items: [1, 2] },
    );

    expect(lines(visitsOf(execution.events)).toSorted()).toEqual(
      [
        "A left 0",
        "  L1 left 0",
        "  R1 left 0",
        "  L2 left 0",
        "  R2 left 0",
        "M left 0",
        "  I1 left 0",
        "  I1 left 0",
        "  I2 left 0",
        "  I2 left 0",
        "Z left 0",
      ].toSorted(),
    );
  });

  it("goes on after a state that was caught", async () => {
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Sorry" }];
    const { execution } = await run(
      machine({ A: task({ Catch, End: true }), Sorry: { Type: "Fail", Error: "E" } }),
      {},
      {
        task: () => {
          throw new TaskError("Broken", "why");
        },
      },
    );

    expect(lines(visitsOf(execution.events))).toEqual(["A left 1", "Sorry failed 0"]);
  });

  it("says what still runs, and what was given up", async () => {
    const { execution } = start(machine({ A: task({ End: true }) }), {}, { task: () => new Promise(() => {}) });
    await new Promise((resolve) => setImmediate(resolve));
    const running = visitsOf(execution.events);
    await execution.stop();

    expect(lines(running)).toEqual(["A running 1"]);
    expect(lines(visitsOf(execution.events))).toEqual(["A aborted 1"]);
  });

  it("has nothing to tell of an execution without events", () => {
    expect(visitsOf([])).toEqual([]);
  });
});
