import { spawn } from "node:child_process";

/** How a command ended, and what it printed on both streams. */
export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a command to its end. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, output }));
  });
}

/** Runs a command that must succeed; the error of one that does not ends with what it printed. */
export async function succeed(...[command, args, options]: Parameters<typeof run>): Promise<string> {
  const { status, output } = await run(command, args, options);
  if (status === 0) return output;
  throw new Error(`expected ${[command, ...args].join(" ")} to succeed but it ended with ${status}:\n${output}`);
}
