import { spawnSync } from "node:child_process";
import { CommandError } from "@image-pipeline/command";

// Output of `show -json` grows with the stack; Node's own limit is 1 MiB.
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Runs Terraform without asking anything and gives its output; what it says on standard error goes to the log. */
export function terraform(folder: string, ...args: readonly string[]): string {
  const { error, status, stdout } = spawnSync("terraform", args, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: MAX_OUTPUT_BYTES,
    env: { ...process.env, TF_IN_AUTOMATION: "1", TF_INPUT: "0", CHECKPOINT_DISABLE: "1" },
  });
  if (error !== undefined) throw new CommandError(`expected to run terraform but it did not start: ${error.message}`);
  if (status !== 0) throw new CommandError(`terraform ${args[0]} failed in ${folder}`);
  return stdout;
}
