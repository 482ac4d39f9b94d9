import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { forEachLine } from "./for-each-line";
import type { FunctionCode } from "./function-code";
import { residentMemoryMb } from "./resident-memory";
import { type InvokeMessage, isSandboxMessage, type RuntimeError } from "./sandbox-protocol";

// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
const MAX_INIT_MS = 10_000;

// As Lambda starts its own runtime; require() of an ES module would work here and fail there.
const NODE_FLAGS = ["--no-experimental-require-module", "--no-experimental-detect-module"];
const MEMORY_CHECK_MS = 100;
const RUNTIME_FILE = join(__dirname, "sandbox-runtime.mts");

/** How an invocation ended. */
export type SandboxResult =
  | { readonly ok: true; readonly payload: string; readonly maxMemoryMb: number }
  | { readonly ok: false; readonly error: RuntimeError; readonly maxMemoryMb: number };

/** What a sandbox is started with. */
export interface SandboxOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly code: FunctionCode;
  readonly memoryMb: number;
  readonly onOutput: (line: string) => void;
}

/** One execution environment: a process that serves one invocation at a time. */
export class Sandbox {
  /** Settles when the handler is loaded, or gives the error that kept it from loading. */
  readonly ready: Promise<RuntimeError | undefined>;
  readonly #process: ChildProcess;
  readonly #exited: Promise<string>;
  readonly #memoryMb: number;
  #peakMb = 0;
  #alive = true;
  #settle: ((result: SandboxResult) => void) | undefined;
  #currentRequestId = "";

  constructor({ environment, code, memoryMb, onOutput }: SandboxOptions) {
    this.#memoryMb = memoryMb;
    const { taskFolder, compiledFolder } = code;
    const args = [...NODE_FLAGS, `--max-old-space-size=${memoryMb}`, RUNTIME_FILE, compiledFolder];
    this.#process = spawn(process.execPath, args, {
      cwd: taskFolder,
      // https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache; the runtime hides it from the function.
      env: { NODE_COMPILE_CACHE: compiledFolder, ...environment },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // A process group of its own: Ctrl-C reaches the runner alone, and what the function starts dies with it.
      detached: true,
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream) forEachLine(stream, onOutput);
    }
    this.#exited = new Promise((resolve) => {
      this.#process.once("error", (error) => resolve(`exit status ${error.message}`));
      this.#process.once("exit", (code, signal) => resolve(exitReason(code, signal)));
    });
    this.#exited.then((reason) => this.#onExit(reason));
    this.ready = this.#awaitReady();
    this.#process.on("message", (message) => this.#onMessage(message));
  }

  /** Whether it can take another invocation. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Runs one event; the sandbox is killed when it takes longer than the timeout. */
  async invoke(message: InvokeMessage, timeoutSeconds: number): Promise<SandboxResult> {
    const result = new Promise<SandboxResult>((resolve) => {
      this.#settle = resolve;
    });
    this.#currentRequestId = message.requestId;
    const timer = setTimeout(() => {
      this.#finish({
        errorType: "Sandbox.Timedout",
        errorMessage: `Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
      });
      this.kill();
    }, message.deadline - Date.now());
    const memory = setInterval(() => this.#checkMemory(), MEMORY_CHECK_MS);
    try {
      if (this.#alive) this.#process.send(message, () => {});
      else
        this.#finish({
          errorType: "Runtime.ExitError",
          errorMessage: "Error: Runtime exited without providing a reason",
        });
      return await result;
    } finally {
      clearTimeout(timer);
      clearInterval(memory);
    }
  }

  /** Ends the process and everything it started. */
  kill(): void {
    this.#alive = false;
    const { pid } = this.#process;
    if (pid === undefined || this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It was faster.
    }
  }

  /** Settles when the process is gone. */
  async gone(): Promise<void> {
    await this.#exited;
  }

  async #awaitReady(): Promise<RuntimeError | undefined> {
    const { promise, resolve } = Promise.withResolvers<RuntimeError | undefined>();
    const timer = setTimeout(() => {
      resolve({
        errorType: "Sandbox.Timedout",
        errorMessage: `Init did not finish within ${MAX_INIT_MS / 1000} seconds`,
      });
      this.kill();
    }, MAX_INIT_MS);
    this.#process.on("message", (message) => {
      if (!isSandboxMessage(message)) return;
      if (message.kind === "ready") resolve(undefined);
      if (message.kind === "init-error") resolve(message.error);
    });
    this.#exited.then((reason) =>
      resolve({ errorType: "Runtime.ExitError", errorMessage: `Error: Runtime exited ${reason}` }),
    );
    const error = await promise;
    clearTimeout(timer);
    if (error !== undefined) this.kill();
    return error;
  }

  /** --max-old-space-size bounds only what V8 holds; pictures live outside of it. */
  async #checkMemory(): Promise<void> {
    const { pid } = this.#process;
    const residentMb = pid === undefined ? undefined : await residentMemoryMb(pid);
    if (residentMb === undefined) return;
    this.#peakMb = Math.max(this.#peakMb, residentMb);
    if (residentMb > this.#memoryMb) this.kill();
  }

  #onMessage(message: unknown): void {
    if (!isSandboxMessage(message)) return;
    if (message.kind !== "response" && message.kind !== "error") return;
    // The answer of an invocation that was given up already.
    if (message.requestId !== this.#currentRequestId) return;
    const maxMemoryMb = Math.ceil(message.maxMemoryKb / 1024);
    this.#settle?.(
      message.kind === "response"
        ? { ok: true, payload: message.payload, maxMemoryMb }
        : { ok: false, error: message.error, maxMemoryMb },
    );
    this.#settle = undefined;
  }

  #onExit(reason: string): void {
    this.#alive = false;
    this.#finish({ errorType: "Runtime.ExitError", errorMessage: `Error: Runtime exited ${reason}` });
  }

  #finish(error: RuntimeError): void {
    const errorMessage = `RequestId: ${this.#currentRequestId} ${error.errorMessage}`;
    this.#settle?.({ ok: false, error: { ...error, errorMessage }, maxMemoryMb: this.#peakMb });
    this.#settle = undefined;
  }
}

/** In the words of Lambda. */
function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null)
    return `with error: signal: ${signal === "SIGKILL" ? "killed" : signal === "SIGABRT" ? "aborted" : signal}`;
  return code === 0 ? "without providing a reason" : `with error: exit status ${code}`;
}
