import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { OPERATOR_CREDENTIALS } from "./iam/credentials";
import type { Runner } from "./runner";

/** What other commands read while the stack runs: outputs.json and aws.env in a folder. */
export class RunFiles {
  #written: readonly { readonly path: string; readonly text: string }[] = [];

  constructor(private readonly folder: string) {}

  /** Writes them. Gives the AWS endpoint of another run, still alive, that they described until now. */
  async write(runner: Pick<Runner, "stackName" | "outputs" | "awsUrl" | "region">): Promise<string | undefined> {
    const variables = Object.entries(awsEnvironment(runner)).map(([name, value]) => `${name}=${value}\n`);
    const files = [
      {
        path: join(this.folder, "outputs.json"),
        text: `${JSON.stringify({ [runner.stackName]: runner.outputs }, undefined, 2)}\n`,
      },
      { path: join(this.folder, "aws.env"), text: variables.join("") },
    ];
    await mkdir(this.folder, { recursive: true });
    const other = await liveEndpoint(join(this.folder, "aws.env"));
    this.#written = files;
    for (const { path, text } of files) await writeWhole(path, text);
    return other;
  }

  /** Removes them, unless another run has written its own in their place: they describe a stack that runs no more. */
  async remove(): Promise<void> {
    for (const { path, text } of this.#written) if ((await textOf(path)) === text) await rm(path);
  }
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
    // A token that is left over in a shell would go with every request, and be refused.
    AWS_SESSION_TOKEN: "",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}

async function liveEndpoint(awsEnvPath: string): Promise<string | undefined> {
  const url = /^AWS_ENDPOINT_URL=(\S+)$/m.exec((await textOf(awsEnvPath)) ?? "")?.[1];
  if (url === undefined) return undefined;
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.destroy();
      resolve(url);
    }).on("error", () => resolve(undefined));
  });
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}

/** In one step, so that a script that waits for the file never reads half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, text);
  await rename(unfinished, path);
}
