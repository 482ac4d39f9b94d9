import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Environment } from "../../../environments/environment";
import type { AwsAccount } from "./aws-account";
import { writeOfflineOverride } from "./offline-provider";
import type { Plan } from "./plan";
import { type Ended, run, succeed } from "./run";

const PROJECT_FOLDER = resolve(__dirname, "../../..");
const AUTHOR = ["-c", "user.name=test", "-c", "user.email=test@example.com"];

/** Environment variables for one command, over those of `terraformEnvironment`. */
export type Variables = Readonly<Record<string, string>>;

/** A copy of this project in a folder of its own, where a test edits what a person would edit and runs the CDKTF CLI. */
export class Checkout {
  private constructor(readonly folder: string) {}

  /** The project as it stands, without anything that was built. */
  static async ofProject(): Promise<Checkout> {
    const checkout = new Checkout(mkdtempSync(join(tmpdir(), "checkout-")));
    const files = await succeed("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
      cwd: PROJECT_FOLDER,
    });
    for (const file of files.split("\0")) {
      const source = join(PROJECT_FOLDER, file);
      // A file that git knows may just have been removed.
      if (file !== "" && existsSync(source)) cpSync(source, join(checkout.folder, file));
    }
    await checkout.git("init", "--quiet");
    checkout.linkPackages();
    return checkout;
  }

  /** A clean clone in another folder: what is committed there, edits included, and nothing that was built. */
  async clone(): Promise<Checkout> {
    await this.git("add", "--all", ":!node_modules");
    await this.git(...AUTHOR, "commit", "--quiet", "--message", "as it stands");
    const clone = new Checkout(mkdtempSync(join(tmpdir(), "clone-")));
    await clone.git("clone", "--quiet", this.folder, ".");
    clone.linkPackages();
    return clone;
  }

  /** Replaces text that is there exactly once. */
  edit(file: string, from: string, to: string): void {
    const path = join(this.folder, file);
    const parts = readFileSync(path, "utf8").split(from);
    if (parts.length !== 2)
      throw new Error(`expected "${from}" once in ${file} but found it ${parts.length - 1} times`);
    writeFileSync(path, parts.join(to));
  }

  /** Gives an environment of the project other data. */
  setEnvironment(environment: Environment): void {
    const { name } = environment;
    const data = JSON.stringify(environment, undefined, 2);
    writeFileSync(
      join(this.folder, `environments/${name}.ts`),
      `import type { Environment } from "./environment";\n\nexport const ${name}: Environment = ${data};\n`,
    );
  }

  /** `cdktf synth`, with the provider of this machine where the pinned one cannot be had. */
  async synth(): Promise<void> {
    report(`cdktf synth in ${this.folder}`);
    await succeed("npx", ["cdktf", "synth"], { cwd: this.folder, env: terraformEnvironment({}) });
    const stacks = Object.keys(JSON.parse(readFileSync(join(this.folder, "cdktf.out/manifest.json"), "utf8")).stacks);
    for (const stack of stacks) writeOfflineOverride(this.stackFolder(stack));
  }

  /** `cdktf deploy`, after `synth`, which must succeed. */
  async deploy(
    account: AwsAccount,
    stacks: readonly string[],
    flags: readonly string[] = [],
    variables: Variables = {},
  ): Promise<void> {
    const { status, output } = await this.tryToDeploy(account, stacks, flags, variables);
    if (status !== 0) throw new Error(`expected cdktf deploy to succeed but it ended with ${status}:\n${output}`);
  }

  /** The same where it may fail. */
  tryToDeploy(
    account: AwsAccount,
    stacks: readonly string[],
    flags: readonly string[] = [],
    variables: Variables = {},
  ): Promise<Ended> {
    return this.cdktf(account, ["deploy", ...stacks, "--auto-approve", ...flags], variables);
  }

  /** `cdktf destroy`, after `synth`. */
  destroy(account: AwsAccount, stack: string, variables: Variables = {}): Promise<Ended> {
    return this.cdktf(account, ["destroy", stack, "--auto-approve"], variables);
  }

  /** `cdktf diff`, after `synth`: the plan it saved. */
  async diff(account: AwsAccount, stack: string, variables: Variables = {}): Promise<Plan> {
    const { status, output } = await this.cdktf(account, ["diff", stack], variables);
    if (status !== 0)
      throw new Error(`expected cdktf diff ${stack} to succeed but it ended with ${status}:\n${output}`);
    const env = terraformEnvironment({ AWS_ENDPOINT_URL: account.endpoint, ...variables });
    return JSON.parse(await succeed("terraform", ["show", "-json", "plan"], { cwd: this.stackFolder(stack), env }));
  }

  /** The synthesized Terraform JSON of a stack. */
  synthesized(stack: string) {
    return JSON.parse(readFileSync(join(this.stackFolder(stack), "cdk.tf.json"), "utf8"));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private cdktf(account: AwsAccount, args: readonly string[], variables: Variables): Promise<Ended> {
    report(`cdktf ${args.join(" ")} (account ${account.accountId})`);
    return run("npx", ["cdktf", ...args, "--skip-synth", "--skip-provider-lock", "--no-color"], {
      cwd: this.folder,
      env: terraformEnvironment({ AWS_ENDPOINT_URL: account.endpoint, ...variables }),
    });
  }

  private stackFolder(stack: string): string {
    return join(this.folder, "cdktf.out/stacks", stack);
  }

  private linkPackages(): void {
    symlinkSync(join(PROJECT_FOLDER, "node_modules"), join(this.folder, "node_modules"));
  }

  private async git(...args: readonly string[]): Promise<void> {
    await succeed("git", args, { cwd: this.folder });
  }
}

/** Jest is silent until a file has ended, which takes minutes. */
function report(step: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${step}\n`);
}

/** The environment of a person who knows nothing but Moto: no credentials and no profile of this machine get in. */
function terraformEnvironment(variables: Variables): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|TF_VAR_|TF_CLI_ARGS|npm_)/.test(name));
  return {
    ...Object.fromEntries(inherited),
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    CHECKPOINT_DISABLE: "1",
    CI: "1",
    // Terraform and the provider are gone before they would need the memory back; a third less processor time.
    GOGC: "400",
    ...variables,
  };
}
