import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { stackId } from "../environments/names";

const PROJECT = join(__dirname, "..");

/** Builds and synthesizes all stacks into a folder, and gives the path of an environment's cdk.tf.json. */
export function synthesizeInto(folder: string, environment: string): string {
  run("main.ts", [], { CDKTF_OUTDIR: folder });
  return stackIn(folder, environment);
}

/** The same for dev with other values of some fields. */
export function synthesizeWith(folder: string, fields: object): string {
  run("__tests__/support/synthesize-with.ts", [folder, JSON.stringify(fields)], {});
  return stackIn(folder, "dev");
}

function run(file: string, args: readonly string[], variables: Readonly<Record<string, string>>): void {
  execFileSync(process.execPath, [require.resolve("tsx/cli"), file, ...args], {
    cwd: PROJECT,
    env: { ...process.env, ...variables },
    stdio: "inherit",
  });
}

const stackIn = (folder: string, environment: string): string =>
  join(folder, "stacks", stackId(environment), "cdk.tf.json");
