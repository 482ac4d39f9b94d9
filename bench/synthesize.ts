import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Builds and synthesizes all stacks into a folder, and gives the path of an environment's cdk.tf.json. */
export function synthesizeInto(folder: string, environment: string): string {
  execFileSync(process.execPath, ["--require", require.resolve("tsx/cjs"), "main.ts"], {
    cwd: join(__dirname, ".."),
    env: { ...process.env, CDKTF_OUTDIR: folder },
    stdio: "inherit",
  });
  return join(folder, "stacks", `image-pipeline-${environment}`, "cdk.tf.json");
}
