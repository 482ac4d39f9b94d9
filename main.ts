import { App } from "cdktf";
import { InvalidEnvironment, loadProject } from "./environments";
import type { Environment } from "./environments/environment";
import { bootstrapStackId, stackId } from "./environments/names";
import type { Artifact } from "./packaging/artifact";
import { buildFunction } from "./packaging/function-bundle";
import { buildSharpLayer } from "./packaging/sharp-layer";
import { BootstrapStack } from "./stacks/bootstrap-stack";
import { ImagePipelineStack } from "./stacks/image-pipeline-stack";

async function main(): Promise<void> {
  const { environments, bootstrap } = loadProject();
  const functionBundle = await buildFunction("resize-image");
  const statusBundle = await buildFunction("execution-status");
  const sharpLayers = new Map<Environment["architecture"], Artifact>();
  for (const { architecture } of environments) {
    if (!sharpLayers.has(architecture)) sharpLayers.set(architecture, await buildLayerFor(architecture));
  }

  const app = new App();
  for (const environment of environments) {
    const sharpLayer = sharpLayers.get(environment.architecture);
    if (!sharpLayer) throw new Error(`expected a sharp layer for ${environment.architecture} but none was built`);
    new ImagePipelineStack(app, stackId(environment.name), { environment, functionBundle, statusBundle, sharpLayer });
  }
  for (const account of bootstrap.accounts) {
    new BootstrapStack(app, bootstrapStackId(account.name), {
      ...bootstrap,
      account,
      environments: environments.filter(({ accountId }) => accountId === account.accountId),
    });
  }
  app.synth();
}

function buildLayerFor(architecture: Environment["architecture"]): Promise<Artifact> {
  return buildSharpLayer({ platform: "linux", arch: architecture === "arm64" ? "arm64" : "x64" });
}

main().catch((error: unknown) => {
  // What a person can mend is said in a line; anything else is a defect and keeps its stack trace.
  console.error(error instanceof InvalidEnvironment ? error.message : error);
  process.exitCode = 1;
});
