import { spawnSync } from "node:child_process";
import { CommandError } from "../command";

// Output of `show -json` grows with the stack; Node's own limit is 1 MiB.
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** How a run of Terraform ended. */
export interface TerraformRun {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Terraform without asking anything; what it says on standard error goes to the log as well. */
export function tryTerraform(folder: string, ...args: readonly string[]): TerraformRun {
  const { error, status, stdout, stderr } = spawnSync("terraform", args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT_BYTES,
    env: { ...process.env, TF_IN_AUTOMATION: "1", TF_INPUT: "0", CHECKPOINT_DISABLE: "1" },
  });
  if (error !== undefined) throw new CommandError(`expected to run terraform but it did not start: ${error.message}`);
  process.stderr.write(stderr);
  return { ok: status === 0, stdout, stderr };
}

/** The same, for a run that has to succeed. */
export function terraform(folder: string, ...args: readonly string[]): string {
  const { ok, stdout } = tryTerraform(folder, ...args);
  if (!ok) throw new CommandError(`terraform ${args[0]} failed in ${folder}`);
  return stdout;
}
