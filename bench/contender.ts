import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
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
  run(file: string, renditions: readonly RenditionPreset[]): Promise<Measurement> {
    return this.ask(file, { renditions });
  }

  /** The rendition itself. @throws Error when the program ends instead of answering */
  async render(file: string, rendition: RenditionPreset): Promise<Buffer> {
    const answer: { readonly outputs: readonly string[] } = await this.ask(file, {
      renditions: [rendition],
      outputs: true,
    });
    return Buffer.from(answer.outputs[0] ?? "", "base64");
  }

  private async ask<Answer>(file: string, work: object): Promise<Answer> {
    this.child.stdin?.write(`${JSON.stringify({ file, ...work })}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`Expected an answer about ${file} but the program ended`);
    return JSON.parse(value);
  }

  stop(): void {
    this.lines.close();
    this.child.stdin?.end();
  }
}

const typescript = (file: string) => () => {
  return new Contender(process.execPath, ["--require", require.resolve("tsx/cjs"), join(__dirname, file)]);
};

/** Those who are compared; each call starts a process. */
export const contenders = {
  ours: typescript("ours.ts"),
  plain: typescript("plain.ts"),
  apart: typescript("apart.ts"),
  pillow: () => new Contender("python3", [join(__dirname, "pillow.py")]),
};

/** Whether python3 is there and has Pillow. */
export function hasPillow(): boolean {
  return spawnSync("python3", ["-c", "import PIL.ImageCms"]).status === 0;
}
