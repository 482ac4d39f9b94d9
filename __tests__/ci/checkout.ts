import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const STACK = "image-pipeline-dev";

/** How a command of ci ended. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own with one synthesized stack that needs no provider, in which commands of ci run. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), "checkout "));

  constructor() {
    mkdirSync(join(this.folder, "cdktf.out/stacks", STACK), { recursive: true });
  }

  /** Synthesizes a stack whose one resource and output hold a word; the resource may say more. */
  say(word: string, more: object = {}): void {
    this.synthesize({
      terraform: { backend: { local: { path: join(this.folder, "terraform.tfstate") } } },
      resource: { terraform_data: { word: { input: word, ...more } } },
      output: { word: { value: `\${terraform_data.word.input}` }, hidden: { value: "x", sensitive: true } },
    });
  }

  /** Writes the stack as `cdktf synth` would. */
  synthesize(json: object): void {
    writeFileSync(join(this.folder, "cdktf.out/stacks", STACK, "cdk.tf.json"), JSON.stringify(json));
  }

  /** Runs `npx tsx ci/<name>.ts` here. */
  run(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
    return spawnSync(
      process.execPath,
      ["--require", require.resolve("tsx/cjs"), join(ROOT, `ci/${name}.ts`), ...args],
      { cwd: this.folder, encoding: "utf8", env: { PATH: process.env.PATH, TMPDIR: this.folder, ...env } },
    );
  }

  /** Runs Terraform in the folder of the stack. */
  terraform(...args: readonly string[]): string {
    const cwd = join(this.folder, "cdktf.out/stacks", STACK);
    return execFileSync("terraform", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  }

  /** What a file holds, empty where there is none. */
  read(file: string): string {
    const path = join(this.folder, file);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /** Moves a file within the folder. */
  move(from: string, to: string): void {
    renameSync(join(this.folder, from), join(this.folder, to));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
