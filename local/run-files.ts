import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OPERATOR_CREDENTIALS } from "./iam/credentials";
import type { Runner } from "./runner";

/** Writes what other commands read while the stack runs: outputs.json and aws.env. */
export async function writeRunFiles(folder: string, runner: Runner): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWhole(
    join(folder, "outputs.json"),
    `${JSON.stringify({ [runner.stackName]: runner.outputs }, undefined, 2)}\n`,
  );
  await writeWhole(
    join(folder, "aws.env"),
    `${Object.entries(awsEnvironment(runner))
      .map(([name, value]) => `${name}=${value}`)
      .join("\n")}\n`,
  );
}

/** Removes them: they describe a stack that runs no more. */
export async function removeRunFiles(folder: string): Promise<void> {
  await rm(join(folder, "outputs.json"), { force: true });
  await rm(join(folder, "aws.env"), { force: true });
}

/** The environment variables that lead AWS clients to this machine. */
export function awsEnvironment({
  awsUrl,
  region,
}: Pick<Runner, "awsUrl" | "region">): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: awsUrl,
    AWS_ACCESS_KEY_ID: OPERATOR_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: OPERATOR_CREDENTIALS.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}

/** In one step, so that a script that waits for the file never reads half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, text);
  await rename(unfinished, path);
}
