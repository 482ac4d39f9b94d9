import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const PROJECT = join(__dirname, "..", "..", "..", "..");
const run = promisify(execFile);

/** Synthesizes the project into a folder, as `npm start` does, and gives the path of an environment's cdk.tf.json. */
export async function synthesizeInto(folder: string, environment = "dev"): Promise<string> {
  await runTypeScript("main.ts", [], { CDKTF_OUTDIR: folder });
  return join(folder, "stacks", `image-pipeline-${environment}`, "cdk.tf.json");
}

/** Synthesizes dev with some of its fields otherwise, and gives the path of its cdk.tf.json. */
export async function synthesizeDevWith(fields: object, folder: string): Promise<string> {
  const script = "packages/local-aws/__tests__/support/synthesize-dev-with.ts";
  await runTypeScript(script, [JSON.stringify(fields)], { CDKTF_OUTDIR: folder });
  return join(folder, "stacks", "image-pipeline-dev", "cdk.tf.json");
}

/**
 * Runs one of the project's TypeScript files in a process of its own, because the runner's libraries are ES modules,
 * which Jest cannot load. Gives what it printed.
 */
export async function runTypeScript(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await run(process.execPath, ["--require", require.resolve("tsx/cjs"), file, ...args], {
    cwd: PROJECT,
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
