import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/**
 * Builds the artifacts and synthesizes all stacks, as `cdktf synth` does, in a process of its own: what runs here is what
 * stands in the files, not objects of the program that wrote them. Gives the path of the environment's cdk.tf.json.
 */
export async function synthesize(projectFolder: string, environment: string, stop: AbortSignal): Promise<string> {
  const status = await exitStatus(["--require", require.resolve("tsx/cjs"), "main.ts"], projectFolder, stop);
  if (status !== 0) throw new Error("the stack could not be synthesized; the messages above say why");
  const stacks = join(projectFolder, "cdktf.out", "stacks");
  const names = await readdir(stacks);
  const name = `image-pipeline-${environment}`;
  if (!names.includes(name)) throw new Error(`--env: there is no stack ${name}; there are ${names.sort().join(", ")}`);
  return join(stacks, name, "cdk.tf.json");
}

function exitStatus(args: readonly string[], cwd: string, signal: AbortSignal): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { cwd, stdio: ["ignore", "inherit", "inherit"], signal });
    child.once("error", reject);
    child.once("exit", resolve);
  });
}
