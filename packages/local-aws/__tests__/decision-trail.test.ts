import { setImmediate as nextTurn } from "node:timers/promises";
import type { Asked } from "../iam/authorizer";
import { DecisionTrail } from "../iam/decision-trail";

const service = { kind: "service", name: "events.amazonaws.com" } as const;
const asked = (action: string, more: Partial<Asked> = {}): Asked => ({
  principal: service,
  action,
  resource: "*",
  decision: { allowed: true, by: ["statement"] },
  ...more,
});
const denied = { allowed: false, message: "no" } as const;
const actions = (trail: DecisionTrail, execution?: string) =>
  trail.decisions(execution).kept.map(({ asked: { action } }) => action);

describe("DecisionTrail", () => {
  it("knows for which execution something runs, however long it takes", async () => {
    const trail = new DecisionTrail();
    const run = (execution: string) =>
      trail.within(execution, async () => {
        trail.remember(asked(`${execution} begins`));
        await nextTurn();
        trail.remember(asked(`${execution} ends`));
      });
    await Promise.all([run("one"), run("two")]);

    expect(actions(trail, "one")).toEqual(["one begins", "one ends"]);
    expect(actions(trail, "two")).toEqual(["two begins", "two ends"]);
    expect(actions(trail)).toEqual([]);
  });

  it("gives an execution what led to it", () => {
    const trail = new DecisionTrail();
    trail.remember(asked("before all"));
    trail.begin(() => {
      trail.remember(asked("may start"));
      trail.within("one", () => trail.remember(asked("runs")));
      trail.within("two", () => {});
    });
    trail.begin(() => trail.remember(asked("leads to nothing")));

    expect(actions(trail, "one")).toEqual(["may start", "runs"]);
    expect(actions(trail, "two")).toEqual([]);
    expect(actions(trail)).toEqual(["before all", "leads to nothing"]);
  });

  it("gives the requests under a sandbox's keys to the execution it works for, as long as it does", () => {
    const trail = new DecisionTrail();
    const session = { ...service };
    trail.serves(session, "one");
    trail.begin(() => trail.remember(asked("reads", { principal: session })));
    trail.remember(asked("of somebody else's"));
    trail.serves(session, undefined);
    trail.remember(asked("too late", { principal: session }));

    expect(actions(trail, "one")).toEqual(["reads"]);
    expect(actions(trail)).toEqual(["of somebody else's", "too late"]);
  });

  it("forgets what was allowed before what was denied, and says how much", () => {
    const trail = new DecisionTrail();
    trail.within("one", () => {
      trail.remember(asked("denied", { decision: denied }));
      for (let count = 0; count < 1000; count++) trail.remember(asked(`allowed ${count}`));
    });
    const { kept, forgotten } = trail.decisions("one");

    expect([kept.length, forgotten]).toEqual([200, 801]);
    expect([actions(trail, "one")[0], actions(trail, "one").at(-1)]).toEqual(["denied", "allowed 999"]);
  });

  it("keeps those of the last executions", () => {
    const trail = new DecisionTrail();
    for (let count = 0; count < 1001; count++) trail.within(`execution ${count}`, () => trail.remember(asked("x")));

    expect([actions(trail, "execution 0"), actions(trail, "execution 1000")]).toEqual([[], ["x"]]);
  });
});
