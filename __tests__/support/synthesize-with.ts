/**
 * Synthesizes dev with other values of some fields, as main.ts does with those that stand in environments/.
 * Usage: tsx synthesize-with.ts <folder> <fields as JSON>; CDKTF_OUTDIR is not asked.
 */
import { App } from "cdktf";
import { loadProject } from "../../environments";
import { bootstrap } from "../../environments/accounts";
import { dev } from "../../environments/dev";
import { bootstrapStackId, stackId } from "../../environments/names";
import { buildFunction } from "../../packaging/function-bundle";
import { buildSharpLayer } from "../../packaging/sharp-layer";
import { BootstrapStack } from "../../stacks/bootstrap-stack";
import { ImagePipelineStack } from "../../stacks/image-pipeline-stack";

async function main(folder = "", fields = "{}"): Promise<void> {
  const project = loadProject({ environments: [{ ...dev, ...JSON.parse(fields) }], bootstrap });
  const app = new App({ outdir: folder });
  for (const environment of project.environments) {
    new ImagePipelineStack(app, stackId(environment.name), {
      environment,
      functionBundle: await buildFunction("resize-image"),
      statusBundle: await buildFunction("execution-status"),
      sharpLayer: await buildSharpLayer({ platform: "linux", arch: "arm64" }),
    });
  }
  for (const account of bootstrap.accounts) {
    const environments = project.environments.filter(({ accountId }) => accountId === account.accountId);
    if (environments.length > 0) {
      new BootstrapStack(app, bootstrapStackId(account.name), { ...bootstrap, account, environments });
    }
  }
  app.synth();
}

main(process.argv[2], process.argv[3]).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
