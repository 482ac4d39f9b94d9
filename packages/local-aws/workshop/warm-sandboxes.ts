import type { Authorizer } from "../iam/authorizer";
import type { CredentialStore } from "../iam/credentials";
import type { FunctionCode } from "../lambda/function-code";
import { Sandbox } from "../lambda/sandbox";
import { sandboxEnvironment } from "../lambda/sandbox-environment";
import type { FunctionResource } from "../stack/stack-model";

/** Each time a function is loaded again, what it had before leaves about a megabyte behind. */
const MAX_LOADS = 100;

export interface WarmSandboxesOptions {
  readonly resource: FunctionResource;
  readonly code: FunctionCode;
  readonly region: string;
  readonly authorizer: Authorizer;
  readonly credentials: CredentialStore;
}

/** A sandbox of the function, and the presets that are loaded in it, as JSON. */
export interface WarmSandbox {
  readonly sandbox: Sandbox;
  presets: string;
  loads: number;
}

/** The sandbox in which trials are made, and one that waits to take its place. */
export class WarmSandboxes {
  #current: WarmSandbox | undefined;
  /** Takes the place of one that had to be killed over a picture that nobody waits for any more. */
  #spare: WarmSandbox | undefined;

  constructor(private readonly options: WarmSandboxesOptions) {}

  /** The one for the next trial; its S3 is at `awsUrl`. */
  take(awsUrl: string): WarmSandbox {
    const current = this.#current;
    if (current?.sandbox.alive && current.loads < MAX_LOADS) return current;
    current?.sandbox.kill();
    const next = this.#spare?.sandbox.alive ? this.#spare : this.#start(awsUrl);
    this.#spare = undefined;
    this.#current = next;
    return next;
  }

  /** Starts one that waits, if there is none. */
  prepare(awsUrl: string): void {
    this.#spare ??= this.#start(awsUrl);
  }

  /** Ends both; the next trial starts new ones. */
  async end(): Promise<void> {
    const sandboxes = [this.#current, this.#spare].flatMap((warm) => warm?.sandbox ?? []);
    this.#current = undefined;
    this.#spare = undefined;
    for (const sandbox of sandboxes) sandbox.kill();
    await Promise.all(sandboxes.map((sandbox) => sandbox.gone()));
  }

  #start(awsUrl: string): WarmSandbox {
    const { resource, code, region, authorizer, credentials } = this.options;
    authorizer.assumeRole(resource.role, "lambda.amazonaws.com");
    const keys = credentials.assumeRole(resource.role, resource.name);
    const sandbox = new Sandbox({
      environment: sandboxEnvironment(resource, code, keys, { region, awsUrl }),
      code,
      memoryMb: resource.memoryMb,
      // Its log lines are those of a trial and would be looked for among those of executions.
      onOutput: () => {},
    });
    sandbox.gone().then(() => credentials.revoke(keys));
    return { sandbox, presets: resource.environment.RENDITIONS ?? "", loads: 0 };
  }
}
