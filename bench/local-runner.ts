import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { stackId } from "../environments/names";

const PROJECT = join(__dirname, "..");
export const STARTING = "runner  starting";
export const READY = "ready; Ctrl-C stops";

/** The runner, with its log as something to wait for. */
export class Runner {
  readonly #process: ChildProcess;
  readonly #events = new Map<string, PromiseWithResolvers<void>>();
  readonly #functionMs: number[] = [];
  #storedAt = 0;
  #consoleUrl = "";
  #outputs: Readonly<Record<string, string>> | undefined;

  constructor(
    stack: string,
    private readonly folder: string,
  ) {
    const tsx = ["--require", require.resolve("tsx/cjs")];
    const args = [
      "--stack",
      stack,
      "--out",
      folder,
      "--port",
      "0",
      "--aws-port",
      "0",
      "--console-port",
      "0",
      "--verbose",
    ];
    this.#process = spawn(process.execPath, [...tsx, join(PROJECT, "packages", "local-aws", "main.ts"), ...args], {
      cwd: PROJECT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (this.#process.stdout) createInterface({ input: this.#process.stdout }).on("line", (line) => this.#hear(line));
  }

  /** Settles when the log has said that an execution ended, or one of the runner's own words. */
  heard(event: string): Promise<void> {
    return this.#event(event).promise;
  }

  /** Durations the function itself reported. */
  get functionMs(): readonly number[] {
    return this.#functionMs;
  }

  /** When the log last said that a rendition was written, in performance.now(). */
  get storedAt(): number {
    return this.#storedAt;
  }

  get consoleUrl(): string {
    return this.#consoleUrl;
  }

  output(name: string): string {
    this.#outputs ??= JSON.parse(readFileSync(join(this.folder, "outputs.json"), "utf8"))[stackId("dev")];
    return this.#outputs?.[name] ?? "";
  }

  variable(name: string): string {
    return new RegExp(`^${name}=(.*)$`, "m").exec(readFileSync(join(this.folder, "aws.env"), "utf8"))?.[1] ?? "";
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

  /** Megabytes of the runner, and of its largest sandbox. */
  memoryMb(): readonly [number, number] {
    return [residentMb(this.#process.pid ?? 0), Math.max(0, ...this.#sandboxes().map(residentMb))];
  }

  async killSandboxes(): Promise<void> {
    for (const pid of this.#sandboxes()) process.kill(pid, "SIGKILL");
    while (this.#sandboxes().length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGINT");
    await gone;
  }

  #sandboxes(): readonly number[] {
    const { pid } = this.#process;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  }

  #hear(line: string): void {
    if (/ s3 {6}PutObject 200 \S+\/thumb-/.test(line)) this.#storedAt = performance.now();
    const duration = / REPORT .* Duration: ([\d.]+) ms/.exec(line)?.[1];
    if (duration !== undefined) this.#functionMs.push(Number(duration));
    const ended = / states {2}(\S+) {2}(SUCCEEDED|FAILED)/.exec(line)?.[1];
    if (ended !== undefined) this.#event(ended).resolve();
    this.#consoleUrl = / runner {2}console +(\S+)/.exec(line)?.[1] ?? this.#consoleUrl;
    for (const words of [STARTING, READY]) if (line.includes(words)) this.#event(words).resolve();
  }

  /** The log may be faster than who waits for it. */
  #event(name: string): PromiseWithResolvers<void> {
    const event = this.#events.get(name) ?? Promise.withResolvers<void>();
    this.#events.set(name, event);
    return event;
  }
}

function residentMb(pid: number): number {
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024);
}
