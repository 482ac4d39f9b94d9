import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { workflowFaults } from "../../ci/workflow-rules";
import { loadProject } from "../../environments";

const ROOT = join(__dirname, "../..");
const WORKFLOWS = join(ROOT, ".github/workflows");
const workflow = (name: string) => readFileSync(join(WORKFLOWS, name), "utf8");
const all = readdirSync(WORKFLOWS).map((name) => [name, workflow(name)] as const);
/** The text of each job of a workflow, by `workflow: job`. */
const jobs = all.flatMap(([name, text]) => {
  const [, ...parts] = text.slice(text.indexOf("\njobs:\n")).split(/^ {2}([\w-]+):\n/m);
  return parts.flatMap((job, index) => (index % 2 === 0 ? [[`${name}: ${job}`, parts[index + 1] ?? ""] as const] : []));
});
const environments = loadProject().environments.map(({ name }) => name);
const lint = (...args: readonly string[]) =>
  spawnSync(process.execPath, ["--require", "tsx/cjs", "ci/lint-workflows.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });

describe("the workflows", () => {
  it("have no fault", () => {
    expect(lint().stderr).toBe("");
  });

  it.each(["plan.yml", "drift.yml"])("plan every environment: %s", (name) => {
    expect(workflow(name)).toContain(`environment: [${environments.join(", ")}]`);
    expect(workflow(name)).toMatch(new RegExp(`ci/\\w+.ts plans ${environments.join(" ")} --`));
  });

  it("deploy every environment, each after the one before", () => {
    const deploy = workflow("deploy.yml");
    const deployed = [...deploy.matchAll(/^ {6}environment: ([\w-]+)$/gm)].map(([, name]) => name);

    expect(deployed).toEqual(environments);
    expect(deploy).toContain(`options: [${environments.join(", ")}]`);
    expect([...deploy.matchAll(/^ {4}needs: ([\w-]+)$/gm)].map(([, name]) => name)).toEqual(environments.slice(0, -1));
  });

  it.each(["npm run lint", "npm run typecheck", "npm run smoke:local", "npm run test:deploy"])(
    "check everyone's changes by %s",
    (command) => {
      expect(workflow("checks.yml")).toContain(`      - run: ${command}\n`);
    },
  );

  it("check everyone's changes by the tests, and show what they cover", () => {
    expect(workflow("checks.yml")).toContain('      - run: npm run --silent coverage >> "$GITHUB_STEP_SUMMARY"\n');
  });

  it("give the checks of everyone's changes no credentials", () => {
    expect(workflow("checks.yml")).not.toMatch(/id-token|secrets\.|: write$/m);
  });

  it("plan a pull request again when it gets another base", () => {
    expect(workflow("plan.yml")).toContain("    types: [opened, synchronize, reopened, edited]\n");
  });

  it.each(all)("run no code of others with the rights of the repository: %s", (_, text) => {
    expect(text).not.toContain("pull_request_target");
    expect(text).not.toContain("workflow_run");
  });

  const forPullRequests = all.filter(([, text]) => text.slice(0, text.indexOf("\njobs:")).includes("pull_request"));
  const withRole = jobs.filter(([, text]) => text.includes("id-token: write"));

  it.each(withRole.filter(([job]) => forPullRequests.some(([name]) => job.startsWith(`${name}: `))))(
    "hand out a role to a pull request only if it is one of this repository: %s",
    (_, text) => {
      expect(text).toContain("    if: github.event.pull_request.head.repo.full_name == github.repository\n");
    },
  );

  it.each(withRole.filter(([, text]) => !/^ {4}uses: \.\//m.test(text)))(
    "take over, compared by its digest, what a job without a role has synthesized: %s",
    (_, text) => {
      expect(text).not.toMatch(/actions\/synth\n|npm run synth/);
      expect(text).toMatch(/^ {4}needs: synth$/m);
      expect(text).toContain("          digest: ${{ needs.synth.outputs.digest }}\n");
    },
  );

  it("take the deploy role only inside a GitHub environment", () => {
    const deploying = jobs.filter(([, text]) => text.includes("--role deploy"));

    expect(deploying).toEqual([
      ["deploy-environment.yml: deploy", expect.stringContaining("    environment: ${{ inputs.environment }}\n")],
    ]);
  });

  it("deploy an environment one run at a time, leave none out, and never cut one short", () => {
    expect(workflow("deploy-environment.yml")).toContain(
      "    concurrency:\n      group: deploy-${{ inputs.environment }}\n      queue: max\n",
    );
    expect(workflow("deploy-environment.yml")).not.toContain("cancel-in-progress");
  });

  it.each(jobs)("say what each job may do: %s", (_, text) => {
    expect(text).toMatch(/^ {4}permissions:\n( {6}[\w-]+: (read|write)\n)+/m);
  });

  it.each(jobs.filter(([, text]) => !/^ {4}uses: \.\//m.test(text)))("end a job that hangs: %s", (_, text) => {
    expect(text).toMatch(/^ {4}timeout-minutes: \d+$/m);
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

  it.each([
    ["a block", "- run: |\n    echo a"],
    ["a folded block", "- run: >-\n    echo a"],
    ["a command on the next line", "- run:\n    echo a"],
    ["a command that goes on", "- run: echo a\n    && echo b"],
    ["a quoted command", '- run: "echo a"'],
    ["a quoted key", '- "run": echo a'],
    ["a step in braces", "- { run: echo a }"],
  ])("refuses %s, in workflows and in actions", (_, step) => {
    const expected = `expected a command of one line, unquoted, but received ${step.split("\n")[0]}`;

    expect(workflowFaults(path, `permissions: {}\n${step}`)).toEqual([`${path}:2: ${expected}`]);
    expect(workflowFaults(".github/actions/it/action.yml", step)).toEqual([
      `.github/actions/it/action.yml:1: ${expected}`,
    ]);
  });

  it("refuses a command that others can write into", () => {
    expect(workflowFaults(path, "permissions: {}\n- run: echo ${{ github.head_ref }}")).toEqual([
      `${path}:2: expected an environment variable instead of \${{ }} in - run: echo \${{ github.head_ref }}`,
    ]);
  });

  it("accepts a command of one line, before and after other keys, and a comment about it", () => {
    const steps = '- run: npm ci\n  shell: bash\n- id: a\n  run: npm run a -- "$B"\n# run: |\n- uses: ./b';

    expect(workflowFaults(path, `permissions: {}\n${steps}`)).toEqual([]);
  });

  it("refuses a queue that GitHub does not know, which actionlint cannot tell", () => {
    expect(workflowFaults(path, "permissions: {}\nconcurrency:\n  queue: maxx")).toEqual([
      `${path}:3: expected queue to be single or max but received maxx`,
    ]);
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
    const concurrency = "concurrency:\n  group: a\n  queue: max\n  queued: max\n";
    writeFileSync(join(folder, ".github/workflows/a.yml"), `on: push\n${concurrency}jobs:\n  a:\n${steps}`);
    mkdirSync(join(folder, ".github/actions/b"), { recursive: true });
    writeFileSync(join(folder, ".github/actions/b/action.yml"), "runs:\n  steps:\n    - run: |\n        echo\n");

    const { stderr, status } = lint(folder);
    rmSync(folder, { recursive: true });

    expect(stderr).toContain("lint-workflows: 5 fault(s)\n");
    expect(stderr).toMatch(/a\.yml:10:\d+: property "nothing" is not defined/);
    expect(stderr).toMatch(/a\.yml:5:\d+: unexpected key "queued"/);
    expect(stderr).toContain("a.yml:10: expected an environment variable");
    expect(stderr).toContain("action.yml:3: expected a command of one line");
    expect(stderr).toContain('a.yml:1: expected "permissions: {}"');
    expect(status).toBe(2);
  });
});
