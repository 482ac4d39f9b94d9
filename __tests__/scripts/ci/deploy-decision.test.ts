import { type DeployFacts, deployDecision } from "../../../scripts/ci/deploy-decision";
import { planFixture } from "../plan-review/plan-fixture";

const { plan } = planFixture("changed-policy");
const fresh = { plan, digest: "new", tree: "code" };
const reviewed = { digest: "new", tree: "code" };

describe("deployDecision", () => {
  it.each<[string, Partial<DeployFacts>, string, string]>([
    ["the same code and plan", {}, "apply the reviewed plan", "the code is unchanged since the review"],
    [
      "other code, the same plan",
      { reviewed: { ...reviewed, tree: "older" } },
      "apply the new plan",
      "the code has changed since the review, and the plan has not",
    ],
    [
      "the same code, another plan",
      { reviewed: { ...reviewed, digest: "old" } },
      "stop",
      "the plan differs from the one that was reviewed",
    ],
    [
      "other code, another plan",
      { reviewed: { digest: "old", tree: "older" } },
      "stop",
      "the plan differs from the one that was reviewed",
    ],
    ["no review", { reviewed: undefined }, "stop", "no plan of this commit was reviewed"],
    [
      "no review but a digest",
      { reviewed: undefined, approvedDigest: "new" },
      "apply the new plan",
      "its digest was approved by hand",
    ],
    [
      "another plan but its digest",
      { reviewed: { digest: "old", tree: "code" }, approvedDigest: "new" },
      "apply the new plan",
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
