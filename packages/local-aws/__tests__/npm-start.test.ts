import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { removeCodeFolder } from "../code-folder";
import { isRunning, LocalProcess } from "./support/local-process";
import { runTypeScript, synthesizeInto } from "./support/local-project";
import { onLinux } from "./support/on-linux";
import { until } from "./support/until";

const folder = mkdtempSync(join(tmpdir(), "npm-start-"));
let stack = "";

beforeAll(async () => {
  stack = await synthesizeInto(folder);
});
afterAll(() => removeCodeFolder(folder));

const start = (...args: readonly string[]) =>
  new LocalProcess(["--stack", stack, "--port", "0", "--aws-port", "0", ...args]);

/** A run whose function has been called once. */
async function startWithASandbox() {
  const local = start();
  await local.ready();
  await fetch(`${local.stackOutput("api_url")}/process`, { method: "POST", body: '{"key":"x"}' });
  await local.says("FAILED");
  return { local, sandboxes: local.sandboxes() };
}

const PROCESSES = "only Linux tells which processes another one has started";

describe("npm start, in the end", () => {
  onLinux(
    PROCESSES,
    "stops with status 0 on Ctrl-C and leaves nothing behind",
    async () => {
      const { local, sandboxes } = await startWithASandbox();

      expect(sandboxes).toHaveLength(1);
      expect(await local.end("SIGINT")).toBe(0);
      expect(sandboxes.filter(isRunning)).toEqual([]);
    },
    30_000,
  );

  onLinux(
    PROCESSES,
    "leaves no sandbox behind when it is killed itself",
    async () => {
      const { local, sandboxes } = await startWithASandbox();

      await local.end("SIGKILL");

      expect(sandboxes).toHaveLength(1);
      await until(async () => (sandboxes.some(isRunning) ? undefined : true));
    },
    30_000,
  );

  onLinux(
    PROCESSES,
    "leaves no sandbox behind when it is killed while a function keeps its thread busy",
    async () => {
      // It kills itself, so the command fails; what it printed before is in the error.
      const failure: unknown = await runTypeScript("packages/local-aws/__tests__/support/orphan-trial.ts", [
        folder,
      ]).catch((error: unknown) => error);
      const printed =
        typeof failure === "object" && failure !== null && "stdout" in failure ? String(failure.stdout) : "";
      const sandboxes = printed.trim().split(" ").map(Number);

      expect(sandboxes[0]).toBeGreaterThan(1);
      await until(async () => (sandboxes.some(isRunning) ? undefined : true));
    },
    30_000,
  );

  it("stops with status 0 on Ctrl-C before it is ready", async () => {
    const local = new LocalProcess(["--port", "0", "--aws-port", "0"]);
    await local.says("building and synthesizing");

    expect(await local.end("SIGINT")).toBe(0);
    expect(local.output).not.toContain("npm start:");
  });

  it("says where it cannot write", async () => {
    const local = start("--out", stack);

    expect(await local.exit()).toBe(1);
    expect(local.output.trim().split("\n").at(-1)).toMatch(/^npm start: (EEXIST|ENOTDIR): .*cdk\.tf\.json/);
  });

  it("says which port is in use", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = address !== null && typeof address === "object" ? String(address.port) : "";
    const local = start("--port", port);

    expect(await local.exit()).toBe(1);
    expect(local.output.trim().split("\n").at(-1)).toBe(
      `npm start: port ${port} is in use; choose another with --port (0 picks a free one)`,
    );
    other.close();
  });

  it("says when the stack is no JSON", async () => {
    const broken = join(folder, "broken.tf.json");
    writeFileSync(broken, "{");
    const local = start("--stack", broken);

    expect(await local.exit()).toBe(1);
    expect(local.output.trim().split("\n").at(-1)).toMatch(/^npm start: Expected JSON in .*broken\.tf\.json: /);
  });

  it("says when the stack is not there", async () => {
    const local = start("--stack", join(folder, "none.tf.json"));

    expect(await local.exit()).toBe(1);
    expect(local.output.trim().split("\n").at(-1)).toMatch(
      /^npm start: Expected a synthesized stack at .*none\.tf\.json: ENOENT/,
    );
  });

  it("says which zip is missing, and of what", async () => {
    const alone = join(folder, "alone");
    const filter = (path: string) => !path.endsWith("resize-image.zip");
    cpSync(dirname(stack), alone, { recursive: true, filter });
    const local = start("--stack", join(alone, "cdk.tf.json"));

    expect(await local.exit()).toBe(1);
    expect(local.output.trim().split("\n").at(-1)).toMatch(
      /^npm start: aws_lambda_function\.resize_function_\w+: expected a zip at .*resize-image\.zip: ENOENT/,
    );
  });

  it("says which resource it does not know", async () => {
    const changed = JSON.parse(readFileSync(stack, "utf8"));
    changed.resource.aws_kinesis_stream = { clicks: { name: "clicks" } };
    const path = join(folder, "kinesis.tf.json");
    writeFileSync(path, JSON.stringify(changed));
    const local = start("--stack", path);

    expect(await local.exit()).toBe(1);
    expect(local.output.trim().split("\n").at(-1)).toBe(
      "npm start: aws_kinesis_stream.clicks: the local runner does not know this resource type",
    );
  });

  it("says what is wrong with the command line", async () => {
    const local = start("--prot", "1");

    expect(await local.exit()).toBe(2);
    expect(local.output).toMatch(/^npm start: Unknown option '--prot'.*; see npm start -- --help\n$/s);
  });

  it("explains itself", async () => {
    const local = start("--help");

    expect(await local.exit()).toBe(0);
    expect(local.output).toContain("--env NAME");
  });
});
