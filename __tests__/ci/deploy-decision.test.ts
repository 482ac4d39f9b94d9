import { type DeployFacts, deployDecision } from "../../ci/deploy-decision";
import { planFixture } from "../../packages/plan-review/__tests__/plan-fixture";

const { plan } = planFixture("changed-policy");
const fresh = { plan, digest: "new" };
const reviewed = { digest: "new" };

describe("deployDecision", () => {
  it.each<[string, Partial<DeployFacts>, string, string]>([
    ["the plan that was reviewed", {}, "apply", "the plan is the one that was reviewed"],
    ["another plan", { reviewed: { digest: "old" } }, "stop", "the plan differs from the one that was reviewed"],
    ["no review", { reviewed: undefined }, "stop", "no plan of this commit was reviewed"],
    [
      "no review but a digest",
      { reviewed: undefined, approvedDigest: "new" },
      "apply",
      "its digest was approved by hand",
    ],
    [
      "another plan but its digest",
      { reviewed: { digest: "old" }, approvedDigest: "new" },
      "apply",
      "its digest was approved by hand",
    ],
    [
      "another digest",
      { reviewed: undefined, approvedDigest: "old" },
      "stop",
      "the digest old was approved and the plan has another",
    ],
    [
      "nothing to change",
      { fresh: { ...fresh, plan: planFixture("no-change").plan }, reviewed: undefined },
      "nothing",
      "the plan changes nothing",
    ],
  ])("with %s", (_, facts, action, because) => {
    expect(deployDecision({ fresh, reviewed, approvedDigest: undefined, ...facts })).toEqual({ action, because });
  });
});
