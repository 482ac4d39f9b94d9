import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack, Testing } from "cdktf";
import type { Account } from "../../environments/bootstrap";
import type { Environment } from "../../environments/environment";
import { BootstrapStack } from "../../stacks/bootstrap-stack";
import { ImagePipelineStack } from "../../stacks/image-pipeline-stack";
import { aBootstrap, anAccount } from "./a-bootstrap";
import { anEnvironment } from "./an-environment";

/** Terraform JSON of a stack, as far as tests look into it. */
export interface Terraform {
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly data?: Record<string, Record<string, Record<string, unknown>>>;
  readonly output: Record<string, { readonly value: string }>;
  readonly provider: Record<string, Record<string, unknown>[]>;
  readonly terraform: Record<string, unknown>;
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
}

/** Hands a stack of a throw-away App to `use` and removes the App's folder afterwards. */
export function withApp<Result>(use: (app: App) => Result): Result {
  const outdir = mkdtempSync(join(tmpdir(), "synthesized-"));
  // CDKTF takes a stack trace for each of its tokens, and Jest maps each line of it back to TypeScript: a third of the time.
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (error) => `${error}`;
  try {
    return use(new App({ outdir }));
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    rmSync(outdir, { recursive: true });
  }
}

/** The Terraform JSON of a stack, before any policy looked at it. */
export function terraformOf(stack: TerraformStack): Terraform {
  stack.prepareStack();
  return JSON.parse(Testing.synth(stack));
}

/** An image pipeline with a fixture for each zip. */
export function pipelineStack(app: App, environment: Environment, id = "pipeline"): ImagePipelineStack {
  const zip = { path: join(__dirname, "../fixtures/empty.zip"), sha256Base64: "c2hhMjU2" };
  return new ImagePipelineStack(app, id, { environment, functionBundle: zip, statusBundle: zip, sharpLayer: zip });
}

/** What an account is prepared with for the environments in it. */
export function bootstrapStack(
  app: App,
  environments: readonly Environment[],
  account: Account = anAccount(),
  id = "bootstrap",
): BootstrapStack {
  const { repository, branch } = aBootstrap();
  return new BootstrapStack(app, id, { account, repository, branch, environments });
}

/** The Terraform JSON of the pipeline of an environment. */
export function synthesized(fields: Partial<Environment> = {}): Terraform {
  return withApp((app) => terraformOf(pipelineStack(app, anEnvironment(fields))));
}

/** The only resource of a type whose attributes `matches`; anything but exactly one is an error that says so. */
export function only(
  terraform: Terraform,
  type: string,
  matches: (attributes: Record<string, unknown>) => boolean = () => true,
): Record<string, unknown> {
  const found = Object.values(terraform.resource[type] ?? {}).filter(matches);
  const [first] = found;
  if (!first || found.length > 1) throw new Error(`expected one ${type} but found ${found.length}`);
  return first;
}
