import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { buildFunction } from "../../packaging/function-bundle";
import { buildSharpLayer } from "../../packaging/sharp-layer";

/** How an invocation ended, in Lambda's terms. */
export interface Invocation {
  readonly returned?: unknown;
  readonly thrown?: { readonly name: string; readonly message: string };
  /** The most memory the process has held so far. */
  readonly peakBytes: number;
}

const LAMBDA_NODE_FLAGS = ["--no-experimental-require-module", "--no-experimental-detect-module"];
const CHILD = join(__dirname, "..", "fixtures", "lambda-child.cjs");
const LONG_ENOUGH_MILLISECONDS = 60_000;

/**
 * The function as it is deployed: its zip and the layer's, unpacked outside the project (where Node cannot climb into
 * the project's own node_modules), in a process of its own with a clean environment.
 */
export class FunctionProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(endpoint: string, environment: Readonly<Record<string, string>>): Promise<FunctionProcess> {
    const folder = mkdtempSync(join(tmpdir(), "function-process-"));
    const layer = await buildSharpLayer({ platform: platform(), arch: process.arch === "arm64" ? "arm64" : "x64" });
    unpack((await buildFunction("resize-image")).path, join(folder, "task"));
    unpack(layer.path, join(folder, "opt"));
    const child = fork(CHILD, [join(folder, "task", "index.js")], {
      cwd: folder,
      execArgv: LAMBDA_NODE_FLAGS,
      env: {
        NODE_PATH: join(folder, "opt", "nodejs", "node_modules"),
        AWS_REGION: "eu-central-1",
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_ENDPOINT_URL: endpoint,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
        ...environment,
      },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    return new FunctionProcess(child, folder);
  }

  /** True until the process has ended. */
  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Invokes the handler once. @throws Error when the process ends instead of answering */
  invoke(event: unknown, remainingMilliseconds = LONG_ENOUGH_MILLISECONDS): Promise<Invocation> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null, signal: string | null) => {
        reject(new Error(`Expected an answer from the function but its process ended (${signal ?? code})`));
      };
      this.child.once("exit", ended);
      this.child.once("message", (answer: Invocation) => {
        this.child.off("exit", ended);
        resolve(answer);
      });
      this.child.send({ event, remainingMilliseconds });
    });
  }

  async stop(): Promise<void> {
    if (this.alive) {
      const ended = new Promise((resolve) => this.child.once("exit", resolve));
      this.child.disconnect();
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function unpack(zipPath: string, folder: string): void {
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(zipPath)))) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
}

function platform(): "linux" | "darwin" {
  return process.platform === "darwin" ? "darwin" : "linux";
}
