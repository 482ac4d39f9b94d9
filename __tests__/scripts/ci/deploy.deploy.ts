import { renameSync } from "node:fs";
import { Checkout, type Run } from "./checkout";

// The real Terraform, on a stack that needs no provider: what is reviewed is what is applied.
let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const plan = () => checkout.run("plan", ["dev", "plans"]);
const deploy = (...args: readonly string[]): Run =>
  checkout.run("deploy", ["dev", "--reviewed", "plans", "--outputs", "outputs.json", ...args], {
    GITHUB_STEP_SUMMARY: `${checkout.folder}/summary.md`,
  });
const outputs = () => checkout.read("outputs.json");
const digestIn = (text: string) => /\b[0-9a-f]{64}\b/.exec(text)?.[0] ?? "no digest";

describe("scripts/ci/deploy.ts", () => {
  it("applies the reviewed plan when the code is the same, and writes the outputs as cdktf does", () => {
    checkout.commit("one", "hello");
    expect(plan().status).toBe(0);

    const { stdout, status } = deploy();

    expect(stdout).toContain(
      "image-pipeline-dev: apply the reviewed plan, because the code is unchanged since the review\n",
    );
    expect(JSON.parse(outputs())).toEqual({ "image-pipeline-dev": { word: "hello" } });
    expect(checkout.read("terraform.tfstate")).toContain('"hello"');
    expect(status).toBe(0);
  });

  it("does nothing when there is nothing to change, and still gives the outputs", () => {
    checkout.commit("one", "hello");
    plan();
    deploy();

    const { stdout, status } = deploy();

    expect(stdout).toContain("image-pipeline-dev: nothing, because the plan changes nothing\n");
    expect(JSON.parse(outputs())).toEqual({ "image-pipeline-dev": { word: "hello" } });
    expect(status).toBe(0);
  });

  it("applies a new plan when the code has changed and the plan has not", () => {
    checkout.commit("one", "hello");
    plan();
    checkout.commit("two", "hello");

    const { stdout, status } = deploy();

    expect(stdout).toContain(
      "apply the new plan, because the code has changed since the review, and the plan has not\n",
    );
    expect(status).toBe(0);
  });

  it("stops when the plan differs from the reviewed one, and shows it", () => {
    checkout.commit("one", "hello");
    plan();
    checkout.commit("two", "goodbye");

    const { stdout, status } = deploy();

    expect(stdout).toContain("stop, because the plan differs from the one that was reviewed\n");
    expect([checkout.read("terraform.tfstate"), outputs()]).toEqual(["", ""]);
    expect(checkout.read("summary.md")).toContain('input = "goodbye"');
    expect(status).toBe(1);
  });

  it("stops when the state has moved on since the review", () => {
    checkout.commit("one", "hello");
    plan();
    deploy();
    checkout.commit("two", "hello again");
    plan();
    checkout.commit("three", "meanwhile");
    checkout.terraform("apply", "-auto-approve");
    checkout.commit("two", "hello again");

    const { stdout, status } = deploy();

    expect(stdout).toContain("stop, because the plan differs from the one that was reviewed\n");
    expect(status).toBe(1);
  });

  it("stops without a reviewed plan, and deploys by hand with the digest that it showed", () => {
    checkout.commit("one", "hello");

    expect(deploy().stdout).toContain("stop, because no plan of this commit was reviewed\n");
    const byHand = deploy("--digest", digestIn(checkout.read("summary.md")));

    expect(byHand.stdout).toContain("apply the new plan, because its digest was approved by hand\n");
    expect(byHand.status).toBe(0);
  });

  it("stops when another digest was approved", () => {
    checkout.commit("one", "hello");

    const { stdout, status } = deploy("--digest", "0".repeat(64));

    expect(stdout).toContain(`stop, because the digest ${"0".repeat(64)} was approved and the plan has another\n`);
    expect(status).toBe(1);
  });

  it("applies the same changes anew when Terraform calls the reviewed plan stale", () => {
    checkout.commit("one", "hello");
    plan();
    deploy();
    checkout.commit("two", "hello again");
    plan();
    checkout.terraform("state", "mv", "terraform_data.word", "terraform_data.elsewhere");
    checkout.terraform("state", "mv", "terraform_data.elsewhere", "terraform_data.word");

    const { stderr, status } = deploy();

    expect(stderr).toContain("Saved plan is stale");
    expect(JSON.parse(outputs())).toEqual({ "image-pipeline-dev": { word: "hello again" } });
    expect(status).toBe(0);
  });

  it("refuses a plan file that does not hold the plan that was reviewed", () => {
    checkout.commit("one", "smuggled");
    plan();
    const smuggled = `${checkout.folder}/smuggled.tfplan`;
    renameSync(`${checkout.folder}/plans/image-pipeline-dev/plan.tfplan`, smuggled);
    checkout.commit("one", "hello", "--allow-empty");
    plan();
    renameSync(smuggled, `${checkout.folder}/plans/image-pipeline-dev/plan.tfplan`);

    const { stderr, status } = deploy();

    expect(stderr).toMatch(
      /^deploy: .*plan\.tfplan: expected the reviewed plan [0-9a-f]{64} but it holds [0-9a-f]{64}$/m,
    );
    expect(checkout.read("terraform.tfstate")).toBe("");
    expect(status).toBe(2);
  });

  it("ends with an error when Terraform cannot plan", () => {
    checkout.commit("one", "hello");
    checkout.synthesize({ resource: { terraform_data: { word: { input: `\${nothing.there}` } } } });

    const { stderr, status } = deploy();

    expect(stderr).toMatch(/^deploy: terraform plan failed in .*image-pipeline-dev$/m);
    expect(status).toBe(2);
  });
});

describe("scripts/ci/plan.ts", () => {
  it("prints the digest and takes no lock", () => {
    checkout.commit("one", "hello");

    const { stdout, status } = plan();

    expect(stdout).toMatch(/^image-pipeline-dev [0-9a-f]{64}$/m);
    expect(status).toBe(0);
  });
});
