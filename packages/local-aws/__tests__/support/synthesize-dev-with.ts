// Synthesizes dev with some of its fields otherwise, and with its account's bootstrap stack, to CDKTF_OUTDIR.
// Takes the fields as JSON.
import { App } from "cdktf";
import { loadProject } from "../../../../environments";
import { bootstrap as accounts } from "../../../../environments/accounts";
import { dev } from "../../../../environments/dev";
import { buildFunction } from "../../../../packaging/function-bundle";
import { buildSharpLayer } from "../../../../packaging/sharp-layer";
import { BootstrapStack } from "../../../../stacks/bootstrap-stack";
import { ImagePipelineStack } from "../../../../stacks/image-pipeline-stack";

async function main(fields: object): Promise<void> {
  const { environments, bootstrap } = loadProject({
    environments: [{ ...dev, ...fields }],
    bootstrap: accounts,
  });
  const functionBundle = await buildFunction("resize-image");
  const statusBundle = await buildFunction("execution-status");
  const sharpLayer = await buildSharpLayer({ platform: "linux", arch: "arm64" });
  const app = new App();
  for (const environment of environments)
    new ImagePipelineStack(app, "image-pipeline-dev", { environment, functionBundle, statusBundle, sharpLayer });
  for (const account of bootstrap.accounts.filter(({ name }) => name === "dev"))
    new BootstrapStack(app, "bootstrap-dev", { ...bootstrap, account, environments });
  app.synth();
}

main(JSON.parse(process.argv[2] ?? "{}")).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
