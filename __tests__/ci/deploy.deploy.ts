import { readdirSync } from "node:fs";
import { Checkout, type Run } from "./checkout";

// The real Terraform, on a stack that needs no provider: what is reviewed is what is applied.
let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const SAVED = "plans/image-pipeline-dev";
const plan = () => checkout.run("plan", ["dev", "plans"]);
const deploy = (...args: readonly string[]): Run =>
  checkout.run("deploy", ["dev", "--reviewed", "plans", "--outputs", "outputs.json", ...args], {
    GITHUB_STEP_SUMMARY: `${checkout.folder}/summary.md`,
  });
const outputs = () => checkout.read("outputs.json");
const digestIn = (text: string) => /\b[0-9a-f]{64}\b/.exec(text)?.[0] ?? "no digest";

describe("ci/deploy.ts", () => {
  it("applies a plan that is the one that was reviewed, and writes the outputs as cdktf does", () => {
    checkout.say("hello");
    expect(plan().status).toBe(0);

    const { stdout, status } = deploy();

    expect(stdout).toContain("image-pipeline-dev: apply, because the plan is the one that was reviewed\n");
    expect(JSON.parse(outputs())).toEqual({ "image-pipeline-dev": { word: "hello" } });
    expect(checkout.read("terraform.tfstate")).toContain('"hello"');
    expect(status).toBe(0);
  });

  it("says in the job summary what was deployed, with the digest that the review showed", () => {
    checkout.say("hello");
    const reviewed = digestIn(plan().stdout);
    deploy();

    expect(digestIn(checkout.read("summary.md"))).toBe(reviewed);
    expect(checkout.read("summary.md")).toContain("Deployed, because the plan is the one that was reviewed.");
  });

  it("does nothing when there is nothing to change, and still gives the outputs", () => {
    checkout.say("hello");
    plan();
    deploy();

    const { stdout, status } = deploy();

    expect(stdout).toContain("image-pipeline-dev: nothing, because the plan changes nothing\n");
    expect(JSON.parse(outputs())).toEqual({ "image-pipeline-dev": { word: "hello" } });
    expect(status).toBe(0);
  });

  it("stops when the plan differs from the reviewed one, and shows it", () => {
    checkout.say("hello");
    plan();
    checkout.say("goodbye");

    const { stdout, status } = deploy();

    expect(stdout).toContain("stop, because the plan differs from the one that was reviewed\n");
    expect([checkout.read("terraform.tfstate"), outputs()]).toEqual(["", ""]);
    expect(checkout.read("summary.md")).toContain('input = "goodbye"');
    expect(status).toBe(1);
  });

  it("stops when the plan is the same and would run another command", () => {
    checkout.say("hello");
    plan();
    checkout.say("hello", { provisioner: [{ "local-exec": { command: `touch ${checkout.folder}/ran` } }] });

    const { stdout, status } = deploy();

    expect(stdout).toContain("stop, because the plan differs from the one that was reviewed\n");
    expect(readdirSync(checkout.folder)).not.toContain("ran");
    expect(status).toBe(1);
  });

  it("stops when the state has moved on since the review", () => {
    checkout.say("hello");
    plan();
    deploy();
    checkout.say("hello again");
    plan();
    checkout.say("meanwhile");
    checkout.terraform("apply", "-auto-approve");
    checkout.say("hello again");

    const { stdout, status } = deploy();

    expect(stdout).toContain("stop, because the plan differs from the one that was reviewed\n");
    expect(status).toBe(1);
  });

  it("stops without a reviewed plan, and deploys by hand with the digest that it showed", () => {
    checkout.say("hello");

    expect(deploy().stdout).toContain("stop, because no plan of this commit was reviewed\n");
    const byHand = deploy("--digest", digestIn(checkout.read("summary.md")));

    expect(byHand.stdout).toContain("apply, because its digest was approved by hand\n");
    expect(byHand.status).toBe(0);
  });

  it("stops when another digest was approved", () => {
    checkout.say("hello");

    const { stdout, status } = deploy("--digest", "0".repeat(64));

    expect(stdout).toContain(`stop, because the digest ${"0".repeat(64)} was approved and the plan has another\n`);
    expect(status).toBe(1);
  });

  it("runs no plan file that lies beside what was reviewed", () => {
    checkout.say("smuggled");
    checkout.terraform("init");
    checkout.terraform("plan", `-out=${checkout.folder}/smuggled.tfplan`);
    checkout.say("hello");
    plan();
    checkout.move("smuggled.tfplan", `${SAVED}/plan.tfplan`);

    const { status } = deploy();

    expect(JSON.parse(outputs())).toEqual({ "image-pipeline-dev": { word: "hello" } });
    expect(status).toBe(0);
  });

  it("ends with an error when Terraform cannot plan", () => {
    checkout.synthesize({ resource: { terraform_data: { word: { input: `\${nothing.there}` } } } });

    const { stderr, status } = deploy();

    expect(stderr).toMatch(/^deploy: terraform plan failed in .*image-pipeline-dev$/m);
    expect(status).toBe(2);
  });
});

describe("ci/plan.ts", () => {
  it("prints the digest and takes no lock", () => {
    checkout.say("hello");

    const { stdout, status } = plan();

    expect(stdout).toMatch(/^image-pipeline-dev [0-9a-f]{64}$/m);
    expect(status).toBe(0);
  });

  it("keeps what can be read and compared, no plan file and no sensitive value", () => {
    checkout.synthesize({
      variable: { key: { type: "string", sensitive: true } },
      resource: { terraform_data: { it: { input: `\${var.key}` } } },
    });
    checkout.run("plan", ["dev", "plans"], { TF_VAR_key: "hunter2" });

    expect(readdirSync(`${checkout.folder}/${SAVED}`)).toEqual(["cdk.tf.json", "plan.json"]);
    expect(checkout.read(`${SAVED}/plan.json`)).toContain("terraform_data.it");
    expect(checkout.read(`${SAVED}/plan.json`)).not.toContain("hunter2");
    expect(readdirSync(checkout.folder).filter((name) => name.startsWith("image-pipeline-"))).toEqual([]);
  });
});
