import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..", "..", "..");
const MAIN = join(PROJECT, "packages", "local-aws", "main.ts");

/** `npm start` as a process, on free ports, with its files in a folder of its own. */
export class LocalProcess {
  readonly folder = mkdtempSync(join(tmpdir(), "local-process-"));
  output = "";
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;

  constructor(args: readonly string[]) {
    const node = ["--require", require.resolve("tsx/cjs"), MAIN, "--out", this.folder];
    this.#child = spawn(process.execPath, [...node, ...args], { cwd: PROJECT, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
    this.#exit = new Promise((resolve) => this.#child.once("exit", resolve));
  }

  /** Settles when it says that it is ready; throws with its output when it ends before. */
  async ready(): Promise<void> {
    const ended = this.#exit.then(() => {
      throw new Error(`it ended before it was ready: ${this.output}`);
    });
    await Promise.race([this.says("ready; Ctrl-C stops"), ended]);
  }

  /** Settles when its output has a text. */
  async says(text: string): Promise<void> {
    while (!this.output.includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Sends a signal and gives the exit status. */
  async end(signal: NodeJS.Signals = "SIGINT"): Promise<number | null> {
    this.#child.kill(signal);
    return this.exit();
  }

  /** Settles with the exit status when it ends by itself. */
  async exit(): Promise<number | null> {
    const status = await this.#exit;
    rmSync(this.folder, { recursive: true, force: true });
    return status;
  }

  /** A file it wrote. */
  file(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** The value of a line of aws.env. */
  variable(name: string): string {
    return new RegExp(`^${name}=(.*)$`, "m").exec(this.file("aws.env"))?.[1] ?? "";
  }

  /** How an AWS client talks to it. */
  get client() {
    return {
      endpoint: this.variable("AWS_ENDPOINT_URL"),
      region: this.variable("AWS_REGION"),
      credentials: {
        accessKeyId: this.variable("AWS_ACCESS_KEY_ID"),
        secretAccessKey: this.variable("AWS_SECRET_ACCESS_KEY"),
      },
    };
  }

  /** The value of one of the stack's outputs. */
  stackOutput(name: string): string {
    return JSON.parse(this.file("outputs.json"))["image-pipeline-dev"][name];
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Process ids of its sandboxes. */
  sandboxes(): readonly number[] {
    return childrenOf(this.pid);
  }
}

/** Whether a process exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function childrenOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? [] : children.split(" ").map(Number);
}
