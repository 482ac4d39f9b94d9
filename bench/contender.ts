import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import type { RenditionPreset } from "../handlers/resize-image/config";

/** What a contender says of one piece of work. */
export interface Measurement {
  /** Of the whole process, all threads, user and system. */
  readonly cpuMilliseconds: number;
  /** The most the process has held since it started. */
  readonly peakBytes: number;
}

/** A program that renders pictures in a process of its own: one line of JSON in, one line of JSON out. */
export class Contender {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private readonly lines: Interface;

  constructor(command: string, parameters: readonly string[]) {
    this.child = spawn(command, parameters, { stdio: ["pipe", "pipe", "inherit"] });
    if (!this.child.stdout) throw new Error(`Expected ${command} to have an output`);
    this.lines = createInterface({ input: this.child.stdout });
    this.answers = this.lines[Symbol.asyncIterator]();
  }

  /** @throws Error when the program ends instead of answering */
  async run(file: string, renditions: readonly RenditionPreset[]): Promise<Measurement> {
    this.child.stdin?.write(`${JSON.stringify({ file, renditions })}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`Expected an answer about ${file} but the program ended`);
    return JSON.parse(value);
  }

  stop(): void {
    this.lines.close();
    this.child.stdin?.end();
  }
}
